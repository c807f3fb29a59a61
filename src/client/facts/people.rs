//! Who sits in front of the machine (D-USR-01, D-FORM-17).
//!
//! A graphical session is found by what its processes were started with (`/proc/<pid>/environ`):
//! a display, and an ordinary account. No session service is asked, so it works the same with
//! every desktop, display manager and init system. Names come from `/etc/passwd`; directory
//! accounts (LDAP, AD) through `getent passwd`, run as a program, since the name service must not
//! be reached from a static executable.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Smallest uid of a person; below are system accounts, among them the login screen's.
const FIRST_PERSON: u32 = 1000;
/// `nobody`, and containers' mapped users, are no people.
const LAST_PERSON: u32 = 60_000;

/// A user of the computer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub login: String,
    pub fullname: String,
    pub uid: u32,
}

impl Person {
    /// `login~full name`, as formulas give it (D-FORM-03).
    pub fn as_item(&self) -> String {
        match self.fullname.is_empty() {
            true => self.login.clone(),
            false => format!("{}~{}", self.login, self.fullname),
        }
    }
}

/// The user of the graphical session, if there is one. Only root sees other people's sessions.
pub fn graphical_user() -> Option<Person> {
    let active = std::fs::read_to_string("/sys/class/tty/tty0/active").unwrap_or_default();
    find_session(Path::new("/proc"), active.trim().trim_start_matches("tty")).map(person)
}

/// Whoever runs this process: what is reported without a graphical session.
pub fn running_user() -> Person {
    person(rustix::process::geteuid().as_raw())
}

/// uid of the graphical session on virtual terminal `active`, else of the oldest one.
fn find_session(proc: &Path, active: &str) -> Option<u32> {
    let processes = std::fs::read_dir(proc).ok()?.filter_map(|entry| {
        let entry = entry.ok()?;
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let uid = entry.metadata().ok()?.uid();
        // Reading the environment of system processes is left out: there are many.
        (FIRST_PERSON..LAST_PERSON).contains(&uid).then_some(())?;
        Some((pid, uid, variables(&std::fs::read(entry.path().join("environ")).ok()?)))
    });
    choose_session(processes, active)
}

/// Chooses among processes of people, each with its number, account and variables.
fn choose_session(
    processes: impl Iterator<Item = (u32, u32, BTreeMap<String, String>)>,
    active: &str,
) -> Option<u32> {
    let sessions = processes.filter_map(|(pid, uid, environ)| {
        let value = |name: &str| environ.get(name).map_or("", String::as_str);
        let graphical = !value("WAYLAND_DISPLAY").is_empty()
            || ["x11", "wayland", "mir"].contains(&value("XDG_SESSION_TYPE"))
            || value("DISPLAY").starts_with(':');
        // `ssh -X` sets DISPLAY to localhost:10 and leaves SSH_CONNECTION: not this machine's.
        let remote = !value("SSH_CONNECTION").is_empty();
        let elsewhere = active.is_empty() || value("XDG_VTNR") != active;
        (graphical && !remote).then_some((elsewhere, pid, uid))
    });
    sessions.min().map(|(_, _, uid)| uid)
}

/// Splits an `environ` file: `NAME=value` ended by zero bytes (proc(5)).
fn variables(environ: &[u8]) -> BTreeMap<String, String> {
    environ
        .split(|byte| *byte == 0)
        .filter_map(|entry| {
            let entry = String::from_utf8_lossy(entry);
            let (name, value) = entry.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect()
}

fn person(uid: u32) -> Person {
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    find_account(&passwd, uid)
        .or_else(|| find_account(&directory_account(uid)?, uid))
        .unwrap_or_else(|| Person { login: uid.to_string(), fullname: String::new(), uid })
}

/// Looks `uid` up in lines of passwd(5); the full name is the first field of the comment.
fn find_account(passwd: &str, uid: u32) -> Option<Person> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let login = fields.next()?;
        let number = fields.nth(1)?;
        let comment = fields.nth(1)?;
        let fullname = comment.split(',').next().unwrap_or_default().trim();
        (number.parse() == Ok(uid)).then(|| Person {
            login: login.to_owned(),
            fullname: fullname.to_owned(),
            uid,
        })
    })
}

fn directory_account(uid: u32) -> Option<String> {
    let output = Command::new("getent")
        .args(["passwd", &uid.to_string()])
        .env("PATH", super::super::programs::PATH)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_usr_01_accounts_are_read_from_passwd() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\n\
            jdoe:x:1000:1000:John Doe,Room 3,,:/home/jdoe:/bin/bash\nann:x:1001:1001::/h:/bin/sh\n";
        assert_eq!(find_account(passwd, 1000).unwrap().as_item(), "jdoe~John Doe");
        assert_eq!(find_account(passwd, 1001).unwrap().as_item(), "ann");
        assert_eq!(find_account(passwd, 0).unwrap().login, "root");
        assert_eq!(find_account(passwd, 7), None);
    }

    #[test]
    fn d_form_17_a_session_needs_a_display_of_this_machine() {
        let processes = |chosen: &[usize]| {
            let all = [
                (100, 1000, "HOME=/home/a\0"),
                (200, 1001, "DISPLAY=localhost:10.0\0SSH_CONNECTION=a\0"),
                (300, 1002, "DISPLAY=:0\0XDG_VTNR=2\0"),
                (400, 1003, "WAYLAND_DISPLAY=wayland-0\0XDG_VTNR=7\0"),
            ];
            chosen
                .iter()
                .map(|n| (all[*n].0, all[*n].1, variables(all[*n].2.as_bytes())))
                .collect::<Vec<_>>()
                .into_iter()
        };
        assert_eq!(choose_session(processes(&[0, 1]), "7"), None);
        assert_eq!(choose_session(processes(&[0, 1, 2, 3]), "7"), Some(1003));
        assert_eq!(choose_session(processes(&[0, 1, 2, 3]), "1"), Some(1002));
        assert_eq!(choose_session(processes(&[3, 2]), ""), Some(1002));
        let environ = variables(b"A=1\0B=x=y\0\0broken\0");
        assert_eq!(environ.len(), 2);
        assert_eq!(environ["B"], "x=y");
    }
}
