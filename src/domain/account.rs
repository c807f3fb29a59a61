//! Accounts that administer the site, their groups and permissions (6.2, 6.3).

use jiff::Timestamp;

use super::ids::AccountId;

/// An account. Its password is never part of the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub date_joined: Timestamp,
    pub last_login: Option<Timestamp>,
    /// An inactive account neither logs in nor uses tokens.
    pub is_active: bool,
    pub is_superuser: bool,
    /// May enter the administration pages.
    pub is_staff: bool,
    /// Its password is its name, as in the book (D-ACC-03).
    pub is_demo: bool,
}

impl Account {
    /// A new active account without any right; the database gives it its id.
    pub fn new(username: &str, now: Timestamp) -> Self {
        Self {
            id: AccountId(0),
            username: username.to_owned(),
            first_name: String::new(),
            last_name: String::new(),
            email: String::new(),
            date_joined: now,
            last_login: None,
            is_active: true,
            is_superuser: false,
            is_staff: false,
            is_demo: false,
        }
    }
}

/// What a permission is about (rows of the table in 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    Computer,
    Hardware,
    User,
    Attribute,
    Formula,
    AttributeSet,
    FaultDefinition,
    AutoCheckError,
    Error,
    Fault,
    Message,
    Synchronization,
    Notification,
    Migration,
    StatusLog,
    Platform,
    Pms,
    Project,
    Deployment,
    /// Deployments whose packages come from another repository (7.5).
    ExternalDeployment,
    Schedule,
    Application,
    Policy,
    Package,
    Store,
    Query,
    Device,
    DeviceModel,
    Domain,
    Scope,
    Account,
    Group,
    Setting,
}

impl Model {
    /// All models.
    pub const ALL: &'static [Self] = &[
        Self::Computer,
        Self::Hardware,
        Self::User,
        Self::Attribute,
        Self::Formula,
        Self::AttributeSet,
        Self::FaultDefinition,
        Self::AutoCheckError,
        Self::Error,
        Self::Fault,
        Self::Message,
        Self::Synchronization,
        Self::Notification,
        Self::Migration,
        Self::StatusLog,
        Self::Platform,
        Self::Pms,
        Self::Project,
        Self::Deployment,
        Self::ExternalDeployment,
        Self::Schedule,
        Self::Application,
        Self::Policy,
        Self::Package,
        Self::Store,
        Self::Query,
        Self::Device,
        Self::DeviceModel,
        Self::Domain,
        Self::Scope,
        Self::Account,
        Self::Group,
        Self::Setting,
    ];

    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Computer => "computer",
            Self::Hardware => "hardware",
            Self::User => "user",
            Self::Attribute => "attribute",
            Self::Formula => "formula",
            Self::AttributeSet => "attribute_set",
            Self::FaultDefinition => "fault_definition",
            Self::AutoCheckError => "auto_check_error",
            Self::Error => "error",
            Self::Fault => "fault",
            Self::Message => "message",
            Self::Synchronization => "synchronization",
            Self::Notification => "notification",
            Self::Migration => "migration",
            Self::StatusLog => "status_log",
            Self::Platform => "platform",
            Self::Pms => "pms",
            Self::Project => "project",
            Self::Deployment => "deployment",
            Self::ExternalDeployment => "external_deployment",
            Self::Schedule => "schedule",
            Self::Application => "application",
            Self::Policy => "policy",
            Self::Package => "package",
            Self::Store => "store",
            Self::Query => "query",
            Self::Device => "device",
            Self::DeviceModel => "device_model",
            Self::Domain => "domain",
            Self::Scope => "scope",
            Self::Account => "account",
            Self::Group => "group",
            Self::Setting => "setting",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|model| model.as_str() == text)
    }
}

/// What is done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    View,
    Add,
    Change,
    Delete,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 4] = [Self::View, Self::Add, Self::Change, Self::Delete];

    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Add => "add",
            Self::Change => "change",
            Self::Delete => "delete",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == text)
    }
}

/// The right to do one thing to one kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission {
    pub model: Model,
    pub action: Action,
}

impl Permission {
    /// Every permission there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let of = |model: &Model| {
            let model = *model;
            Action::ALL.into_iter().map(move |action| Self { model, action })
        };
        Model::ALL.iter().flat_map(of)
    }

    /// Reads `deployment:change`.
    pub fn parse(text: &str) -> Option<Self> {
        let (model, action) = text.split_once(':')?;
        Some(Self { model: Model::parse(model)?, action: Action::parse(action)? })
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.model.as_str(), self.action.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_gen_12_every_model_is_about_faults_configuration_or_accounting() {
        use Model::*;
        for model in Model::ALL {
            let area = match model {
                AutoCheckError | Error | Fault | FaultDefinition | Message | Notification => {
                    "fault"
                }
                Application | Attribute | AttributeSet | Deployment | Device | DeviceModel
                | ExternalDeployment | Formula | Package | Platform | Pms | Policy | Project
                | Schedule | Setting | Store => "configuration",
                Account | Computer | Domain | Group | Hardware | Migration | Query | Scope
                | StatusLog | Synchronization | User => "accounting",
            };
            assert!(!area.is_empty(), "{}", model.as_str());
        }
    }

    #[test]
    fn models_and_actions_are_read_back() {
        for model in Model::ALL {
            assert_eq!(Model::parse(model.as_str()), Some(*model));
        }
        for action in Action::ALL {
            assert_eq!(Action::parse(action.as_str()), Some(action));
        }
        for permission in Permission::all() {
            assert_eq!(Permission::parse(&permission.to_string()), Some(permission));
        }
        assert_eq!(Permission::parse("deployment"), None);
    }
}
