//! Key derivation and the wrapping of keys.

use argon2::{Algorithm, Argon2, AssociatedData, Params, ParamsBuilder, Version};
use aws_lc_sys::{EVP_sha384, HKDF_expand};
use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};

use crate::memory::Secret;

pub const WRAP_NONCE_LENGTH: usize = 24;
/// Ciphertext and tag of a wrapped key of 32 bytes.
pub const WRAPPED_LENGTH: usize = 32 + 16;
/// RFC 5869, 2.3: at most 255 blocks of SHA-384.
pub const HKDF_LIMIT: usize = 255 * 48;

/// HKDF-Expand with SHA-384 (RFC 5869, 2.3) into `out`.
///
/// # Panics
/// Beyond `HKDF_LIMIT`.
pub fn hkdf_expand(prk: &[u8], info: &[u8], out: &mut [u8]) {
    // SAFETY: every pointer comes from a slice of the length given beside it.
    let done = unsafe {
        HKDF_expand(out.as_mut_ptr(), out.len(), EVP_sha384(), prk.as_ptr(), prk.len(), info.as_ptr(), info.len())
    };
    assert_eq!(done, 1, "HKDF-Expand gives at most 12240 bytes");
}

/// Wraps a key by XChaCha20-Poly1305: ciphertext, then tag.
pub fn wrap_key(
    wrapping: &[u8; 32],
    nonce: &[u8; WRAP_NONCE_LENGTH],
    aad: &[u8],
    key: &[u8; 32],
) -> [u8; WRAPPED_LENGTH] {
    let mut wrapped = [0; WRAPPED_LENGTH];
    // The key's own bytes are only in `wrapped` until they are encrypted where they stand.
    let (ciphertext, tag) = wrapped.split_at_mut(32);
    ciphertext.copy_from_slice(key);
    let made = XChaCha20Poly1305::new(wrapping.into())
        .encrypt_in_place_detached(XNonce::from_slice(nonce), aad, ciphertext)
        .expect("32 bytes are never too long");
    tag.copy_from_slice(&made);
    wrapped
}

/// Opens what `wrap_key` wrote; None when the tag doesn't fit.
pub fn unwrap_key(
    wrapping: &[u8; 32],
    nonce: &[u8; WRAP_NONCE_LENGTH],
    aad: &[u8],
    wrapped: &[u8; WRAPPED_LENGTH],
) -> Option<Secret<32>> {
    let mut key = Secret::zeroed();
    key.copy_from_slice(&wrapped[..32]);
    XChaCha20Poly1305::new(wrapping.into())
        .decrypt_in_place_detached(XNonce::from_slice(nonce), aad, &mut key[..], Tag::from_slice(&wrapped[32..]))
        .ok()?;
    Some(key)
}

/// Cost and salt of one Argon2id derivation (RFC 9106, version 1.3).
pub struct Argon2Request<'a> {
    pub password: &'a [u8],
    pub salt: &'a [u8],
    /// The RFC's optional secret value K; empty where there is none.
    pub secret: &'a [u8],
    /// The RFC's optional associated data X; empty where there is none, at most 32 bytes.
    pub associated_data: &'a [u8],
    pub memory_kib: u32,
    pub iterations: u32,
    pub parallelism: u32,
}

/// Fills `out`. The error is a sentence about the parameters; it names no secret.
pub fn argon2id(request: &Argon2Request, out: &mut [u8]) -> Result<(), String> {
    let refused = |error: argon2::Error| error.to_string();
    let params: Params = ParamsBuilder::new()
        .m_cost(request.memory_kib)
        .t_cost(request.iterations)
        .p_cost(request.parallelism)
        .data(AssociatedData::new(request.associated_data).map_err(refused)?)
        .output_len(out.len())
        .build()
        .map_err(refused)?;
    let argon2 =
        Argon2::new_with_secret(request.secret, Algorithm::Argon2id, Version::V0x13, params).map_err(refused)?;
    argon2.hash_password_into(request.password, request.salt, out).map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn argon2id_is_that_of_rfc_9106_5_3() {
        let request = Argon2Request {
            password: &[1; 32],
            salt: &[2; 16],
            secret: &[3; 8],
            associated_data: &[4; 12],
            memory_kib: 32,
            iterations: 3,
            parallelism: 4,
        };
        let mut tag = [0; 32];
        argon2id(&request, &mut tag).expect("the RFC's parameters are allowed");
        assert_eq!(hex(&tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
        assert!(argon2id(&Argon2Request { iterations: 0, ..request }, &mut tag).is_err());
    }

    #[test]
    fn hkdf_is_that_of_aws_lc_rs() {
        use aws_lc_rs::hkdf::{HKDF_SHA384, KeyType, Prk};
        struct Length(usize);
        impl KeyType for Length {
            fn len(&self) -> usize {
                self.0
            }
        }
        for length in [1, 32, 48, 49, HKDF_LIMIT] {
            let mut expected = vec![0; length];
            let prk = Prk::new_less_safe(HKDF_SHA384, &[5; 32]);
            let info = [&b"in"[..], b"fo"];
            prk.expand(&info, Length(length)).and_then(|okm| okm.fill(&mut expected)).expect("short enough");
            let mut ours = vec![0; length];
            hkdf_expand(&[5; 32], b"info", &mut ours);
            assert_eq!(ours, expected);
        }
    }

    #[test]
    fn a_wrapped_key_opens_under_its_own_nonce_and_aad_alone() {
        let wrapped = wrap_key(&[1; 32], &[2; 24], b"aad", &[3; 32]);
        assert_eq!(unwrap_key(&[1; 32], &[2; 24], b"aad", &wrapped).as_deref(), Some(&[3; 32]));
        assert!(unwrap_key(&[1; 32], &[2; 24], b"add", &wrapped).is_none());
        assert!(unwrap_key(&[1; 32], &[0; 24], b"aad", &wrapped).is_none());
        assert!(unwrap_key(&[0; 32], &[2; 24], b"aad", &wrapped).is_none());
    }
}
