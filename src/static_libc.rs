//! What the executable settles with the C library it carries.
//!
//! **Names.** A static glibc program that reaches `getaddrinfo` or `getpwuid_r` loads the
//! `libnss_*.so` of the machine it runs on and dies when the two glibc differ. These definitions
//! take the place of the entry points that std can reach, so the NSS code is not even linked and a
//! forgotten call is an ordinary error. Names are resolved by hickory, users by reading
//! `/etc/passwd`.
//!
//! **Memory.** [`give_back_large_blocks`] keeps the allocator from hoarding what a password check
//! needs for a moment.
//!
//! Included by `main.rs` only: tests of the library link the real functions.

#![expect(unsafe_code, reason = "the C library's own entry points are not reached otherwise")]

use std::ffi::{c_char, c_int, c_void};

/// Always fails: names are resolved by hickory.
#[unsafe(no_mangle)]
extern "C" fn getaddrinfo(
    _node: *const c_char,
    _service: *const c_char,
    _hints: *const libc::addrinfo,
    _res: *mut *mut libc::addrinfo,
) -> c_int {
    libc::EAI_FAIL
}

/// Frees nothing, since [`getaddrinfo`] never allocates.
#[unsafe(no_mangle)]
extern "C" fn freeaddrinfo(_res: *mut libc::addrinfo) {}

/// Finds no user: `std::env::home_dir` without `HOME` is the only caller.
#[unsafe(no_mangle)]
extern "C" fn getpwuid_r(
    _uid: libc::uid_t,
    _pwd: *mut libc::passwd,
    _buf: *mut c_char,
    _len: libc::size_t,
    result: *mut *mut c_void,
) -> c_int {
    if !result.is_null() {
        // SAFETY: the caller passes a valid place for the result, as POSIX asks.
        unsafe { *result = std::ptr::null_mut() };
    }
    libc::ENOENT
}

/// Blocks of this many bytes and more are returned to the system as soon as they are freed, and so
/// is free memory at the end of a heap. Well above the mebibyte in which payloads are read: to have
/// those mapped anew for each read doubles what a download costs (`docs/benchmarks.md`).
const LARGE_BLOCK: c_int = 4 * 1024 * 1024;

/// Fixes the size from which a block is mapped by itself.
///
/// glibc raises that size to the largest block it has seen freed, so that the 19 MiB of one
/// Argon2id hash would stay with the process from then on. Whoever fixes it must say what stays at
/// the end of a heap, too: it would be 128 KiB, less than a block in use again and again.
pub(crate) fn give_back_large_blocks() {
    // SAFETY: takes two numbers; called first thing in `main`, while there is one thread.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE_BLOCK);
        libc::mallopt(libc::M_TRIM_THRESHOLD, LARGE_BLOCK);
    }
}
