//! Byte arguments. N-API gives addresses into JavaScript's memory, and two arguments may be views of the same buffer; Rust
//! allows no overlap of what it writes with anything else, so slices are only made after that was checked.

use std::ptr;

use napi::bindgen_prelude::{FromNapiValue, TypeName, ValidateNapiValue, ValueType};
use napi::{Error, Result, Status, sys};

pub fn argument(reason: &str) -> Error {
    Error::new(Status::InvalidArg, reason.to_owned())
}

/// A `Uint8Array` (or `Buffer`) for the time of one call. JavaScript doesn't run meanwhile, so nothing moves.
pub struct Bytes {
    start: *mut u8,
    length: usize,
}

impl Bytes {
    /// The bytes, for as long as the call lasts. Before an `Output` of the same call is written, it was held against this.
    pub fn read(&self) -> &[u8] {
        // SAFETY: N-API gave start and length of a live typed array; the borrow ends with the call, before JavaScript runs.
        unsafe { std::slice::from_raw_parts(self.start, self.length) }
    }

    pub fn array<const N: usize>(&self, reason: &str) -> Result<&[u8; N]> {
        self.read().try_into().map_err(|_| argument(reason))
    }

    fn overlaps(&self, other: &Bytes) -> bool {
        let (a, b) = (self.start as usize, other.start as usize);
        self.length > 0 && other.length > 0 && a < b + other.length && b < a + self.length
    }
}

/// A `Uint8Array` that a call fills.
pub struct Output(Bytes);

impl Output {
    pub fn length(&self) -> usize {
        self.0.length
    }

    /// The memory to fill. `inputs` are all other arguments of the call: an output that overlaps one is refused.
    pub fn write(&mut self, inputs: &[&Bytes]) -> Result<&mut [u8]> {
        if inputs.iter().any(|input| self.0.overlaps(input)) {
            return Err(argument("input and output share memory"));
        }
        // SAFETY: as in `read`; no other argument leads to this memory.
        Ok(unsafe { std::slice::from_raw_parts_mut(self.0.start, self.0.length) })
    }
}

impl TypeName for Output {
    fn type_name() -> &'static str {
        Bytes::type_name()
    }

    fn value_type() -> ValueType {
        Bytes::value_type()
    }
}

impl ValidateNapiValue for Output {
    unsafe fn validate(env: sys::napi_env, value: sys::napi_value) -> Result<sys::napi_value> {
        // SAFETY: the same environment and value.
        unsafe { Bytes::validate(env, value) }
    }
}

impl FromNapiValue for Output {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: the same environment and value.
        unsafe { Bytes::from_napi_value(env, value) }.map(Self)
    }
}

impl TypeName for Bytes {
    fn type_name() -> &'static str {
        "Uint8Array"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

impl ValidateNapiValue for Bytes {
    unsafe fn validate(_env: sys::napi_env, _value: sys::napi_value) -> Result<sys::napi_value> {
        Ok(ptr::null_mut())
    }
}

impl FromNapiValue for Bytes {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        let mut kind = -1;
        let mut length = 0;
        let mut data = ptr::null_mut();
        let mut buffer = ptr::null_mut();
        let mut offset = 0;
        let mut plain = false;
        // SAFETY: the caller gave a live environment and value; the others are places for the answers. What isn't a typed
        // array is answered by a status. Shared memory, which other threads could change meanwhile, is no ArrayBuffer.
        let known = unsafe {
            sys::napi_get_typedarray_info(
                env,
                value,
                &raw mut kind,
                &raw mut length,
                &raw mut data,
                &raw mut buffer,
                &raw mut offset,
            ) == sys::Status::napi_ok
                && sys::napi_is_arraybuffer(env, buffer, &raw mut plain) == sys::Status::napi_ok
        };
        if !known || kind != sys::TypedarrayType::uint8_array || !plain {
            return Err(argument("a Uint8Array is needed, not over shared memory"));
        }
        let start = if length == 0 { ptr::dangling_mut() } else { data.cast() };
        Ok(Self { start, length })
    }
}
