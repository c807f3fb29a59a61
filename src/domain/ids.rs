//! Identities as types, so that a computer's is never taken for a project's.

macro_rules! id {
    ($(#[$doc:meta] $name:ident),* $(,)?) => {$(
        #[$doc]
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

id! {
    /// An account that administers the site.
    AccountId,
    /// A group of accounts.
    GroupId,
    /// A bearer token.
    TokenId,
    /// A platform, `Linux`.
    PlatformId,
    /// A project.
    ProjectId,
    /// A computer: its CID.
    ComputerId,
    /// A formula.
    FormulaId,
    /// An attribute.
    AttributeId,
    /// A user of computers.
    UserId,
    /// A fault definition.
    FaultDefinitionId,
    /// A fault.
    FaultId,
    /// An error a computer reported.
    ErrorId,
    /// A pattern of errors that need no check.
    AutoCheckErrorId,
    /// A notification.
    NotificationId,
    /// A synchronisation that ended.
    SynchronizationId,
    /// A change of project.
    MigrationId,
    /// A change of status.
    StatusLogId,
    /// A store.
    StoreId,
    /// A package record.
    PackageId,
    /// Bytes of a package.
    PayloadId,
    /// A deployment.
    DeploymentId,
    /// An attribute set.
    AttributeSetId,
    /// A domain.
    DomainId,
    /// A scope.
    ScopeId,
    /// A schedule.
    ScheduleId,
    /// A delay of a schedule.
    DelayId,
    /// An application of the catalogue.
    ApplicationId,
    /// A policy.
    PolicyId,
    /// A group of a policy.
    PolicyGroupId,
    /// What an administrative change did to rows, for undoing it.
    ChangeId,
}
