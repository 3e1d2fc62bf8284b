//! `files.rs` for JavaScript: each call is one task on a thread of libuv's pool.

use std::io;

use napi::bindgen_prelude::{AsyncTask, BufferSlice, Either, Uint8Array};
use napi::{Env, Error, Result, ScopedTask};
use napi_derive::napi;

use crate::addon::{NativeKey, fill_random, refused};
use crate::aes::IV_LENGTH;
use crate::bytes::{Bytes, argument};
use crate::files::{open_file, read_whole, seal_file};
use crate::floe::{FLOE_IV_LENGTH, Parameters, Sealer};
use crate::memory::Secret;

/// A failure of the system is an answer with its number: only JavaScript knows the code's name.
fn number_of(error: &io::Error) -> Result<i32> {
    error.raw_os_error().ok_or_else(|| Error::from_reason(error.to_string()))
}

pub struct ReadTask {
    path: String,
    out: Uint8Array,
}

impl<'task> ScopedTask<'task> for ReadTask {
    type Output = i32;
    type JsValue = i32;

    fn compute(&mut self) -> Result<i32> {
        // SAFETY: the caller gives the memory away until the answer comes.
        let out = unsafe { self.out.as_mut() };
        match read_whole(&self.path, out) {
            Ok(fits) => Ok(if fits { 0 } else { -1 }),
            Err(error) => number_of(&error),
        }
    }

    fn resolve(&mut self, _env: &'task Env, output: i32) -> Result<i32> {
        Ok(output)
    }
}

/// Fills `out` with the file's bytes. Answers 0; -1 when the file has another length; or the system's error number. Nobody
/// may touch `out` before the answer.
#[napi]
pub fn read_file(path: String, out: Uint8Array) -> AsyncTask<ReadTask> {
    AsyncTask::new(ReadTask { path, out })
}

pub struct SealTask {
    path: String,
    preamble: Vec<u8>,
    sealer: Sealer,
    plaintext: Uint8Array,
}

impl SealTask {
    fn ivs(&self) -> Result<Vec<u8>> {
        let mut ivs = vec![0; IV_LENGTH * self.sealer.segments(self.plaintext.len(), true)];
        fill_random(&mut ivs)?;
        Ok(ivs)
    }
}

impl<'task> ScopedTask<'task> for SealTask {
    type Output = std::result::Result<[u8; 32], i32>;
    type JsValue = Either<BufferSlice<'task>, i32>;

    fn compute(&mut self) -> Result<Self::Output> {
        let ivs = self.ivs()?;
        match seal_file(&self.path, &self.preamble, &mut self.sealer, &ivs, &self.plaintext) {
            Ok(hash) => Ok(Ok(hash)),
            Err(error) => number_of(&error).map(Err),
        }
    }

    fn resolve(&mut self, env: &'task Env, output: Self::Output) -> Result<Self::JsValue> {
        match output {
            Ok(hash) => Ok(Either::A(BufferSlice::copy_from(env, hash)?)),
            Err(number) => Ok(Either::B(number)),
        }
    }
}

pub struct OpenTask {
    path: String,
    preamble: Vec<u8>,
    key: Secret<32>,
    aad: Vec<u8>,
    parameters: Parameters,
    offset: usize,
    out: Uint8Array,
}

impl<'task> ScopedTask<'task> for OpenTask {
    type Output = bool;
    type JsValue = bool;

    fn compute(&mut self) -> Result<bool> {
        let Self { path, preamble, key, aad, parameters, offset, out } = self;
        // SAFETY: the caller gives the memory away until the answer comes.
        let out = unsafe { out.as_mut() };
        Ok(open_file(path, preamble, key, aad, *parameters, *offset, out))
    }

    fn resolve(&mut self, _env: &'task Env, output: bool) -> Result<bool> {
        Ok(output)
    }
}

#[napi]
impl NativeKey {
    /// Opens an object's file whole under this key and fills `out` with its plaintext from `offset` on. False, and `out` is
    /// wiped: it can't be given out. Nobody may touch `out` before the answer.
    #[napi]
    #[allow(clippy::too_many_arguments)]
    pub fn open_file(
        &self,
        aad: Bytes,
        segment_length: u32,
        rotation_mask: u32,
        preamble: Bytes,
        path: String,
        offset: u32,
        out: Uint8Array,
    ) -> Result<AsyncTask<OpenTask>> {
        let parameters = Parameters::new(segment_length, rotation_mask).map_err(|fault| refused(&fault))?;
        let offset = usize::try_from(offset).map_err(|_| argument("not an offset"))?;
        Ok(AsyncTask::new(OpenTask {
            path,
            preamble: preamble.read().to_vec(),
            key: Secret::copy_of(self.secret()?),
            aad: aad.read().to_vec(),
            parameters,
            offset,
            out,
        }))
    }

    /// Seals `plaintext` under this key into a new file and flushes it. Answers the plaintext's SHA-256, or the system's
    /// error number. Nobody may change `plaintext` before the answer.
    #[napi]
    pub fn seal_file(
        &self,
        aad: Bytes,
        segment_length: u32,
        rotation_mask: u32,
        preamble: Bytes,
        plaintext: Uint8Array,
        path: String,
    ) -> Result<AsyncTask<SealTask>> {
        let parameters = Parameters::new(segment_length, rotation_mask).map_err(|fault| refused(&fault))?;
        let mut iv = [0; FLOE_IV_LENGTH];
        fill_random(&mut iv)?;
        let sealer = Sealer::new(self.secret()?, aad.read(), parameters, &iv);
        Ok(AsyncTask::new(SealTask { path, preamble: preamble.read().to_vec(), sealer, plaintext }))
    }
}
