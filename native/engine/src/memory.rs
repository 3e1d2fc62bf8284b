//! Memory for secrets: pages that are locked into RAM, left out of core dumps and wiped when they are given back.
//!
//! Slots of a few pages are shared, because systems let a process lock little memory (64 KiB on old Linux systems, 8 MiB
//! on newer ones) and a vault keeps hundreds of keys. Where locking is refused, secrets live in the same pages unlocked,
//! and `locked_everything` says so.

use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::sync::Mutex;

use region::{Allocation, LockGuard, Protection};
use zeroize::Zeroize;

/// Bytes of the two kinds of slots: a key, and an expanded AES key with its GHASH table.
const SLOT_SIZES: [usize; 2] = [64, 640];
const BLOCK_SIZE: usize = 16 * 1024;

struct Block {
    // Order matters: the lock is given back before its pages.
    _lock: Option<LockGuard>,
    _pages: Allocation,
}

struct Arena {
    blocks: Vec<Block>,
    free: [Vec<NonNull<u8>>; 2],
    unlocked: bool,
}

// SAFETY: the pointers lead to pages that the arena owns for the life of the process; each is handed to one slot at a time.
unsafe impl Send for Arena {}

static ARENA: Mutex<Arena> = Mutex::new(Arena { blocks: Vec::new(), free: [Vec::new(), Vec::new()], unlocked: false });

impl Arena {
    fn grow(&mut self, class: usize) {
        let mut pages = region::alloc(BLOCK_SIZE, Protection::READ_WRITE).expect("no memory for keys");
        let start: *mut u8 = pages.as_mut_ptr();
        let lock = region::lock(start, pages.len()).ok();
        self.unlocked |= lock.is_none();
        leave_out_of_dumps(start, pages.len());
        let size = SLOT_SIZES[class];
        for at in (0..pages.len() / size).rev() {
            // SAFETY: `at * size` lies within the pages just allocated.
            let slot = unsafe { start.add(at * size) };
            self.free[class].push(NonNull::new(slot).expect("pages are never at address zero"));
        }
        self.blocks.push(Block { _lock: lock, _pages: pages });
    }
}

#[cfg(target_os = "linux")]
fn leave_out_of_dumps(start: *mut u8, length: usize) {
    // SAFETY: whole pages of ours; both advices change what the kernel copies, not what we may do. A refusal is harmless.
    unsafe {
        libc::madvise(start.cast(), length, libc::MADV_DONTDUMP);
        libc::madvise(start.cast(), length, libc::MADV_WIPEONFORK);
    }
}

#[cfg(not(target_os = "linux"))]
fn leave_out_of_dumps(_start: *mut u8, _length: usize) {}

/// True while every block of secrets is locked into RAM.
pub fn locked_everything() -> bool {
    !ARENA.lock().expect("the arena doesn't panic").unlocked
}

/// A zeroed piece of locked memory, at one address for its whole life, wiped when dropped.
pub struct Slot {
    start: NonNull<u8>,
    class: usize,
}

// SAFETY: a slot is the only owner of its bytes.
unsafe impl Send for Slot {}
// SAFETY: shared access only reads.
unsafe impl Sync for Slot {}

impl Slot {
    /// A slot of at least `size` bytes. Aligned for anything that AWS-LC keeps in it (16 bytes).
    ///
    /// # Panics
    /// For more than 640 bytes, and when the system has no memory left.
    pub fn new(size: usize) -> Self {
        let class = SLOT_SIZES.iter().position(|&slot| size <= slot).expect("no slot is that large");
        let mut arena = ARENA.lock().expect("the arena doesn't panic");
        if arena.free[class].is_empty() {
            arena.grow(class);
        }
        let start = arena.free[class].pop().expect("the arena has just grown");
        Self { start, class }
    }

    pub fn as_ptr(&self) -> *mut u8 {
        self.start.as_ptr()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        // SAFETY: the slot's own bytes, which nobody else can reach any more.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), SLOT_SIZES[self.class]) }.zeroize();
        if let Ok(mut arena) = ARENA.lock() {
            arena.free[self.class].push(self.start);
        }
    }
}

/// `N` secret bytes in locked memory.
pub struct Secret<const N: usize>(Slot);

impl<const N: usize> Secret<N> {
    pub fn zeroed() -> Self {
        Self(Slot::new(N))
    }

    pub fn copy_of(bytes: &[u8; N]) -> Self {
        let mut secret = Self::zeroed();
        secret.copy_from_slice(bytes);
        secret
    }
}

impl<const N: usize> Deref for Secret<N> {
    type Target = [u8; N];

    fn deref(&self) -> &[u8; N] {
        // SAFETY: the slot has at least N bytes, all of them written (pages begin zeroed), and lives as long as `self`.
        unsafe { &*self.0.as_ptr().cast::<[u8; N]>() }
    }
}

impl<const N: usize> DerefMut for Secret<N> {
    fn deref_mut(&mut self) -> &mut [u8; N] {
        // SAFETY: as in `deref`; `&mut self` makes this the only reference.
        unsafe { &mut *self.0.as_ptr().cast::<[u8; N]>() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_wiped_apart_and_aligned() {
        let mut secrets: Vec<Secret<32>> = (0..1000).map(|_| Secret::zeroed()).collect();
        for (i, secret) in secrets.iter_mut().enumerate() {
            assert_eq!(**secret, [0; 32]);
            secret.fill(i as u8 | 1);
        }
        for (i, secret) in secrets.iter().enumerate() {
            assert_eq!(**secret, [i as u8 | 1; 32]);
        }
        let last = secrets.pop().expect("there are a thousand");
        let address = last.as_ptr();
        drop(last);
        let again: Secret<32> = Secret::zeroed();
        // Another test's thread may have taken the slot: the bytes are what counts.
        assert_eq!(*again, [0; 32]);
        let _ = address;
        assert_eq!(Slot::new(640).as_ptr() as usize % 16, 0);
    }
}
