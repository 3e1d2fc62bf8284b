//! FLOE (https://c2sp.org/FLOE) over AES-256-GCM and HKDF-Expand-SHA-384: runs of segments in one call, between two buffers
//! of the caller. `core/seal/v1/floe.ts` is the same scheme, `test/reference/floe.ts` its literal twin; all three make the
//! same bytes.

use crate::aes::{AesKey, IV_LENGTH, KEY_LENGTH, TAG_LENGTH};
use crate::kdf::hkdf_expand;
use crate::memory::Secret;
use zeroize::Zeroize;

pub const FLOE_IV_LENGTH: usize = 32;
const PARAMETERS_LENGTH: usize = 10;
const HEADER_TAG_LENGTH: usize = 32;
pub const HEADER_LENGTH: usize = PARAMETERS_LENGTH + FLOE_IV_LENGTH + HEADER_TAG_LENGTH;
/// Length field and IV before each ciphertext.
const PREFIX_LENGTH: usize = 4 + IV_LENGTH;
pub const OVERHEAD: usize = PREFIX_LENGTH + TAG_LENGTH;
/// AEAD_MAX_SEGMENTS.
pub const MAX_SEGMENTS: u64 = 1 << 40;
const NOT_FINAL: u32 = u32::MAX;

/// Why a run was not sealed or opened.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// Lengths, positions or parameters that do not fit each other: the caller's error.
    Argument(&'static str),
    /// The header tag does not fit key and associated data.
    WrongKey,
    /// The segment at this position is not what was sealed there.
    Altered(u64),
}

/// The parameters that may vary.
#[derive(Clone, Copy)]
pub struct Parameters {
    segment_length: usize,
    rotation_mask: u32,
}

impl Parameters {
    pub fn new(segment_length: u32, rotation_mask: u32) -> Result<Self, Fault> {
        let length = usize::try_from(segment_length).map_err(|_| Fault::Argument("segment length"))?;
        if length <= OVERHEAD || segment_length == NOT_FINAL || rotation_mask > 40 {
            return Err(Fault::Argument("parameters"));
        }
        Ok(Self { segment_length: length, rotation_mask })
    }

    /// Bytes of plaintext in a full segment.
    fn full(self) -> usize {
        self.segment_length - OVERHEAD
    }

    /// PARAM_ENCODE.
    fn encode(self) -> [u8; PARAMETERS_LENGTH] {
        let mut encoded = [0; PARAMETERS_LENGTH];
        encoded[2..6].copy_from_slice(&(self.segment_length as u32).to_be_bytes());
        encoded[6..].copy_from_slice(&(FLOE_IV_LENGTH as u32).to_be_bytes());
        encoded
    }
}

/// FLOE_KDF's input but for the purpose, and the key that encrypts now.
struct Schedule {
    prefix: [u8; PARAMETERS_LENGTH + FLOE_IV_LENGTH],
    aad: Vec<u8>,
    message_key: Secret<48>,
    rotation_mask: u32,
    current: Option<(u64, AesKey)>,
}

impl Schedule {
    fn new(
        key: &[u8; KEY_LENGTH],
        aad: &[u8],
        iv: &[u8; FLOE_IV_LENGTH],
        parameters: Parameters,
    ) -> (Self, [u8; HEADER_TAG_LENGTH]) {
        let mut prefix = [0; PARAMETERS_LENGTH + FLOE_IV_LENGTH];
        prefix[..PARAMETERS_LENGTH].copy_from_slice(&parameters.encode());
        prefix[PARAMETERS_LENGTH..].copy_from_slice(iv);
        let mut schedule = Self {
            prefix,
            aad: aad.to_vec(),
            message_key: Secret::zeroed(),
            rotation_mask: parameters.rotation_mask,
            current: None,
        };
        let info = schedule.info(b"MESSAGE_KEY:");
        hkdf_expand(key, &info, &mut schedule.message_key[..]);
        let mut tag = [0; HEADER_TAG_LENGTH];
        hkdf_expand(key, &schedule.info(b"HEADER_TAG:"), &mut tag);
        (schedule, tag)
    }

    fn info(&self, purpose: &[u8]) -> Vec<u8> {
        [&self.prefix[..], purpose, &self.aad].concat()
    }

    /// DERIVE_KEY.
    fn aes(&mut self, position: u64) -> &AesKey {
        let window = position >> self.rotation_mask;
        if self.current.as_ref().is_none_or(|(at, _)| *at != window) {
            let mut purpose = *b"DEK:\0\0\0\0\0\0\0\0";
            purpose[4..].copy_from_slice(&(window << self.rotation_mask).to_be_bytes());
            let mut key: Secret<KEY_LENGTH> = Secret::zeroed();
            hkdf_expand(&self.message_key[..], &self.info(&purpose), &mut key[..]);
            self.current = Some((window, AesKey::new(&key)));
        }
        &self.current.as_ref().expect("just made").1
    }
}

/// I2BE(position, 8) || is-final.
fn segment_aad(position: u64, is_final: bool) -> [u8; 9] {
    let mut aad = [0; 9];
    aad[..8].copy_from_slice(&position.to_be_bytes());
    aad[8] = u8::from(is_final);
    aad
}

/// Segments that a run of `length` bytes makes when each full one has `full`: a final run has one segment at least.
fn segments_of(length: usize, full: usize, is_final: bool) -> usize {
    length.div_ceil(full).max(usize::from(is_final))
}

/// Seals segments in their order.
pub struct Sealer {
    schedule: Schedule,
    parameters: Parameters,
    header: [u8; HEADER_LENGTH],
    position: u64,
    finished: bool,
}

impl Sealer {
    pub fn new(key: &[u8; KEY_LENGTH], aad: &[u8], parameters: Parameters, iv: &[u8; FLOE_IV_LENGTH]) -> Self {
        let (schedule, tag) = Schedule::new(key, aad, iv, parameters);
        let mut header = [0; HEADER_LENGTH];
        header[..PARAMETERS_LENGTH + FLOE_IV_LENGTH].copy_from_slice(&schedule.prefix);
        header[PARAMETERS_LENGTH + FLOE_IV_LENGTH..].copy_from_slice(&tag);
        Self { schedule, parameters, header, position: 0, finished: false }
    }

    pub fn header(&self) -> &[u8; HEADER_LENGTH] {
        &self.header
    }

    /// Bytes of plaintext in a full segment.
    pub fn full(&self) -> usize {
        self.parameters.full()
    }

    /// Segments that the next run makes: so many IVs it takes.
    pub fn segments(&self, plaintext: usize, is_final: bool) -> usize {
        segments_of(plaintext, self.parameters.full(), is_final)
    }

    /// Seals the next segments: full ones, and as the last of a final run what is left (nothing, only when the run is empty).
    ///
    /// `ivs` holds 12 fresh random bytes for each segment. `out` has exactly the length of the sealed run.
    pub fn seal(&mut self, plaintext: &[u8], is_final: bool, ivs: &[u8], out: &mut [u8]) -> Result<(), Fault> {
        let full = self.parameters.full();
        let segments = self.segments(plaintext.len(), is_final);
        if self.finished {
            return Err(Fault::Argument("the object is finished"));
        }
        if !is_final && !plaintext.len().is_multiple_of(full) {
            return Err(Fault::Argument("only the final segment may be short"));
        }
        if ivs.len() != segments * IV_LENGTH || out.len() != plaintext.len() + segments * OVERHEAD {
            return Err(Fault::Argument("buffers of another length than the run needs"));
        }
        if self.position + segments as u64 > MAX_SEGMENTS - u64::from(!is_final) {
            return Err(Fault::Argument("too many segments"));
        }
        let mut rest = out;
        for (n, iv) in ivs.as_chunks::<IV_LENGTH>().0.iter().enumerate() {
            let last = is_final && n == segments - 1;
            let piece = &plaintext[n * full..plaintext.len().min((n + 1) * full)];
            let (segment, after) = rest.split_at_mut(piece.len() + OVERHEAD);
            self.seal_segment(piece, last, iv, segment);
            rest = after;
        }
        self.finished = is_final;
        Ok(())
    }

    fn seal_segment(&mut self, plaintext: &[u8], is_final: bool, iv: &[u8; IV_LENGTH], segment: &mut [u8]) {
        let claim = if is_final { segment.len() as u32 } else { NOT_FINAL };
        let (prefix, body) = segment.split_at_mut(PREFIX_LENGTH);
        let (ciphertext, tag) = body.split_last_chunk_mut::<TAG_LENGTH>().expect("a segment has its overhead");
        prefix[..4].copy_from_slice(&claim.to_be_bytes());
        prefix[4..].copy_from_slice(iv);
        let aad = segment_aad(self.position, is_final);
        self.schedule.aes(self.position).seal(iv, &aad, plaintext, ciphertext, tag);
        self.position += 1;
    }
}

/// Which part of a run's plaintext is wanted, and whether the run ends the object.
#[derive(Clone, Copy)]
pub struct Run {
    /// Position of its first segment in the object.
    pub position: u64,
    /// Its last segment is the object's final one.
    pub is_final: bool,
    /// Bytes of the first segment's plaintext that are left out.
    pub skip: usize,
}

/// Opens segments in any order.
pub struct Opener {
    schedule: Schedule,
    parameters: Parameters,
    /// Where a segment is opened of which only a part is wanted.
    scratch: Vec<u8>,
}

impl Opener {
    pub fn new(
        key: &[u8; KEY_LENGTH],
        aad: &[u8],
        header: &[u8; HEADER_LENGTH],
        parameters: Parameters,
    ) -> Result<Self, Fault> {
        if header[..PARAMETERS_LENGTH] != parameters.encode() {
            return Err(Fault::Argument("a header of other parameters"));
        }
        let iv = header[PARAMETERS_LENGTH..].first_chunk().expect("the header is longer");
        let (schedule, tag) = Schedule::new(key, aad, iv, parameters);
        let given = &header[PARAMETERS_LENGTH + FLOE_IV_LENGTH..];
        aws_lc_rs::constant_time::verify_slices_are_equal(&tag, given).map_err(|_| Fault::WrongKey)?;
        Ok(Self { schedule, parameters, scratch: Vec::new() })
    }

    /// Opens a run of whole segments and writes its plaintext from `run.skip` on until `out` is full. Every segment of the
    /// run is verified, also one of which nothing is wanted. On failure `out` is wiped.
    pub fn open(&mut self, run: Run, sealed: &[u8], out: &mut [u8]) -> Result<(), Fault> {
        let opened = self.open_all(run, sealed, out);
        if opened.is_err() {
            out.fill(0);
        }
        opened
    }

    fn open_all(&mut self, run: Run, sealed: &[u8], out: &mut [u8]) -> Result<(), Fault> {
        let length = self.parameters.segment_length;
        let full = self.parameters.full();
        let segments = sealed.len().div_ceil(length);
        let final_length = sealed.len() - segments.saturating_sub(1) * length;
        if segments == 0 || final_length < OVERHEAD || (!run.is_final && final_length != length) {
            return Err(Fault::Argument("a run of no whole segments"));
        }
        let plaintext_length = sealed.len() - segments * OVERHEAD;
        if run.skip.checked_add(out.len()).is_none_or(|end| end > plaintext_length) {
            return Err(Fault::Argument("more is wanted than the run holds"));
        }
        if run.position.checked_add(segments as u64).is_none_or(|end| end > MAX_SEGMENTS) {
            return Err(Fault::Argument("no such segment"));
        }
        let end = run.skip + out.len();
        for (n, segment) in sealed.chunks(length).enumerate() {
            let position = run.position + n as u64;
            let is_final = run.is_final && n == segments - 1;
            // This segment's plaintext stands at `start..stop` of the run's; wanted of it is `from..to`.
            let start = n * full;
            let stop = start + segment.len() - OVERHEAD;
            let from = start.max(run.skip).min(stop);
            let to = stop.min(end).max(from);
            if start >= run.skip && stop <= end {
                let target = &mut out[start - run.skip..stop - run.skip];
                self.open_segment(position, is_final, segment, target)?;
            } else {
                let mut scratch = std::mem::take(&mut self.scratch);
                scratch.resize(full, 0);
                let opened = self.open_segment(position, is_final, segment, &mut scratch[..stop - start]);
                if opened.is_ok() && from < to {
                    out[from - run.skip..to - run.skip].copy_from_slice(&scratch[from - start..to - start]);
                }
                self.scratch = scratch;
                opened?;
            }
        }
        Ok(())
    }

    fn open_segment(&mut self, position: u64, is_final: bool, segment: &[u8], out: &mut [u8]) -> Result<(), Fault> {
        let claim = if is_final { segment.len() as u32 } else { NOT_FINAL };
        let (prefix, body) = segment.split_at(PREFIX_LENGTH);
        let (ciphertext, tag) = body.split_last_chunk::<TAG_LENGTH>().expect("a segment has its overhead");
        let (field, iv) = prefix.split_last_chunk::<IV_LENGTH>().expect("the prefix ends with the IV");
        let aad = segment_aad(position, is_final);
        if field != claim.to_be_bytes() || !self.schedule.aes(position).open(iv, &aad, ciphertext, tag, out) {
            return Err(Fault::Altered(position));
        }
        Ok(())
    }
}

impl Drop for Opener {
    fn drop(&mut self) {
        self.scratch.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [1; 32];

    fn small() -> Parameters {
        Parameters::new(40, 2).expect("room for 8 bytes")
    }

    fn seal(plaintext: &[u8], run: usize) -> Vec<u8> {
        let mut sealer = Sealer::new(&KEY, b"aad", small(), &[2; 32]);
        let mut sealed = sealer.header().to_vec();
        let mut rest = plaintext;
        loop {
            let is_final = rest.len() <= run;
            let (now, after) = rest.split_at(rest.len().min(run));
            let segments = sealer.segments(now.len(), is_final);
            let mut out = vec![0; now.len() + segments * OVERHEAD];
            let at = sealer.position as usize;
            let ivs: Vec<u8> = (at..at + segments).flat_map(|n| [n as u8; 12]).collect();
            sealer.seal(now, is_final, &ivs, &mut out).expect("a fitting run");
            sealed.extend(out);
            if is_final {
                return sealed;
            }
            rest = after;
        }
    }

    fn opener(sealed: &[u8]) -> Opener {
        Opener::new(&KEY, b"aad", sealed.first_chunk().expect("a header"), small())
            .unwrap_or_else(|fault| panic!("{fault:?}"))
    }

    #[test]
    fn any_range_of_any_run_opens() {
        for length in [0usize, 1, 7, 8, 9, 16, 17, 33] {
            let plaintext: Vec<u8> = (0..length).map(|i| i as u8 + 1).collect();
            let sealed = seal(&plaintext, 16);
            assert_eq!(sealed, seal(&plaintext, 64), "how the plaintext is cut must not matter");
            let mut opener = opener(&sealed);
            let segments = length.div_ceil(8).max(1);
            for first in 0..segments {
                let start = HEADER_LENGTH + first * 40;
                let held = length - first * 8;
                for skip in 0..=held {
                    for wanted in 0..=held - skip {
                        let mut out = vec![0; wanted];
                        let run = Run { position: first as u64, is_final: true, skip };
                        assert_eq!(opener.open(run, &sealed[start..], &mut out), Ok(()));
                        assert_eq!(out, &plaintext[first * 8 + skip..][..wanted]);
                    }
                }
            }
        }
    }

    #[test]
    fn an_altered_byte_is_named_by_its_segment_and_nothing_is_given_out() {
        let plaintext = [5; 30];
        let sealed = seal(&plaintext, 16);
        for at in HEADER_LENGTH..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 0x40;
            let mut out = [9; 30];
            let run = Run { position: 0, is_final: true, skip: 0 };
            let fault = opener(&sealed).open(run, &altered[HEADER_LENGTH..], &mut out);
            assert_eq!(fault, Err(Fault::Altered(((at - HEADER_LENGTH) / 40) as u64)));
            assert_eq!(out, [0; 30]);
        }
        for at in PARAMETERS_LENGTH..HEADER_LENGTH {
            let mut header: [u8; HEADER_LENGTH] = *sealed.first_chunk().expect("a header");
            header[at] ^= 1;
            assert_eq!(Opener::new(&KEY, b"aad", &header, small()).err(), Some(Fault::WrongKey));
        }
    }

    #[test]
    fn what_does_not_fit_is_an_argument_error() {
        let argument = |result: Result<(), Fault>| assert!(matches!(result, Err(Fault::Argument(_))));
        let mut sealer = Sealer::new(&KEY, b"", small(), &[0; 32]);
        argument(sealer.seal(&[0; 7], false, &[0; 12], &mut [0; 39]));
        argument(sealer.seal(&[0; 8], false, &[0; 11], &mut [0; 40]));
        argument(sealer.seal(&[0; 8], false, &[0; 12], &mut [0; 41]));
        assert_eq!(sealer.seal(&[0; 8], true, &[0; 12], &mut [0; 40]), Ok(()));
        argument(sealer.seal(&[0; 8], true, &[0; 12], &mut [0; 40]));
        let sealed = seal(&[0; 17], 16);
        let body = &sealed[HEADER_LENGTH..];
        let run = |position, is_final, skip| Run { position, is_final, skip };
        argument(opener(&sealed).open(run(0, true, 0), &[], &mut []));
        argument(opener(&sealed).open(run(0, false, 0), body, &mut []));
        argument(opener(&sealed).open(run(0, true, 0), &body[..101], &mut []));
        argument(opener(&sealed).open(run(0, true, 1), body, &mut [0; 17]));
        argument(opener(&sealed).open(run(0, true, usize::MAX), body, &mut [0; 17]));
        argument(opener(&sealed).open(run(MAX_SEGMENTS, true, 0), body, &mut []));
        assert!(Parameters::new(32, 0).is_err());
        assert!(Parameters::new(u32::MAX, 0).is_err());
        assert!(Parameters::new(40, 41).is_err());
    }
}
