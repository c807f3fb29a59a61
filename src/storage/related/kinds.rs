//! The kinds of objects that have a list: their names, tables and rights.

use crate::domain::account::Model;
use crate::storage::seen::Thing;

/// Kinds of objects, each with a list of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Account,
    Application,
    Attribute,
    AttributeSet,
    Computer,
    Deployment,
    Domain,
    Error,
    Fault,
    FaultDefinition,
    Formula,
    Group,
    Migration,
    Package,
    Platform,
    Policy,
    Project,
    Schedule,
    Scope,
    Store,
    Tag,
    TagCategory,
    Token,
    User,
}

use self::Kind::{
    Account, Application, Attribute, AttributeSet, Computer, Deployment, Domain, Error, Fault,
    FaultDefinition, Formula, Group, Migration, Package, Platform, Policy, Project, Schedule,
    Scope, Store, Tag, TagCategory, Token, User,
};

impl Kind {
    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Tag => "tag",
            TagCategory => "tag_category",
            Group => "group",
            other => other.table(),
        }
    }

    pub(super) fn table(self) -> &'static str {
        match self {
            Account => "account",
            Application => "application",
            Attribute | Tag => "attribute",
            AttributeSet => "attribute_set",
            Computer => "computer",
            Deployment => "deployment",
            Domain => "domain",
            Error => "error",
            Fault => "fault",
            FaultDefinition => "fault_definition",
            Formula | TagCategory => "formula",
            Group => "account_group",
            Migration => "migration",
            Package => "package",
            Platform => "platform",
            Policy => "policy",
            Project => "project",
            Schedule => "schedule",
            Scope => "scope",
            Store => "store",
            Token => "token",
            User => "user",
        }
    }

    /// What one must be allowed to view.
    pub fn model(self) -> Model {
        match self {
            Account | Token => Model::Account,
            Application => Model::Application,
            Attribute | Tag => Model::Attribute,
            AttributeSet => Model::AttributeSet,
            Computer => Model::Computer,
            Deployment => Model::Deployment,
            Domain => Model::Domain,
            Error => Model::Error,
            Fault => Model::Fault,
            FaultDefinition => Model::FaultDefinition,
            Formula | TagCategory => Model::Formula,
            Group => Model::Group,
            Migration => Model::Migration,
            Package => Model::Package,
            Platform => Model::Platform,
            Policy => Model::Policy,
            Project => Model::Project,
            Schedule => Model::Schedule,
            Scope => Model::Scope,
            Store => Model::Store,
            User => Model::User,
        }
    }

    /// What of it can be out of sight.
    pub(super) fn thing(self) -> Option<Thing> {
        Some(match self {
            Attribute | Tag => Thing::Attribute,
            AttributeSet => Thing::AttributeSet,
            Computer => Thing::Computer,
            Deployment => Thing::Deployment,
            Error => Thing::Error,
            Fault => Thing::Fault,
            FaultDefinition => Thing::FaultDefinition,
            Package => Thing::Package,
            Platform => Thing::Platform,
            Project => Thing::Project,
            Store => Thing::Store,
            User => Thing::User,
            _ => return None,
        })
    }
}
