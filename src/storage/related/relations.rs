//! The table of D-UI-06: what is related to what. A relation that is added here is counted on the
//! page of the object and narrows the list it names.

use super::Kind;
use super::Kind::{
    Account, Application, Attribute, AttributeSet, Computer, Deployment, Domain, Error, Fault,
    FaultDefinition, Formula, Group, Migration, Package, Platform, Policy, Project, Schedule,
    Scope, Store, Tag, TagCategory, Token, User,
};

/// What is related: of which object, the rows of which list, and their ids, `{id}` being the id of
/// the object.
#[rustfmt::skip]
pub(super) const RELATIONS: &[(Kind, Kind, &str)] = &[
    (Account, Group, "SELECT group_id FROM account_member WHERE account_id = {id}"),
    (Account, Domain, "SELECT domain_id FROM domain_administrator WHERE account_id = {id}"),
    (Account, FaultDefinition,
        "SELECT fault_definition_id FROM fault_definition_account WHERE account_id = {id}"),
    (Account, Token, "SELECT id FROM token WHERE account_id = {id}"),
    (Application, Policy,
        "SELECT policy_id FROM policy_group_application
         JOIN policy_group ON policy_group.id = policy_group_id WHERE application_id = {id}"),
    (Application, Project, "SELECT project_id FROM application_project WHERE application_id = {id}"),
    (Application, Attribute,
        "SELECT attribute_id FROM application_attribute WHERE application_id = {id}"),
    (Attribute, Computer,
        "SELECT computer_id FROM computer_attribute
         WHERE attribute_id = {id} AND valid_to IS NULL"),
    (Attribute, Deployment, "SELECT deployment_id FROM deployment_attribute WHERE attribute_id = {id}"),
    (Attribute, AttributeSet,
        "SELECT attribute_set_id FROM attribute_set_attribute WHERE attribute_id = {id}"),
    (Attribute, FaultDefinition,
        "SELECT fault_definition_id FROM fault_definition_attribute WHERE attribute_id = {id}"),
    (Attribute, Policy,
        "SELECT policy_id FROM policy_attribute WHERE attribute_id = {id}
         UNION SELECT policy_id FROM policy_group
         JOIN policy_group_attribute ON policy_group_id = policy_group.id WHERE attribute_id = {id}"),
    (Attribute, Application,
        "SELECT application_id FROM application_attribute WHERE attribute_id = {id}"),
    (Attribute, Schedule,
        "SELECT schedule_id FROM schedule_delay
         JOIN schedule_delay_attribute ON schedule_delay_id = schedule_delay.id
         WHERE attribute_id = {id}"),
    (Attribute, Domain,
        "SELECT domain_id FROM domain_attribute WHERE attribute_id = {id}
         UNION SELECT domain_id FROM domain_tag WHERE attribute_id = {id}"),
    (AttributeSet, Computer,
        "SELECT computer_id FROM computer_attribute WHERE valid_to IS NULL AND attribute_id =
             (SELECT attribute_id FROM attribute_set WHERE id = {id})"),
    (AttributeSet, Deployment,
        "SELECT deployment_id FROM deployment_attribute WHERE attribute_id =
             (SELECT attribute_id FROM attribute_set WHERE id = {id})"),
    (AttributeSet, Attribute,
        "SELECT attribute_id FROM attribute_set_attribute WHERE attribute_set_id = {id}"),
    (Deployment, Package, "SELECT package_id FROM deployment_package WHERE deployment_id = {id}"),
    (Deployment, Attribute, "SELECT attribute_id FROM deployment_attribute WHERE deployment_id = {id}"),
    (Domain, Computer,
        "SELECT computer_id FROM computer_attribute
         WHERE valid_to IS NULL AND attribute_id IN
             (SELECT attribute_id FROM domain_attribute WHERE domain_id = {id} AND excluded = 0)
         EXCEPT SELECT computer_id FROM computer_attribute
         WHERE valid_to IS NULL AND attribute_id IN
             (SELECT attribute_id FROM domain_attribute WHERE domain_id = {id} AND excluded = 1)"),
    (Domain, Deployment, "SELECT id FROM deployment WHERE domain_id = {id}"),
    (Domain, Tag, "SELECT attribute_id FROM domain_tag WHERE domain_id = {id}"),
    (Domain, Account, "SELECT account_id FROM domain_administrator WHERE domain_id = {id}"),
    (FaultDefinition, Fault, "SELECT id FROM fault WHERE fault_definition_id = {id}"),
    (FaultDefinition, Attribute,
        "SELECT attribute_id FROM fault_definition_attribute WHERE fault_definition_id = {id}"),
    (FaultDefinition, Account,
        "SELECT account_id FROM fault_definition_account WHERE fault_definition_id = {id}"),
    (Formula, Attribute, "SELECT id FROM attribute WHERE formula_id = {id}"),
    (Group, Account, "SELECT account_id FROM account_member WHERE group_id = {id}"),
    (Package, Deployment, "SELECT deployment_id FROM deployment_package WHERE package_id = {id}"),
    (Platform, Project, "SELECT id FROM project WHERE platform_id = {id}"),
    (Platform, Computer,
        "SELECT computer.id FROM computer JOIN project ON project.id = project_id
         WHERE platform_id = {id}"),
    (Policy, Application,
        "SELECT application_id FROM policy_group_application
         JOIN policy_group ON policy_group.id = policy_group_id WHERE policy_id = {id}"),
    (Policy, Attribute, "SELECT attribute_id FROM policy_attribute WHERE policy_id = {id}"),
    (Project, Computer, "SELECT id FROM computer WHERE project_id = {id}"),
    (Project, Deployment, "SELECT id FROM deployment WHERE project_id = {id}"),
    (Project, Store, "SELECT id FROM store WHERE project_id = {id}"),
    (Project, Package, "SELECT id FROM package WHERE project_id = {id} AND registered = 1"),
    (Project, Application, "SELECT application_id FROM application_project WHERE project_id = {id}"),
    (Project, Error, "SELECT id FROM error WHERE project_id = {id}"),
    (Project, Fault, "SELECT id FROM fault WHERE project_id = {id}"),
    (Project, Migration, "SELECT id FROM migration WHERE project_id = {id}"),
    (Schedule, Deployment, "SELECT id FROM deployment WHERE schedule_id = {id}"),
    (Schedule, Attribute,
        "SELECT attribute_id FROM schedule_delay_attribute
         JOIN schedule_delay ON schedule_delay.id = schedule_delay_id WHERE schedule_id = {id}"),
    (Scope, Computer,
        "SELECT computer_id FROM computer_attribute
         WHERE valid_to IS NULL AND attribute_id IN
             (SELECT attribute_id FROM scope_attribute WHERE scope_id = {id} AND excluded = 0)
         EXCEPT SELECT computer_id FROM computer_attribute
         WHERE valid_to IS NULL AND attribute_id IN
             (SELECT attribute_id FROM scope_attribute WHERE scope_id = {id} AND excluded = 1)"),
    (Scope, Attribute, "SELECT attribute_id FROM scope_attribute WHERE scope_id = {id}"),
    (Store, Package, "SELECT id FROM package WHERE store_id = {id} AND registered = 1"),
    (TagCategory, Tag, "SELECT id FROM attribute WHERE formula_id = {id}"),
    (User, Computer, "SELECT id FROM computer WHERE sync_user_id = {id}"),
];
