//! Deployments: list, form, what one does and to whom (7.3).

use crate::domain::ids::DomainId;
use crate::web::layout::Frame;

mod change;
mod detail;
mod external;
mod form;
mod list;
pub mod moves;
mod timeline;

#[cfg(test)]
mod tests;

pub use change::{Deployments, confirm, switch};
pub use detail::show;
pub use external::{confirm as confirm_emptying, empty};
pub use form::{add, edit, new, save};
pub use list::list;

/// Says whether the reader may change deployments of this domain, given the right: a Domain Admin
/// only those of the one it has selected (D-DOM-09).
fn is_own(frame: &Frame, domain: Option<DomainId>) -> bool {
    !frame.actor.is_confined() || domain == frame.actor.view().domain()
}
