//! A computer introduces itself: platform, project, computer, notifications, keys (D-REG-02).

use crate::domain::account::{Action, Model};
use crate::domain::ids::ComputerId;
use crate::domain::notification::{Named, Notice};
use crate::domain::project::Project;
use crate::domain::scopes::View;
use crate::domain::site_settings::SiteSettings;
use crate::domain::status::Status;
use crate::storage::computers::{self, KeyState, NewComputer};
use crate::storage::keys::{self, SiteKey};
use crate::storage::revisions::{self, Revision};
use crate::storage::{
    ReadTx, WriteTx, attributes, domains, formula_admin, migrations, notifications, settings,
};
use crate::wire::keys::PublicKey;
use crate::wire::sync::{RegisterAnswer, RegisterRequest};

use super::actor::Actor;
use super::credentials::Call;
use super::history::Object;
use super::identity::{self, Located, Reported};
use super::refusal::Refusal;
use super::{App, AppError};

/// What the transaction of a registration decided.
enum Decided {
    Registered(ComputerId, SiteSettings, String),
    /// Refused, with something to keep: the transaction commits all the same.
    Unsubscribed(ComputerId),
    KeyMismatch,
}

impl App {
    /// Registers a computer with the key that signed the request, or recognises it (D-REG-01 to
    /// D-REG-06).
    ///
    /// # Errors
    /// [`Refusal::CanNotRegister`], [`Refusal::KeyMismatch`], [`Refusal::Unsubscribed`],
    /// [`Refusal::Replay`].
    pub async fn register_computer(
        &self,
        call: Call,
        key: PublicKey,
        asked: RegisterRequest,
    ) -> Result<RegisterAnswer, Refusal> {
        let actor = self.vouching(&asked, call).await?;
        let decided =
            self.storage().write(move |tx| register(tx, call, &key, &asked, actor)).await?;
        match decided {
            Decided::Registered(id, settings, repository_key) => Ok(RegisterAnswer {
                cid: id.0,
                server_key: self.sync_key().public().to_base64(),
                repository_key,
                server_version: env!("CARGO_PKG_VERSION").to_owned(),
                organization: settings.organization,
            }),
            Decided::Unsubscribed(id) => {
                self.record_refusal(id, call, "Unsubscribed computer").await?;
                Err(Refusal::Unsubscribed)
            }
            Decided::KeyMismatch => Err(Refusal::KeyMismatch),
        }
    }

    /// The account that vouches for the computer, if the request names one.
    async fn vouching(
        &self,
        asked: &RegisterRequest,
        call: Call,
    ) -> Result<Option<Actor>, Refusal> {
        if asked.username.is_empty() {
            return Ok(None);
        }
        match self.actor_by_password(&asked.username, asked.password.clone(), call.at).await {
            Ok(actor) => Ok(Some(actor)),
            Err(AppError::Invalid { reason, .. }) => {
                Err(Refusal::CanNotRegister(reason.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn register(
    tx: &WriteTx<'_>,
    call: Call,
    key: &PublicKey,
    asked: &RegisterRequest,
    actor: Option<Actor>,
) -> Result<Decided, Refusal> {
    let settings = SiteSettings::from_rows(&settings::all(tx)?);
    let reported = Reported::read(&asked.identity, &settings, call.address_text())?;
    let by_key = by_key(tx, call, key)?;
    let located = match by_key {
        Some(id) => Some(Located { id, exact: true }),
        None => identity::locate(tx, &reported)?,
    };
    let vouched = actor.as_ref().is_some_and(may_enrol);
    let known = match located {
        None => None,
        Some(located) => {
            let stored = computers::get(tx, located.id)?;
            if stored.status == Status::Unsubscribed {
                return Ok(Decided::Unsubscribed(located.id));
            }
            let key_state = computers::key_state(tx, located.id)?;
            if by_key.is_none() && !may_replace_key(&key_state, located, vouched, call) {
                tell_mismatch(tx, Named { id: stored.id, name: stored.name }, call)?;
                return Ok(Decided::KeyMismatch);
            }
            Some(stored)
        }
    };
    let project = identity::project_of(tx, &settings, actor.as_ref(), &reported, call.at)?;
    let id = match known {
        Some(stored) => {
            identity::update(tx, &settings, &stored, &reported, project.id, call.at)?;
            stored.id
        }
        None => {
            if !(project.auto_register_computers || vouched) {
                let reason = "it needs an account that may add and change computers";
                return Err(Refusal::CanNotRegister(reason.into()));
            }
            add(tx, &settings, &reported, &project, actor.as_ref(), call)?
        }
    };
    if by_key.is_none() {
        computers::set_key(tx, id, &key.to_base64(), &key.id.to_string())?;
        computers::note_setting(tx, id, "key", &key.to_base64(), call.at)?;
    }
    if let Some(actor) = actor.as_ref().filter(|actor| may_enrol(actor)) {
        join_domain(tx, actor, id)?;
    }
    if !computers::accept_time(tx, id, &key.id.to_string(), call.signed_time())? {
        return Err(Refusal::Replay);
    }
    Ok(Decided::Registered(id, settings, repository_key(tx)?))
}

/// The computer that signs with this key already. A key id is no secret: whoever comes with the
/// id of another key is refused.
fn by_key(tx: &ReadTx<'_>, call: Call, key: &PublicKey) -> Result<Option<ComputerId>, Refusal> {
    match computers::find_credential(tx, &key.id.to_string())? {
        None => Ok(None),
        Some(known) if known.public_key != key.to_base64() => Err(Refusal::KeyMismatch),
        Some(known) if !call.signed_time().follows(known.last_time_ms) => Err(Refusal::Replay),
        Some(known) => Ok(Some(known.id)),
    }
}

/// D-REG-04: such an account vouches for a computer.
fn may_enrol(actor: &Actor) -> bool {
    actor.may(Model::Computer, Action::Add) && actor.may(Model::Computer, Action::Change)
}

/// A first key needs no permission. An account replaces the key of a computer that came with its
/// very UUID; the looser look-ups are too easily fooled, there only the word of an operator about
/// that very computer counts (`design.md`, Keys).
fn may_replace_key(state: &KeyState, located: Located, vouched: bool, call: Call) -> bool {
    let accepted = state.accept_until.is_some_and(|until| until > call.at);
    state.public_key.is_none() || accepted || (located.exact && vouched)
}

/// Puts the computer into the domain that the account has selected (D-REG-07): so does a domain
/// administrator enrol.
fn join_domain(tx: &WriteTx<'_>, actor: &Actor, id: ComputerId) -> Result<(), Refusal> {
    let Some(domain) = actor.view().domain().filter(|_| actor.view() != View::NOTHING) else {
        return Ok(());
    };
    let Some(cid) = formula_admin::find_by_prefix(tx, "CID")? else { return Ok(()) };
    let attribute = match attributes::find(tx, cid, &id.to_string())? {
        Some(known) => known,
        None => attributes::insert(tx, cid, &id.to_string(), None)?,
    };
    if domains::include(tx, domain, attribute)? {
        let row = domains::get(tx, domain)?;
        let about = serde_json::json!({ "computer": format!("CID-{id}") });
        let permit = actor.own_permit_for(Model::Domain);
        permit.noted(tx, "enrol computer", Object { id: domain.0, name: &row.name }, &about)?;
        revisions::bump(tx, Revision::Formulas)?;
        revisions::bump(tx, Revision::Release)?;
    }
    Ok(())
}

/// Tells of a foreign key once for each computer, until somebody has looked.
fn tell_mismatch(tx: &WriteTx<'_>, computer: Named, call: Call) -> Result<(), Refusal> {
    if !notifications::waits(tx, "key-mismatch", computer.id)? {
        let address = call.address_text().unwrap_or_default();
        notifications::add(tx, &Notice::KeyMismatch { computer, address }, call.at)?;
    }
    Ok(())
}

fn add(
    tx: &WriteTx<'_>,
    settings: &SiteSettings,
    reported: &Reported,
    project: &Project,
    actor: Option<&Actor>,
    call: Call,
) -> Result<ComputerId, Refusal> {
    let new = NewComputer {
        uuid: reported.uuid.clone(),
        name: reported.name.clone(),
        project: project.id,
        status: settings.default_computer_status,
    };
    let id = computers::insert(tx, &new, call.at)?;
    let identity = computers::Identity {
        uuid: new.uuid,
        name: new.name,
        fqdn: reported.fqdn.clone(),
        project: project.id,
        ip_address: reported.ip_address.clone(),
        forwarded_ip_address: reported.forwarded.clone(),
    };
    computers::set_identity(tx, id, &identity, call.at)?;
    identity::note_identity(tx, id, &identity, call.at)?;
    migrations::add_status(tx, id, new.status, call.at)?;
    migrations::add(tx, id, project.id, call.at)?;
    if settings.notify_new_computer {
        let computer = Named { id, name: reported.name.clone() };
        let notice = Notice::NewComputer { computer, uuid: reported.uuid.clone() };
        notifications::add(tx, &notice, call.at)?;
    }
    if let Some(actor) = actor.filter(|actor| may_enrol(actor)) {
        let permit = actor.permit(Model::Computer, Action::Add).map_err(AppError::from)?;
        let about = serde_json::json!({ "uuid": reported.uuid, "project": project.name });
        permit.added(tx, Object { id: id.0, name: &reported.name }, &about)?;
    }
    Ok(id)
}

/// The public key of the repositories, empty until it is made.
fn repository_key(tx: &ReadTx<'_>) -> Result<String, Refusal> {
    let key = keys::find(tx, SiteKey::Repository)?;
    Ok(key.map(|key| key.public).unwrap_or_default())
}
