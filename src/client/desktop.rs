//! This machine, as a synchronisation wants to know it.

use std::path::{Path, PathBuf};

use super::config::{Defaults, Settings};
use super::facts::people::{self, Person};
use super::facts::{names, network, os_release, uuid};
use super::launcher::Launcher;
use super::places::{HookStage, Places};
use super::programs::{self, Runner};
use super::state::State;
use super::sync::{Doing, Machine};
use super::{hardware, hooks};
use crate::domain::text::chain;
use crate::wire::sync::{Identity, Program};

/// Gathered once per run; programs see the same user throughout.
#[derive(Debug)]
pub struct Desktop {
    identity: Identity,
    /// Who sits in front of it; `None` without a graphical session.
    pub graphical_user: Option<Person>,
    runner: Runner,
    state_file: PathBuf,
}

/// What the machine proposes for settings nobody made (D-PRJ-05).
pub fn defaults(places: &Places) -> Defaults {
    let root = places.root().unwrap_or(Path::new("/"));
    Defaults { project: os_release::default_project(root), computer_name: names::host_name() }
}

/// The computer's UUID: configured by hand, else the mainboard's (D-UUID-01).
pub fn computer_uuid(settings: &Settings) -> String {
    let configured = settings.computer_uuid.as_deref();
    configured
        .map(|text| uuid::dashed(text).unwrap_or_else(|| text.to_owned()))
        .unwrap_or_else(|| uuid::computer_uuid(Path::new("/sys")))
}

impl Desktop {
    /// Looks at the machine. Programs run through `launcher`.
    pub fn new(settings: &Settings, places: &Places, launcher: Launcher) -> Self {
        let root = places.root().unwrap_or(Path::new("/"));
        // An image has no session of its own; the one of its host is somebody else's.
        let graphical_user = if places.root().is_none() { people::graphical_user() } else { None };
        let fqdn = names::fqdn(root);
        let identity = Identity {
            uuid: computer_uuid(settings),
            name: settings.computer_name.clone(),
            fqdn,
            ip_address: network::ip_address(Path::new("/proc")),
            platform: "Linux".to_owned(),
            project: settings.project.clone(),
            pms: String::new(),
        };
        let runner = Runner {
            launcher,
            places: places.clone(),
            user: graphical_user.clone().unwrap_or_else(people::running_user),
            timeout: programs::TIMEOUT,
            keep_files: settings.debug,
        };
        let state_file = places.state_file(settings.server_authority());
        Self { identity, graphical_user, runner, state_file }
    }
}

impl Machine for Desktop {
    fn identity(&self) -> Identity {
        self.identity.clone()
    }

    fn user(&self) -> (String, String) {
        (self.runner.user.login.clone(), self.runner.user.fullname.clone())
    }

    fn run<'a>(&'a self, program: &'a Program) -> Doing<'a, Result<Option<String>, String>> {
        Box::pin(async { self.runner.run(program).await.map_err(|error| chain(&error)) })
    }

    fn has_hooks(&self, stage: HookStage) -> bool {
        !hooks::list(&self.runner.places, stage).is_empty()
    }

    fn hooks(&self, stage: HookStage) -> Doing<'_, Vec<String>> {
        Box::pin(hooks::run(&self.runner, stage))
    }

    fn hardware(&self) -> serde_json::Value {
        hardware::tree(&hardware::Kernel::new(Path::new("/")), &self.identity.name)
    }

    fn keep(&self, state: &State) -> std::io::Result<()> {
        state.save(&self.state_file)
    }
}
