//! What the system offers against reading a process's memory from outside.

/// What `harden_process` reached.
#[derive(Default)]
pub struct Hardening {
    /// A crash writes no core dump.
    pub core_dumps_off: bool,
    /// Other processes of the same user can't attach to this one or read its memory.
    pub debuggers_refused: bool,
}

#[cfg(unix)]
fn forbid_core_dumps() -> bool {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the structure lives for the whole call.
    unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const none) == 0 }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn refuse_debuggers() -> bool {
    // SAFETY: no pointers. Not dumpable also means not traceable by the same user (prctl(2), ptrace(2)), and a kernel that
    // pipes core dumps to a program, which RLIMIT_CORE doesn't stop, makes none.
    unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 }
}

#[cfg(target_os = "macos")]
fn refuse_debuggers() -> bool {
    // SAFETY: the request takes no pointer.
    unsafe { libc::ptrace(libc::PT_DENY_ATTACH, 0, std::ptr::null_mut(), 0) == 0 }
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android", target_os = "macos"))))]
fn refuse_debuggers() -> bool {
    false
}

/// Turns core dumps and debuggers away, for the rest of the process's life, as far as the system allows. Windows has no
/// such call for a process of the same user; its crash dumps are a policy of the machine.
#[cfg(unix)]
pub fn harden_process() -> Hardening {
    Hardening { core_dumps_off: forbid_core_dumps(), debuggers_refused: refuse_debuggers() }
}

#[cfg(not(unix))]
pub fn harden_process() -> Hardening {
    Hardening::default()
}
