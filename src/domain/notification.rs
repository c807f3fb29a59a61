//! What the site tells its administrators (5.3). Stored as kind and values, so that each reader
//! gets the text in their own language.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{ComputerId, DeploymentId, NotificationId};

/// A computer as a notification names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: ComputerId,
    pub name: String,
}

/// An event worth telling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Notice {
    /// D-NOTIF-01
    PlatformRegistered { platform: String, computer: String },
    /// D-NOTIF-02
    ProjectRegistered { project: String, pms: String, computer: String },
    /// D-NOTIF-03
    NewComputer { computer: Named, uuid: String },
    /// D-NOTIF-04
    NameChanged { computer: Named, old: String, new: String },
    /// D-NOTIF-05
    AddressChanged { computer: Named, old: String, new: String },
    /// D-NOTIF-06
    UuidChanged { computer: Named, old: String, new: String },
    /// D-NOTIF-07
    AttributeCut { computer: Named, prefix: String, original: String },
    /// D-NOTIF-08
    AvailableSynchronised { computer: Named },
    /// D-NOTIF-09
    HardwareInvalid { computer: Named },
    /// D-NOTIF-10
    SourceFailed {
        deployment: DeploymentId,
        name: String,
        /// Within the source.
        path: String,
        /// The full remote address, by which a wrong base URL, suite or component is found.
        url: String,
        error: String,
        /// Of the computer that asked.
        address: String,
    },
    /// D-NOTIF-11
    DeploymentSaved { deployment: DeploymentId, name: String, account: String, created: bool },
    /// A selected repository could not be published again (D-DEPLOY-04).
    RegenerationFailed { deployment: DeploymentId, name: String },
    /// A known computer came with a key that is not its own (`design.md`, Keys).
    KeyMismatch { computer: Named, address: String },
}

/// A stored notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub id: NotificationId,
    pub created_at: Timestamp,
    pub notice: Notice,
    pub checked: bool,
}
