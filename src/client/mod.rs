//! The desktop client: who this computer is, what the server wants of it, what became of it.
//!
//! Two halves. The protocol half ([`transport`], [`session`], [`sync`]) speaks to the server and
//! knows the machine only through traits, so that the load emulator drives the very same code for
//! a thousand computers. The desktop half (configuration, [`facts`], [`hardware`], [`programs`],
//! [`managers`], [`ui`]) is this machine. Rules: `domain.md` 12 and 13; files on the desktop:
//! [`places`]. Invariant: nothing is executed that the pinned server has not signed.

pub mod config;
pub mod desktop;
pub mod emulate;
pub mod facts;
mod files;
pub mod hardware;
mod hooks;
pub mod keys;
pub mod launcher;
pub mod lock;
pub mod managers;
pub mod places;
pub mod programs;
pub mod run;
pub mod session;
pub mod state;
pub mod sync;
pub mod transport;
pub mod ui;

#[cfg(test)]
mod fake_server;
