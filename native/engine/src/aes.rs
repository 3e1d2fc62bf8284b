//! AES-256-GCM of AWS-LC. `aws-lc-rs` seals in place only and keeps its expanded keys on the ordinary heap; Vitrine needs
//! input and output apart and keys in locked memory, so this file calls the same functions of the library below it.

use std::ptr;

use aws_lc_sys::{
    EVP_AEAD_CTX, EVP_AEAD_CTX_cleanup, EVP_AEAD_CTX_init, EVP_AEAD_CTX_open_gather, EVP_AEAD_CTX_seal_scatter,
    EVP_AEAD_CTX_zero, EVP_aead_aes_256_gcm,
};

use crate::memory::Slot;

pub const KEY_LENGTH: usize = 32;
pub const IV_LENGTH: usize = 12;
pub const TAG_LENGTH: usize = 16;

/// An AES-256 key, expanded, in locked memory.
pub struct AesKey(Slot);

impl AesKey {
    pub fn new(key: &[u8; KEY_LENGTH]) -> Self {
        let slot = Slot::new(size_of::<EVP_AEAD_CTX>());
        let context = slot.as_ptr().cast::<EVP_AEAD_CTX>();
        // SAFETY: the slot is large and aligned enough for the context and never moves; the key has the length given.
        let done = unsafe {
            EVP_AEAD_CTX_zero(context);
            EVP_AEAD_CTX_init(context, EVP_aead_aes_256_gcm(), key.as_ptr(), KEY_LENGTH, TAG_LENGTH, ptr::null_mut())
        };
        assert_eq!(done, 1, "AES-256-GCM takes every key of 32 bytes");
        Self(slot)
    }

    fn context(&self) -> *const EVP_AEAD_CTX {
        self.0.as_ptr().cast()
    }

    /// Writes the ciphertext of `plaintext` and its tag.
    ///
    /// # Panics
    /// When `ciphertext` has another length than `plaintext`, or beyond GCM's limit of 64 GiB.
    pub fn seal(
        &self,
        iv: &[u8; IV_LENGTH],
        aad: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
        tag: &mut [u8; TAG_LENGTH],
    ) {
        assert_eq!(ciphertext.len(), plaintext.len());
        let mut tag_length = 0;
        // SAFETY: every pointer comes from a slice or array of the length given beside it; `ciphertext` has the length of
        // `plaintext` and, being borrowed mutably, doesn't overlap it.
        let done = unsafe {
            EVP_AEAD_CTX_seal_scatter(
                self.context(),
                ciphertext.as_mut_ptr(),
                tag.as_mut_ptr(),
                &raw mut tag_length,
                TAG_LENGTH,
                iv.as_ptr(),
                IV_LENGTH,
                plaintext.as_ptr(),
                plaintext.len(),
                ptr::null(),
                0,
                aad.as_ptr(),
                aad.len(),
            )
        };
        assert!(done == 1 && tag_length == TAG_LENGTH, "AES-256-GCM seals up to 64 GiB");
    }

    /// Opens what `seal` wrote. False, and `plaintext` is wiped, when the tag doesn't fit.
    ///
    /// # Panics
    /// When `plaintext` has another length than `ciphertext`.
    #[must_use]
    pub fn open(
        &self,
        iv: &[u8; IV_LENGTH],
        aad: &[u8],
        ciphertext: &[u8],
        tag: &[u8; TAG_LENGTH],
        plaintext: &mut [u8],
    ) -> bool {
        assert_eq!(plaintext.len(), ciphertext.len());
        // SAFETY: as in `seal`.
        let opened = unsafe {
            EVP_AEAD_CTX_open_gather(
                self.context(),
                plaintext.as_mut_ptr(),
                iv.as_ptr(),
                IV_LENGTH,
                ciphertext.as_ptr(),
                ciphertext.len(),
                tag.as_ptr(),
                TAG_LENGTH,
                aad.as_ptr(),
                aad.len(),
            )
        } == 1;
        if !opened {
            // SECURITY: GCM decrypts before it verifies; what doesn't verify must not survive (NIST SP 800-38D, 7.2).
            plaintext.fill(0);
        }
        opened
    }
}

impl Drop for AesKey {
    fn drop(&mut self) {
        // SAFETY: the context was initialised in `new` and is cleaned up once; the slot wipes its bytes afterwards.
        unsafe { EVP_AEAD_CTX_cleanup(self.0.as_ptr().cast()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seals_what_aws_lc_rs_seals_and_opens_it() {
        use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
        let key = [7; KEY_LENGTH];
        let iv = [9; IV_LENGTH];
        for length in [0, 1, 15, 16, 17, 1000, 131_040] {
            let plaintext: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let mut expected = plaintext.clone();
            let theirs = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).expect("32 bytes"));
            theirs
                .seal_in_place_append_tag(Nonce::assume_unique_for_key(iv), Aad::from(b"aad"), &mut expected)
                .expect("short enough");
            let ours = AesKey::new(&key);
            let mut ciphertext = vec![0; length];
            let mut tag = [0; TAG_LENGTH];
            ours.seal(&iv, b"aad", &plaintext, &mut ciphertext, &mut tag);
            assert_eq!([&ciphertext[..], &tag[..]].concat(), expected);
            let mut opened = vec![0; length];
            assert!(ours.open(&iv, b"aad", &ciphertext, &tag, &mut opened));
            assert_eq!(opened, plaintext);
            tag[15] ^= 1;
            assert!(!ours.open(&iv, b"aad", &ciphertext, &tag, &mut opened));
            assert!(opened.iter().all(|&byte| byte == 0));
        }
    }
}
