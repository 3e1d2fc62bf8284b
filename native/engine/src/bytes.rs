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
    /// To read. No `to_write` of the same call may overlap it: `disjoint` first.
    pub fn to_read(&self) -> &[u8] {
        // SAFETY: N-API gave start and length of a live typed array; the borrow ends with the call, before JavaScript runs.
        unsafe { std::slice::from_raw_parts(self.start, self.length) }
    }

    /// To write. Nothing else of the same call may overlap it: `disjoint` first.
    pub fn to_write(&mut self) -> &mut [u8] {
        // SAFETY: as in `to_read`; `disjoint` has shown that this is the only view of the memory.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.length) }
    }

    pub fn array<const N: usize>(&self, reason: &str) -> Result<&[u8; N]> {
        self.to_read().try_into().map_err(|_| argument(reason))
    }

    fn overlaps(&self, other: &Bytes) -> bool {
        let (a, b) = (self.start as usize, other.start as usize);
        self.length > 0 && other.length > 0 && a < b + other.length && b < a + self.length
    }
}

/// Refuses an output that shares memory with an input of the same call.
pub fn disjoint(out: &Bytes, inputs: &[&Bytes]) -> Result<()> {
    if inputs.iter().any(|input| out.overlaps(input)) {
        return Err(argument("input and output share memory"));
    }
    Ok(())
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
