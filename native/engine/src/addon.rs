//! What JavaScript sees; `native/engine/index.ts` has the types. Every call checks its arguments: wrong ones throw, they
//! never panic.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use napi::bindgen_prelude::{AsyncTask, BufferSlice};
use napi::{Env, Error, Result, ScopedTask};
use napi_derive::napi;
use zeroize::Zeroizing;

use crate::aes::{AesKey, IV_LENGTH, TAG_LENGTH};
use crate::bytes::{Bytes, Output, argument};
use crate::floe::{FLOE_IV_LENGTH, Fault, HEADER_LENGTH, Opener, Parameters, Run, Sealer};
use crate::kdf::{self, Argon2Request, HKDF_LIMIT, WRAP_NONCE_LENGTH, WRAPPED_LENGTH};
use crate::memory::{Secret, locked_everything};
use crate::{harden, memory};

/// Counts up with every change that the loader must know of.
#[napi]
pub const INTERFACE: u32 = 3;

fn closed() -> Error {
    argument("closed")
}

pub(crate) fn refused(fault: &Fault) -> Error {
    match fault {
        Fault::Argument(reason) => argument(reason),
        Fault::WrongKey => argument("wrong key"),
        Fault::Altered(position) => argument(&format!("segment {position} is altered")),
    }
}

pub(crate) fn fill_random(out: &mut [u8]) -> Result<()> {
    aws_lc_rs::rand::fill(out).map_err(|_| Error::from_reason("the system gives no random bytes"))
}

fn position_from(value: f64) -> Result<u64> {
    // 2^53 is beyond every position, so that the conversion is exact.
    if value.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&value) {
        return Ok(value as u64);
    }
    Err(argument("not a position"))
}

/// Fills `out` from AWS-LC's generator, which the system seeds.
#[napi]
pub fn random_fill(mut out: Output) -> Result<()> {
    fill_random(out.write(&[])?)
}

/// HKDF-Expand-SHA-384 of a key that JavaScript holds.
#[napi]
pub fn hkdf_expand(prk: Bytes, info: Bytes, mut out: Output) -> Result<()> {
    if out.length() > HKDF_LIMIT {
        return Err(argument("HKDF-Expand gives at most 12240 bytes"));
    }
    kdf::hkdf_expand(prk.read(), info.read(), out.write(&[&prk, &info])?);
    Ok(())
}

/// AES-256-GCM of one message: ciphertext, then tag, into `out`.
#[napi]
pub fn aes_seal(key: Bytes, iv: Bytes, aad: Bytes, plaintext: Bytes, mut out: Output) -> Result<()> {
    let out = out.write(&[&key, &iv, &aad, &plaintext])?;
    let plaintext = plaintext.read();
    let (ciphertext, tag) = out.split_last_chunk_mut().ok_or_else(|| argument("no room for the tag"))?;
    if ciphertext.len() != plaintext.len() {
        return Err(argument("the output is 16 bytes longer than the input"));
    }
    AesKey::new(key.array("an AES key has 32 bytes")?).seal(
        iv.array::<IV_LENGTH>("an IV has 12 bytes")?,
        aad.read(),
        plaintext,
        ciphertext,
        tag,
    );
    Ok(())
}

/// Opens what `aesSeal` wrote. False, and `out` is wiped, when the tag doesn't fit.
#[napi]
pub fn aes_open(key: Bytes, iv: Bytes, aad: Bytes, ciphertext: Bytes, tag: Bytes, mut out: Output) -> Result<bool> {
    if out.length() != ciphertext.read().len() {
        return Err(argument("input and output have the same length"));
    }
    Ok(AesKey::new(key.array("an AES key has 32 bytes")?).open(
        iv.array::<IV_LENGTH>("an IV has 12 bytes")?,
        aad.read(),
        ciphertext.read(),
        tag.array::<TAG_LENGTH>("a tag has 16 bytes")?,
        out.write(&[&key, &iv, &aad, &ciphertext, &tag])?,
    ))
}

/// A 32-byte key in locked memory. JavaScript never gets its bytes back, except wrapped.
#[napi]
pub struct NativeKey(Option<Secret<32>>);

impl NativeKey {
    pub(crate) fn secret(&self) -> Result<&Secret<32>> {
        self.0.as_ref().ok_or_else(closed)
    }
}

#[napi]
impl NativeKey {
    /// Takes a copy; the given bytes are the caller's to wipe.
    #[napi(factory)]
    pub fn from_bytes(bytes: Bytes) -> Result<Self> {
        Ok(Self(Some(Secret::copy_of(bytes.array("a key has 32 bytes")?))))
    }

    #[napi(factory)]
    pub fn generate() -> Result<Self> {
        let mut key = Secret::zeroed();
        fill_random(&mut key[..])?;
        Ok(Self(Some(key)))
    }

    /// HKDF-Expand-SHA-384, 32 bytes.
    #[napi]
    pub fn derive(&self, info: Bytes) -> Result<NativeKey> {
        let mut key: Secret<32> = Secret::zeroed();
        kdf::hkdf_expand(&self.secret()?[..], info.read(), &mut key[..]);
        Ok(Self(Some(key)))
    }

    /// Wraps `key` under this one by XChaCha20-Poly1305: 48 bytes into `out`.
    #[napi]
    pub fn wrap(&self, key: &NativeKey, nonce: Bytes, aad: Bytes, mut out: Output) -> Result<()> {
        if out.length() != WRAPPED_LENGTH {
            return Err(argument("a wrapped key has 48 bytes"));
        }
        let bytes = nonce.array::<WRAP_NONCE_LENGTH>("a nonce has 24 bytes")?;
        let wrapped = kdf::wrap_key(self.secret()?, bytes, aad.read(), key.secret()?);
        out.write(&[&nonce, &aad])?.copy_from_slice(&wrapped);
        Ok(())
    }

    /// Opens what `wrap` wrote; null when the tag doesn't fit.
    #[napi]
    pub fn unwrap(&self, nonce: Bytes, aad: Bytes, wrapped: Bytes) -> Result<Option<NativeKey>> {
        let nonce = nonce.array::<WRAP_NONCE_LENGTH>("a nonce has 24 bytes")?;
        let wrapped = wrapped.array::<WRAPPED_LENGTH>("a wrapped key has 48 bytes")?;
        let key = kdf::unwrap_key(self.secret()?, nonce, aad.read(), wrapped);
        Ok(key.map(|key| Self(Some(key))))
    }

    /// Wipes the key. Every later use throws; what was made with it before goes on.
    #[napi]
    pub fn close(&mut self) {
        self.0 = None;
    }
}

/// Random bytes for IVs, many at a time: the generator costs more for each call than for each byte.
struct IvPool {
    bytes: Vec<u8>,
    used: usize,
}

impl IvPool {
    const LENGTH: usize = 64 * IV_LENGTH;

    fn new() -> Self {
        Self { bytes: Vec::new(), used: 0 }
    }

    /// IVs that nobody got before.
    fn draw(&mut self, length: usize) -> Result<&[u8]> {
        if self.bytes.len() - self.used < length {
            self.bytes.resize(length.max(Self::LENGTH), 0);
            fill_random(&mut self.bytes)?;
            self.used = 0;
        }
        let start = self.used;
        self.used += length;
        Ok(&self.bytes[start..self.used])
    }
}

/// Seals one object in runs of segments.
#[napi]
pub struct NativeSealer(Option<(Sealer, IvPool)>);

#[napi]
impl NativeSealer {
    /// `iv` is the FLOE IV of a test vector; the product gives none, and the engine draws it.
    #[napi(factory)]
    pub fn create(
        key: &NativeKey,
        aad: Bytes,
        segment_length: u32,
        rotation_mask: u32,
        iv: Option<Bytes>,
    ) -> Result<Self> {
        let parameters = Parameters::new(segment_length, rotation_mask).map_err(|fault| refused(&fault))?;
        let iv = match &iv {
            Some(given) => *given.array("a FLOE IV has 32 bytes")?,
            None => {
                let mut drawn = [0; FLOE_IV_LENGTH];
                fill_random(&mut drawn)?;
                drawn
            }
        };
        Ok(Self(Some((Sealer::new(key.secret()?, aad.read(), parameters, &iv), IvPool::new()))))
    }

    /// Writes the 74 bytes before the first segment.
    #[napi]
    pub fn header(&self, mut out: Output) -> Result<()> {
        let (sealer, _) = self.0.as_ref().ok_or_else(closed)?;
        let out: &mut [u8; HEADER_LENGTH] =
            out.write(&[])?.try_into().map_err(|_| argument("a FLOE header has 74 bytes"))?;
        *out = *sealer.header();
        Ok(())
    }

    /// Seals the next run. `ivs` are those of a test vector; the product gives none, and the engine draws them.
    #[napi]
    pub fn seal(&mut self, plaintext: Bytes, is_final: bool, mut out: Output, ivs: Option<Bytes>) -> Result<()> {
        let (sealer, pool) = self.0.as_mut().ok_or_else(closed)?;
        let sealed = match &ivs {
            Some(given) => {
                let out = out.write(&[&plaintext, given])?;
                sealer.seal(plaintext.read(), is_final, given.read(), out)
            }
            None => {
                let drawn = pool.draw(IV_LENGTH * sealer.segments(plaintext.read().len(), is_final))?;
                sealer.seal(plaintext.read(), is_final, drawn, out.write(&[&plaintext])?)
            }
        };
        sealed.map_err(|fault| refused(&fault))
    }

    /// Wipes the keys.
    #[napi]
    pub fn close(&mut self) {
        self.0 = None;
    }
}

/// Opens runs of segments of one object, in any order.
#[napi]
pub struct NativeOpener(Option<Opener>);

#[napi]
impl NativeOpener {
    /// Null when the header tag doesn't fit key and associated data.
    #[napi]
    pub fn create(
        key: &NativeKey,
        aad: Bytes,
        header: Bytes,
        segment_length: u32,
        rotation_mask: u32,
    ) -> Result<Option<NativeOpener>> {
        let parameters = Parameters::new(segment_length, rotation_mask).map_err(|fault| refused(&fault))?;
        let header = header.array::<HEADER_LENGTH>("a FLOE header has 74 bytes")?;
        match Opener::new(key.secret()?, aad.read(), header, parameters) {
            Ok(opener) => Ok(Some(Self(Some(opener)))),
            Err(Fault::WrongKey) => Ok(None),
            Err(fault) => Err(refused(&fault)),
        }
    }

    /// Opens a run and fills `out` from the run's plaintext at `skip` on. Answers -1, or the position of the first segment
    /// that is not what was sealed there; `out` is wiped then.
    #[napi]
    pub fn open(&mut self, position: f64, is_final: bool, sealed: Bytes, skip: u32, mut out: Output) -> Result<f64> {
        let opener = self.0.as_mut().ok_or_else(closed)?;
        let run = Run { position: position_from(position)?, is_final, skip: skip as usize };
        match opener.open(run, sealed.read(), out.write(&[&sealed])?) {
            Ok(()) => Ok(-1.0),
            Err(Fault::Altered(at)) => Ok(at as f64),
            Err(fault) => Err(refused(&fault)),
        }
    }

    /// Wipes the keys.
    #[napi]
    pub fn close(&mut self) {
        self.0 = None;
    }
}

/// One Argon2id derivation on a thread of libuv's pool.
pub struct Argon2Task {
    password: Zeroizing<Vec<u8>>,
    salt: Vec<u8>,
    secret: Zeroizing<Vec<u8>>,
    associated_data: Vec<u8>,
    memory_kib: u32,
    iterations: u32,
    parallelism: u32,
    length: usize,
}

impl<'task> ScopedTask<'task> for Argon2Task {
    type Output = Zeroizing<Vec<u8>>;
    type JsValue = BufferSlice<'task>;

    fn compute(&mut self) -> Result<Self::Output> {
        let mut out = Zeroizing::new(vec![0; self.length]);
        let request = Argon2Request {
            password: &self.password,
            salt: &self.salt,
            secret: &self.secret,
            associated_data: &self.associated_data,
            memory_kib: self.memory_kib,
            iterations: self.iterations,
            parallelism: self.parallelism,
        };
        kdf::argon2id(&request, &mut out).map_err(Error::from_reason)?;
        Ok(out)
    }

    fn resolve(&mut self, env: &'task Env, output: Self::Output) -> Result<Self::JsValue> {
        BufferSlice::copy_from(env, &*output)
    }
}

/// Argon2id (RFC 9106, version 1.3). `secret` and `associatedData` may be empty.
#[napi(js_name = "argon2id")]
#[allow(clippy::too_many_arguments)]
pub fn argon2id(
    password: Bytes,
    salt: Bytes,
    memory_kib: u32,
    iterations: u32,
    parallelism: u32,
    length: u32,
    secret: Bytes,
    associated_data: Bytes,
) -> AsyncTask<Argon2Task> {
    AsyncTask::new(Argon2Task {
        password: Zeroizing::new(password.read().to_vec()),
        salt: salt.read().to_vec(),
        secret: Zeroizing::new(secret.read().to_vec()),
        associated_data: associated_data.read().to_vec(),
        memory_kib,
        iterations,
        parallelism,
        length: length as usize,
    })
}

/// What `hardenProcess` reached.
#[napi(object)]
pub struct Hardened {
    pub core_dumps_off: bool,
    pub debuggers_refused: bool,
    pub key_memory_locked: bool,
}

/// Turns core dumps and debuggers away, as far as the system allows, until the process ends.
#[napi]
pub fn harden_process() -> Hardened {
    let reached = harden::harden_process();
    // One page of key memory shows whether the system lets us lock any.
    drop(memory::Slot::new(1));
    Hardened {
        core_dumps_off: reached.core_dumps_off,
        debuggers_refused: reached.debuggers_refused,
        key_memory_locked: locked_everything(),
    }
}

/// The yardstick of the benchmark: `aws-lc-rs` over a buffer in place, in segments, with nothing around it.
#[napi]
pub fn bare_aes(mut buffer: Output, segment_length: u32) -> Result<()> {
    if segment_length == 0 {
        return Err(argument("segment length"));
    }
    let failed = |_| Error::from_reason("AES-256-GCM failed");
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).map_err(failed)?);
    for (n, segment) in buffer.write(&[])?.chunks_mut(segment_length as usize).enumerate() {
        let mut iv = [0; IV_LENGTH];
        iv[4..].copy_from_slice(&(n as u64).to_be_bytes());
        let nonce = Nonce::assume_unique_for_key(iv);
        let _tag = key.seal_in_place_separate_tag(nonce, Aad::empty(), segment).map_err(failed)?;
    }
    Ok(())
}
