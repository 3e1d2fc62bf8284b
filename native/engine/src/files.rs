//! Whole files in one step each, on a thread that may wait: a file read into memory of the caller, and an object hashed,
//! sealed, written and flushed while its bytes pass through the processor's cache once.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};

use aws_lc_rs::digest::{Context, SHA256};

use crate::aes::{IV_LENGTH, KEY_LENGTH};
use crate::floe::{HEADER_LENGTH, OVERHEAD, Opener, Parameters, Run, Sealer};

/// Fills `out` with a file that has exactly its length. False: it has another one.
pub fn read_whole(path: &str, out: &mut [u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    match file.read_exact(out) {
        Ok(()) => Ok(file.read(&mut [0])? == 0),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Creates a file that isn't there yet, for its owner alone.
fn create(path: &str) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Larger objects are read in parts.
const WHOLE_LIMIT: usize = 4 * 1024 * 1024;

thread_local! {
    /// Sealed bytes on their way to a file or from one: memory that is used again, for touching new memory takes longer than sealing.
    static SEALED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes `preamble` and the sealed `plaintext` to a new file and flushes it; its name is the caller's to flush.
///
/// `ivs` holds 12 fresh random bytes for each segment. Answers the SHA-256 of `plaintext`. After a failure the file may be
/// there, and is the caller's to remove.
pub fn seal_file(
    path: &str,
    preamble: &[u8],
    sealer: &mut Sealer,
    ivs: &[u8],
    plaintext: &[u8],
) -> io::Result<[u8; 32]> {
    let full = sealer.full();
    let segments = sealer.segments(plaintext.len(), true);
    let mut digest = Context::new(&SHA256);
    let mut file = create(path)?;
    SEALED.with_borrow_mut(|sealed| {
        let needed = preamble.len() + HEADER_LENGTH + full + OVERHEAD;
        if sealed.len() < needed {
            sealed.resize(needed, 0);
        }
        sealed[..preamble.len()].copy_from_slice(preamble);
        let mut start = preamble.len() + HEADER_LENGTH;
        sealed[preamble.len()..start].copy_from_slice(sealer.header());
        for (n, iv) in ivs.as_chunks::<IV_LENGTH>().0.iter().enumerate() {
            let piece = &plaintext[n * full..plaintext.len().min((n + 1) * full)];
            digest.update(piece);
            let end = start + piece.len() + OVERHEAD;
            sealer
                .seal(piece, n + 1 == segments, iv, &mut sealed[start..end])
                .map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
            file.write_all(&sealed[..end])?;
            start = 0;
        }
        Ok::<(), io::Error>(())
    })?;
    file.sync_data()?;
    let mut hash = [0; 32];
    hash.copy_from_slice(digest.finish().as_ref());
    Ok(hash)
}

/// Opens a whole object, which is read at once, and fills `out` with its plaintext from `offset` on. Every segment is
/// verified, and the last as the final one, so that the object's length is too.
///
/// False: it can't be given out, whatever the reason; `out` is wiped then. Who wants to know why reads it step by step.
pub fn open_file(
    path: &str,
    preamble: &[u8],
    key: &[u8; KEY_LENGTH],
    aad: &[u8],
    parameters: Parameters,
    offset: usize,
    out: &mut [u8],
) -> bool {
    let opened = SEALED.with_borrow_mut(|sealed| {
        let mut file = File::open(path).ok()?;
        let length = usize::try_from(file.metadata().ok()?.len()).ok()?;
        if length > WHOLE_LIMIT {
            return None;
        }
        if sealed.len() < length {
            sealed.resize(length, 0);
        }
        let sealed = &mut sealed[..length];
        file.read_exact(sealed).ok()?;
        let floe = sealed.strip_prefix(preamble)?;
        let mut opener = Opener::new(key, aad, floe.first_chunk()?, parameters).ok()?;
        opener.open(Run { position: 0, is_final: true, skip: offset }, &floe[HEADER_LENGTH..], out).ok()
    });
    if opened.is_none() {
        out.fill(0);
    }
    opened.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::floe::{Opener, Parameters, Run};

    fn place(name: &str) -> String {
        let path = std::env::temp_dir().join(format!("vitrine-engine-{}-{name}", std::process::id()));
        path.to_str().expect("a name in UTF-8").to_owned()
    }

    #[test]
    fn a_sealed_file_opens_and_is_never_written_over() {
        for length in [0usize, 1, 8, 9, 33] {
            let path = place(&format!("sealed-{length}"));
            let plaintext: Vec<u8> = (0..length as u8).collect();
            let parameters = Parameters::new(40, 2).expect("room for 8 bytes");
            let sealer = || Sealer::new(&[1; 32], b"aad", parameters, &[2; 32]);
            let ivs = vec![7; IV_LENGTH * sealer().segments(length, true)];
            let hash = seal_file(&path, b"preamble", &mut sealer(), &ivs, &plaintext).expect("sealed");
            assert_eq!(hash, aws_lc_rs::digest::digest(&SHA256, &plaintext).as_ref());
            let mut written = vec![0; 8 + HEADER_LENGTH + length + OVERHEAD * length.div_ceil(8).max(1)];
            assert!(read_whole(&path, &mut written).expect("read"));
            let body = written.strip_prefix(b"preamble").expect("the preamble");
            let mut opener = Opener::new(&[1; 32], b"aad", body.first_chunk().expect("a header"), parameters)
                .unwrap_or_else(|fault| panic!("{fault:?}"));
            let mut opened = vec![0; length];
            let run = Run { position: 0, is_final: true, skip: 0 };
            assert_eq!(opener.open(run, &body[HEADER_LENGTH..], &mut opened), Ok(()));
            assert_eq!(opened, plaintext);
            for offset in 0..=length {
                for wanted in 0..=length - offset {
                    let mut part = vec![9; wanted];
                    assert!(open_file(&path, b"preamble", &[1; 32], b"aad", parameters, offset, &mut part));
                    assert_eq!(part, &plaintext[offset..][..wanted]);
                }
            }
            let again = seal_file(&path, b"preamble", &mut sealer(), &ivs, &plaintext);
            assert_eq!(again.expect_err("it is there").kind(), io::ErrorKind::AlreadyExists);
            std::fs::remove_file(&path).expect("removed");
        }
    }

    #[test]
    fn an_object_that_is_not_whole_is_not_given_out() {
        let path = place("altered");
        let parameters = Parameters::new(40, 2).expect("room for 8 bytes");
        let plaintext = [5; 30];
        let ivs = [7; IV_LENGTH * 4];
        let mut sealer = Sealer::new(&[1; 32], b"aad", parameters, &[2; 32]);
        seal_file(&path, b"preamble", &mut sealer, &ivs, &plaintext).expect("sealed");
        let whole = std::fs::read(&path).expect("read");
        let refused = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            let mut out = [9; 8];
            assert!(!open_file(&path, b"preamble", &[1; 32], b"aad", parameters, 0, &mut out));
            assert_eq!(out, [0; 8]);
        };
        for at in 0..whole.len() {
            let mut altered = whole.clone();
            altered[at] ^= 0x40;
            refused(&altered);
            refused(&whole[..at]);
        }
        refused(&[&whole[..], &[0]].concat());
        std::fs::write(&path, &whole).expect("written");
        let mut out = [0; 8];
        assert!(!open_file(&path, b"preamble", &[3; 32], b"aad", parameters, 0, &mut out));
        assert!(!open_file(&path, b"preamble", &[1; 32], b"other", parameters, 0, &mut out));
        assert!(!open_file(&path, b"preamble", &[1; 32], b"aad", parameters, 23, &mut out));
        assert!(open_file(&path, b"preamble", &[1; 32], b"aad", parameters, 22, &mut out));
        std::fs::remove_file(&path).expect("removed");
        assert!(!open_file(&path, b"preamble", &[1; 32], b"aad", parameters, 0, &mut out));
    }

    #[test]
    fn a_file_of_another_length_is_told() {
        let path = place("length");
        std::fs::write(&path, [1, 2, 3]).expect("written");
        assert!(!read_whole(&path, &mut [0; 2]).expect("read"));
        assert!(!read_whole(&path, &mut [0; 4]).expect("read"));
        let mut out = [0; 3];
        assert!(read_whole(&path, &mut out).expect("read"));
        assert_eq!(out, [1, 2, 3]);
        std::fs::remove_file(&path).expect("removed");
        assert_eq!(read_whole(&path, &mut out).expect_err("gone").kind(), io::ErrorKind::NotFound);
    }
}
