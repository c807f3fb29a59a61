//! Recognising a computer by what it says of itself, and keeping what it said (D-SYNC-20, 1 and
//! 2): shared by registration and synchronisation.

use jiff::Timestamp;

use crate::domain::account::{Action, Model};
use crate::domain::computer::Computer;
use crate::domain::identification::{Candidate, candidates, identification};
use crate::domain::ids::{ComputerId, PlatformId, ProjectId};
use crate::domain::notification::{Named, Notice};
use crate::domain::pms::Pms;
use crate::domain::project::{Platform, Project, platform_name, project_name};
use crate::domain::site_settings::SiteSettings;
use crate::domain::text::cut;
use crate::storage::revisions::{self, Revision};
use crate::storage::{
    ReadTx, StorageError, WriteTx, computers, migrations, notifications, projects,
};
use crate::wire::sync::Identity;

use super::actor::Actor;
use super::refusal::Refusal;

/// Longest name of a computer, in characters (3.1).
const MAX_NAME: usize = 50;
const MAX_FQDN: usize = 255;
const MAX_ADDRESS: usize = 50;

/// What a computer says of itself, cut to the sizes of its fields (D-SYNC-23).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Reported {
    pub uuid: String,
    pub name: String,
    pub fqdn: Option<String>,
    pub ip_address: Option<String>,
    /// Address the server saw.
    pub forwarded: Option<String>,
    pub platform: String,
    pub project: String,
    pub pms: String,
}

impl Reported {
    /// Reads what came.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for a computer that says neither UUID nor name.
    pub(super) fn read(
        identity: &Identity,
        settings: &SiteSettings,
        forwarded: Option<String>,
    ) -> Result<Self, Refusal> {
        let field = |text: &str, most: usize| cut(text.trim(), most, false);
        let optional = |text: &str, most: usize| Some(field(text, most)).filter(|t| !t.is_empty());
        let name = field(&identity.name, MAX_NAME);
        let given = cut(&identity.uuid, 64, false);
        let uuid = identification(&given, &name, &settings.invalid_uuid);
        if uuid.is_empty() {
            return Err(Refusal::Invalid("the computer says neither UUID nor name".into()));
        }
        let name = if name.is_empty() { uuid.clone() } else { name };
        Ok(Self {
            uuid,
            name,
            fqdn: optional(&identity.fqdn, MAX_FQDN),
            ip_address: optional(&identity.ip_address, MAX_ADDRESS),
            forwarded: forwarded.map(|text| field(&text, MAX_ADDRESS)),
            platform: identity.platform.clone(),
            project: identity.project.clone(),
            pms: identity.pms.clone(),
        })
    }

    /// Name of the announced project as it would be stored.
    pub(super) fn project_name(&self) -> Result<String, Refusal> {
        project_name(&self.project).map_err(|error| {
            Refusal::CanNotRegister(format!("project {:?}: {error}", self.project))
        })
    }
}

/// A stored computer that an identification means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Located {
    pub id: ComputerId,
    /// By its very UUID, not by one of the other ways of D-UUID-05.
    pub exact: bool,
}

/// Looks a computer up in the order of D-UUID-05.
pub(super) fn locate(
    tx: &ReadTx<'_>,
    reported: &Reported,
) -> Result<Option<Located>, StorageError> {
    for (at, candidate) in candidates(&reported.uuid, &reported.name).into_iter().enumerate() {
        let found = match candidate {
            Candidate::Uuid(uuid) => computers::find_by_uuid(tx, &uuid)?,
            Candidate::Mac(mac) => computers::find_by_mac(tx, &mac)?,
        };
        if let Some(id) = found {
            return Ok(Some(Located { id, exact: at == 0 }));
        }
    }
    Ok(None)
}

/// Finds the announced platform and project, made where that is permitted (D-REG-03, D-PLT-03).
///
/// # Errors
/// [`Refusal::CanNotRegister`] where it is not, or a name or package system is not acceptable.
pub(super) fn project_of(
    tx: &WriteTx<'_>,
    settings: &SiteSettings,
    actor: Option<&Actor>,
    reported: &Reported,
    now: Timestamp,
) -> Result<Project, Refusal> {
    let may_add = |model: Model| {
        settings.autoregister || actor.is_some_and(|actor| actor.may(model, Action::Add))
    };
    let name = reported.project_name()?;
    let known = projects::find_by_name(tx, &name)?;
    let announced = platform_name(&reported.platform).map_err(|error| {
        Refusal::CanNotRegister(format!("platform {:?}: {error}", reported.platform))
    })?;
    let platform = match projects::find_platform(tx, &announced)? {
        Some(platform) => platform,
        None if !may_add(Model::Platform) => {
            return Err(Refusal::CanNotRegister(format!("platform {announced} does not exist")));
        }
        None => Platform { id: PlatformId(0), name: announced },
    };
    if let Some(project) = known.as_ref()
        && platform.id.0 != 0
    {
        return Ok(project.clone());
    }
    if known.is_none() && !may_add(Model::Project) {
        return Err(Refusal::CanNotRegister(format!("project {name} does not exist")));
    }
    let pms = Pms::parse(&reported.pms).ok_or_else(|| {
        Refusal::CanNotRegister(format!("package system {:?} is not known", reported.pms))
    });
    // Nothing is made before all of it may be made (D-REG-02).
    let pms = if known.is_none() { Some(pms?) } else { None };
    let platform = if platform.id.0 == 0 {
        let notice = Notice::PlatformRegistered {
            platform: platform.name.clone(),
            computer: reported.name.clone(),
        };
        notifications::add(tx, &notice, now)?;
        projects::insert_platform(tx, &platform.name)?
    } else {
        platform
    };
    revisions::bump(tx, Revision::Release)?;
    let (None, Some(pms)) = (known.as_ref(), pms) else {
        return known.ok_or(Refusal::Stale);
    };
    let mut project = Project {
        id: ProjectId(0),
        name,
        platform,
        pms,
        auto_register_computers: settings.autoregister,
    };
    project.id = projects::insert(tx, &project)?;
    let notice = Notice::ProjectRegistered {
        project: project.name.clone(),
        pms: pms.as_str().to_owned(),
        computer: reported.name.clone(),
    };
    notifications::add(tx, &notice, now)?;
    Ok(project)
}

/// Stores what a known computer says now, with a migration and the notifications that the site
/// wants; what is equal is not written (D-UUID-06, D-UUID-07, D-MIG-01).
pub(super) fn update(
    tx: &WriteTx<'_>,
    settings: &SiteSettings,
    stored: &Computer,
    reported: &Reported,
    project: ProjectId,
    now: Timestamp,
) -> Result<(), StorageError> {
    let before = computers::Identity {
        uuid: stored.uuid.clone(),
        name: stored.name.clone(),
        fqdn: stored.fqdn.clone(),
        project: stored.project,
        ip_address: stored.ip_address.clone(),
        forwarded_ip_address: stored.forwarded_ip_address.clone(),
    };
    let after = computers::Identity {
        uuid: reported.uuid.clone(),
        name: reported.name.clone(),
        fqdn: reported.fqdn.clone(),
        project,
        ip_address: reported.ip_address.clone(),
        forwarded_ip_address: reported.forwarded.clone(),
    };
    if before == after {
        return Ok(());
    }
    tell_changes(tx, settings, stored, &after, now)?;
    computers::set_identity(tx, stored.id, &after, now)?;
    if before.project != after.project {
        migrations::add(tx, stored.id, after.project, now)?;
    }
    note_identity(tx, stored.id, &after, now)
}

/// Records the identity as intervals.
pub(super) fn note_identity(
    tx: &WriteTx<'_>,
    id: ComputerId,
    identity: &computers::Identity,
    now: Timestamp,
) -> Result<(), StorageError> {
    let empty = String::new();
    let values = [
        ("uuid", &identity.uuid),
        ("name", &identity.name),
        ("fqdn", identity.fqdn.as_ref().unwrap_or(&empty)),
        ("ip_address", identity.ip_address.as_ref().unwrap_or(&empty)),
    ];
    for (name, value) in values {
        computers::note_setting(tx, id, name, value, now)?;
    }
    Ok(())
}

fn tell_changes(
    tx: &WriteTx<'_>,
    settings: &SiteSettings,
    stored: &Computer,
    after: &computers::Identity,
    now: Timestamp,
) -> Result<(), StorageError> {
    let computer = Named { id: stored.id, name: after.name.clone() };
    let mut notices = Vec::new();
    if settings.notify_change_uuid && stored.uuid != after.uuid {
        let (old, new) = (stored.uuid.clone(), after.uuid.clone());
        notices.push(Notice::UuidChanged { computer: computer.clone(), old, new });
    }
    if settings.notify_change_name && stored.name != after.name {
        let (old, new) = (stored.name.clone(), after.name.clone());
        notices.push(Notice::NameChanged { computer: computer.clone(), old, new });
    }
    if settings.notify_change_ip
        && let (Some(old), Some(new)) = (&stored.ip_address, &after.ip_address)
        && old != new
    {
        let (old, new) = (old.clone(), new.clone());
        notices.push(Notice::AddressChanged { computer, old, new });
    }
    notices.iter().try_for_each(|notice| notifications::add(tx, notice, now))
}
