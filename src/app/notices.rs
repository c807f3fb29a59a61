//! Reading notifications: their text is made in the reader's language (5.3).

use jiff::Timestamp;

use crate::catalogue::Lang;
use crate::domain::account::{Action, Model};
use crate::domain::ids::NotificationId;
use crate::domain::notification::{Notice, Notification};
use crate::storage::checks::FoundFilter;
use crate::storage::notification_lists;
use crate::t;

use super::actor::Actor;
use super::listed::Listed;
use super::{App, AppError};

/// What a notification is about, for a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Computer(i64),
    Deployment(i64),
}

/// A notification in a reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationView {
    pub id: NotificationId,
    pub created_at: Timestamp,
    pub checked: bool,
    pub message: String,
    /// The object to link to, if it is one that may still exist.
    pub subject: Option<Subject>,
    pub notice: Notice,
}

impl App {
    /// Lists notifications, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn notifications(
        &self,
        actor: &Actor,
        filter: FoundFilter,
        lang: Lang,
    ) -> Result<Listed<NotificationView>, AppError> {
        actor.permit(Model::Notification, Action::View)?;
        self.storage()
            .read(move |tx| {
                let found = notification_lists::list(tx, &filter)?;
                let views = found.into_iter().map(|found| view(found, lang)).collect();
                Ok(Listed::new(views, filter.limit, |view: &NotificationView| view.id.to_string()))
            })
            .await
    }

    /// Returns one notification.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn notification(
        &self,
        actor: &Actor,
        id: NotificationId,
        lang: Lang,
    ) -> Result<NotificationView, AppError> {
        actor.permit(Model::Notification, Action::View)?;
        self.storage().read(move |tx| Ok(view(notification_lists::get(tx, id)?, lang))).await
    }
}

fn view(notification: Notification, lang: Lang) -> NotificationView {
    NotificationView {
        id: notification.id,
        created_at: notification.created_at,
        checked: notification.checked,
        message: message(&notification.notice, lang),
        subject: subject(&notification.notice),
        notice: notification.notice,
    }
}

/// The text of a notification.
pub fn message(notice: &Notice, lang: Lang) -> String {
    let cid = |named: &crate::domain::notification::Named| format!("CID-{}", named.id);
    match notice {
        Notice::PlatformRegistered { platform, computer } => {
            t!(lang, "notice-platform", platform = platform.as_str(), computer = computer.as_str())
        }
        Notice::ProjectRegistered { project, pms, computer } => t!(
            lang,
            "notice-project",
            project = project.as_str(),
            pms = pms.as_str(),
            computer = computer.as_str(),
        ),
        Notice::NewComputer { computer, uuid } => t!(
            lang,
            "notice-new-computer",
            cid = cid(computer),
            name = computer.name.as_str(),
            uuid = uuid.as_str(),
        ),
        Notice::NameChanged { computer, old, new } => {
            t!(lang, "notice-name", cid = cid(computer), old = old.as_str(), new = new.as_str())
        }
        Notice::AddressChanged { computer, old, new } => t!(
            lang,
            "notice-address",
            cid = cid(computer),
            name = computer.name.as_str(),
            old = old.as_str(),
            new = new.as_str(),
        ),
        Notice::UuidChanged { computer, old, new } => t!(
            lang,
            "notice-uuid",
            cid = cid(computer),
            name = computer.name.as_str(),
            old = old.as_str(),
            new = new.as_str(),
        ),
        Notice::AttributeCut { computer, prefix, original } => t!(
            lang,
            "notice-attribute-cut",
            cid = cid(computer),
            name = computer.name.as_str(),
            prefix = prefix.as_str(),
            original = original.as_str(),
        ),
        Notice::AvailableSynchronised { computer } => {
            t!(lang, "notice-available", cid = cid(computer), name = computer.name.as_str())
        }
        Notice::HardwareInvalid { computer } => {
            t!(lang, "notice-hardware", cid = cid(computer), name = computer.name.as_str())
        }
        Notice::SourceFailed { name, path, url, error, address, .. } => t!(
            lang,
            "notice-source",
            name = name.as_str(),
            path = path.as_str(),
            url = url.as_str(),
            error = error.as_str(),
            address = address.as_str(),
        ),
        Notice::DeploymentSaved { name, account, created: true, .. } => {
            t!(lang, "notice-deployment-new", name = name.as_str(), account = account.as_str())
        }
        Notice::DeploymentSaved { name, account, created: false, .. } => {
            t!(lang, "notice-deployment", name = name.as_str(), account = account.as_str())
        }
        Notice::RegenerationFailed { name, .. } => {
            t!(lang, "notice-regeneration", name = name.as_str())
        }
        Notice::KeyMismatch { computer, address } => t!(
            lang,
            "notice-key",
            cid = cid(computer),
            name = computer.name.as_str(),
            address = address.as_str(),
        ),
    }
}

fn subject(notice: &Notice) -> Option<Subject> {
    match notice {
        Notice::PlatformRegistered { .. } | Notice::ProjectRegistered { .. } => None,
        Notice::NewComputer { computer, .. }
        | Notice::NameChanged { computer, .. }
        | Notice::AddressChanged { computer, .. }
        | Notice::UuidChanged { computer, .. }
        | Notice::AttributeCut { computer, .. }
        | Notice::AvailableSynchronised { computer }
        | Notice::HardwareInvalid { computer }
        | Notice::KeyMismatch { computer, .. } => Some(Subject::Computer(computer.id.0)),
        Notice::SourceFailed { deployment, .. }
        | Notice::DeploymentSaved { deployment, .. }
        | Notice::RegenerationFailed { deployment, .. } => Some(Subject::Deployment(deployment.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{ComputerId, DeploymentId};
    use crate::domain::notification::Named;

    #[test]
    fn each_event_has_its_text() {
        let computer = || Named { id: ComputerId(7), name: "pc7".into() };
        let change = || -> (String, String) { ("A1".into(), "B2".into()) };
        // rule          notice, what its text names
        let table = [
            (
                "D-NOTIF-01",
                Notice::PlatformRegistered { platform: "Linux".into(), computer: "pc7".into() },
                vec!["Linux", "pc7"],
            ),
            (
                "D-NOTIF-02",
                Notice::ProjectRegistered {
                    project: "debian-12".into(),
                    pms: "apt-get".into(),
                    computer: "pc7".into(),
                },
                vec!["debian-12", "apt-get", "pc7"],
            ),
            (
                "D-NOTIF-03",
                Notice::NewComputer { computer: computer(), uuid: "U-U".into() },
                vec!["CID-7", "pc7", "U-U"],
            ),
            (
                "D-NOTIF-04",
                Notice::NameChanged { computer: computer(), old: change().0, new: change().1 },
                vec!["CID-7", "A1", "B2"],
            ),
            (
                "D-NOTIF-05",
                Notice::AddressChanged { computer: computer(), old: change().0, new: change().1 },
                vec!["CID-7", "A1", "B2"],
            ),
            (
                "D-NOTIF-06",
                Notice::UuidChanged { computer: computer(), old: change().0, new: change().1 },
                vec!["CID-7", "A1", "B2"],
            ),
            (
                "D-NOTIF-07",
                Notice::AttributeCut {
                    computer: computer(),
                    prefix: "HST".into(),
                    original: "long".into(),
                },
                vec!["CID-7", "HST", "long"],
            ),
            (
                "D-NOTIF-08",
                Notice::AvailableSynchronised { computer: computer() },
                vec!["CID-7", "pc7"],
            ),
            ("D-NOTIF-09", Notice::HardwareInvalid { computer: computer() }, vec!["CID-7", "pc7"]),
            (
                "D-NOTIF-10",
                Notice::SourceFailed {
                    deployment: DeploymentId(3),
                    name: "base".into(),
                    path: "dists/x/InRelease".into(),
                    url: "http://mirror/dists/x/InRelease".into(),
                    error: "status 404".into(),
                    address: "10.0.0.7".into(),
                },
                vec!["base", " dists/x/", "http://mirror/dists/x/", "status 404", "10.0.0.7"],
            ),
            (
                "D-NOTIF-11",
                Notice::DeploymentSaved {
                    deployment: DeploymentId(3),
                    name: "base".into(),
                    account: "liberator".into(),
                    created: true,
                },
                vec!["base", "liberator"],
            ),
        ];
        for (rule, notice, names) in table {
            for lang in Lang::ALL {
                let text = message(&notice, lang);
                for name in &names {
                    assert!(text.contains(name), "{rule} {lang:?}: {text} lacks {name}");
                }
                assert!(!text.starts_with("notice-"), "{rule}: {text}");
            }
        }
    }
}
