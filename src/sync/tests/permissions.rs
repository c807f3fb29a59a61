//! Which account may vouch for a computer: every group, at the door of the protocol (D-PERM-03).

use super::site::{Desktop, NOW_MS, Site, at};
use crate::app::accounts::AccountForm;
use crate::app::actor::Actor;
use crate::app::domains::DomainForm;
use crate::domain::account::{Action, Model, Permission};
use crate::domain::groups::{DOMAIN_ADMIN, default_groups};

#[actix_web::test]
async fn d_perm_03_d_reg_04_d_reg_07_a_computer_is_vouched_for_by_who_may_add_and_change_computers()
{
    let site = Site::new();
    site.set("AUTOREGISTER", "false");
    // The project and its platform are there: only the computer is new.
    let system = Actor::system(at(NOW_MS));
    let project = crate::app::projects::ProjectForm {
        name: "debian-9.3".into(),
        platform: "Linux".into(),
        pms: "apt-get".into(),
        auto_register_computers: Some(false),
    };
    site.app.add_project(&system, project).await.unwrap();
    let domain = DomainForm { name: "goya".into(), ..DomainForm::default() };
    site.app.add_domain(&system, domain).await.unwrap();
    let mut admitted = Vec::new();
    for (number, (group, rights)) in (1..).zip(default_groups()) {
        let form = AccountForm {
            username: format!("only-{number}"),
            is_active: true,
            groups: vec![group.into()],
            domains: (group == DOMAIN_ADMIN).then(|| "GOYA".into()).into_iter().collect(),
            ..AccountForm::default()
        };
        let name = form.username.clone();
        let password = "a long password";
        site.app.add_account(&system, form, password.into()).await.unwrap();
        let may = [Action::Add, Action::Change]
            .into_iter()
            .all(|action| rights.contains(&Permission { model: Model::Computer, action }));
        let answer = Desktop::new(number).try_register_as(&site, &name, password).await;
        assert_eq!(answer.status == 200, may, "{group}: {}", answer.status);
        admitted.extend(may.then_some(group));
    }
    assert_eq!(admitted, ["Domain Admin"]);
    assert_eq!(site.count("SELECT count(*) FROM computer"), 1);
    // Who vouched has a domain selected: the computer is in it (D-REG-07).
    let included = "SELECT group_concat(prefix || '-' || value) FROM domain_attribute
                    JOIN attribute ON attribute.id = attribute_id
                    JOIN formula ON formula.id = formula_id WHERE excluded = 0";
    assert_eq!(site.text(included), "DMN-GOYA,CID-1");
}

#[actix_web::test]
async fn d_dom_08_d_dom_03_d_view_03_a_domain_admin_enrols_a_computer_into_its_domain() {
    let site = Site::new();
    let system = Actor::system(at(NOW_MS));
    let domain = DomainForm { name: "goya".into(), ..DomainForm::default() };
    site.app.add_domain(&system, domain).await.unwrap();
    let form = AccountForm {
        username: "dana".into(),
        is_active: true,
        groups: vec!["Reader".into(), DOMAIN_ADMIN.into()],
        domains: vec!["GOYA".into()],
        ..AccountForm::default()
    };
    site.app.add_account(&system, form, "a long password".into()).await.unwrap();
    let own = Desktop::new(1);
    assert_eq!(own.try_register_as(&site, "dana", "a long password").await.status, 200);
    own.sync(&site).await;
    // What an account has selected is nothing to computers: another one comes and goes freely.
    let other = Desktop::new(2);
    other.register(&site).await;
    other.sync(&site).await;
    let in_domain = "SELECT group_concat(computer_id) FROM computer_attribute
                     JOIN attribute ON attribute.id = attribute_id
                     JOIN formula ON formula.id = formula_id
                     WHERE prefix = 'DMN' AND value = 'GOYA' AND valid_to IS NULL";
    assert_eq!(site.text(in_domain), "1");
}
