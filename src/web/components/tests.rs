//! Golden tests: what each component renders, in `testdata/web/`, one tag in a line.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, Render, html};

use super::chart::{Bar, bars};
use super::facts::Facts;
use super::filters::{Filter, Filters, yes_no};
use super::form::{Choice, Form, Problems};
use super::panel::Confirm;
use super::related::{AlertRow, Related, alert_list, related};
use super::status::{Level, checked, legend};
use super::table::{Action, Order, Row, Selection, Table, column, pager};
use super::target::target;
use super::time::{since_sync, sync_time, time};
use super::tree::{Node, Tree};
use crate::catalogue::Lang;
use crate::domain::computer::Progress;
use crate::web::reader::Reader;
use crate::web::urls::Query;

const HOSTILE: &str = "<script>alert('x')</script>";

fn golden(name: &str, markup: impl Render) {
    let html = markup.render().0;
    assert!(!html.contains("<script"), "{name}: {html}");
    // Addresses of assets name their content, which is not what is tested here.
    let hash = regex::Regex::new("/assets/[0-9a-f]{16}/").unwrap();
    let lines = hash.replace_all(&html, "/assets/HASH/").replace("><", ">\n<");
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/web"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, lines) });
}

fn reader(lang: Lang) -> Reader {
    let now: Timestamp = "2024-06-05T10:00:00Z".parse().unwrap();
    Reader { lang, zone: TimeZone::get("Europe/Madrid").unwrap(), now }
}

fn text(text: &str) -> Markup {
    html! { (text) }
}

#[test]
fn a_table_sorts_selects_and_pages() {
    let lang = Lang::En;
    let query = Query::parse("/things", "q=a&sort=-name&cursor=20&back=-");
    let table = Table {
        lang,
        caption: "Things".into(),
        columns: vec![
            column(lang, "name").sortable("name"),
            column(lang, "project").sortable("project"),
            column(lang, "packages").number(),
        ],
        rows: vec![
            Row::new("thing", 7, vec![text(HOSTILE), text("a & b"), text("3")]),
            Row::new("thing", 8, vec![text("second"), Markup::default(), text("0")]),
        ],
        order: Some(Order { current: "-name", query: &query }),
        selection: Some(Selection {
            url: "/things/selection".into(),
            csrf: "token",
            actions: vec![Action { name: "delete", label: "Delete".into(), danger: true }],
            extra: None,
        }),
        empty: "Nothing.".into(),
    };
    golden("table", html! { (table) (pager(lang, &query, 2, Some("40"))) });
}

#[test]
fn an_empty_table_says_so() {
    let lang = Lang::En;
    let table = Table {
        lang,
        caption: "Things".into(),
        columns: vec![column(lang, "name")],
        rows: Vec::new(),
        order: None,
        selection: None,
        empty: "There are no things yet.".into(),
    };
    golden("table-empty", table);
}

#[test]
fn filters_keep_what_was_chosen() {
    let query = Query::parse("/things", "q=%3Cscript%3E&checked=no&from=2024-01-01&sort=name");
    let filters = Filters {
        lang: Lang::Es,
        query: &query,
        filters: vec![
            Filter::Search("Cosa".into()),
            Filter::Choice {
                name: "checked",
                label: "Revisado".into(),
                options: yes_no("Sí".into(), "No".into()),
            },
            Filter::Date { name: "from", label: "Desde".into() },
        ],
    };
    golden("filters", filters);
}

#[test]
fn a_form_ties_labels_hints_and_complaints_to_its_fields() {
    let problems = Problems::field("name", "A name is needed.".into());
    let form = Form { lang: Lang::En, csrf: "token", problems: &problems, writable: true };
    let options = vec![Choice::plain("apt-get"), Choice::plain("yum")];
    let fields = html! {
        (form.text("name", HOSTILE).required().max(50))
        (form.choice("pms", "yum", options))
        (form.tick("auto_register_computers", true))
        (form.code("code", "\necho '</textarea>'"))
        (form.picker("included_attributes", "SET-ALL SYSTEMS\n", "/suggest/attributes"))
        (form.password("password").complete("new-password"))
        (form.file("file").several())
    };
    golden("form", form.frame("/things", fields, form.save_or("/things")));
}

#[test]
fn d_perm_04_a_form_that_may_not_be_changed_is_read_only() {
    let problems = Problems::none();
    let form = Form { lang: Lang::En, csrf: "token", problems: &problems, writable: false };
    let fields = html! {
        (form.text("name", "x").required())
        (form.choice("pms", "yum", vec![Choice::plain("yum")]))
        (form.tick("auto_register_computers", false))
        (form.picker("included_attributes", "CID-1\n", "/suggest/attributes"))
    };
    golden("form-read-only", form.frame("/things", fields, form.save_or("/things")));
}

#[test]
fn a_question_names_what_is_lost() {
    let confirm = Confirm {
        lang: Lang::En,
        csrf: "token",
        url: "/things/delete".into(),
        back: "/things".into(),
        question: "Delete these 2 things?".into(),
        losses: vec!["3 packages".into(), HOSTILE.into()],
        fields: vec![("id", "1".into()), ("id", "2".into())],
        button: "Delete".into(),
    };
    golden("confirm", confirm);
}

#[test]
fn d_ui_09_the_six_statuses_have_a_legend() {
    golden("legend-en", legend(Lang::En));
    golden("legend-es", legend(Lang::Es));
}

#[test]
fn facts_without_a_value_are_left_out() {
    let facts = Facts::new(Lang::En)
        .add("name", HOSTILE)
        .add_some("fqdn", None::<&str>)
        .add_text("comment", "")
        .add_raw("latency", "64");
    golden("facts", html! { (facts) (checked(Lang::En, false)) (checked(Lang::En, true)) });
}

#[test]
fn d_hw_04_a_tree_opens_and_closes() {
    let leaf = |name: &str| Node {
        anchor: name.into(),
        label: text(name),
        about: None,
        open: false,
        children: Vec::new(),
    };
    let about = Facts::new(Lang::En).add("size", "8.0 GiB");
    let memory = Node { about: Some(html! { (about) }), ..leaf("memory") };
    let root = Node { open: true, children: vec![memory, leaf("disk")], ..leaf("pc") };
    golden("tree", Tree { label: "Hardware".into(), roots: &[root] });
}

#[test]
fn d_ui_06_related_lists_have_counts() {
    let lists = [
        Related::new(Lang::En, "nav-errors", 3, "/errors?computer=1".into()).urgent(),
        Related { current: true, ..Related::view(Lang::En, "nav-history", "/audit".into()) },
    ];
    golden("related", related(Lang::En, &lists));
}

#[test]
fn d_alert_10_the_panel_shows_level_text_and_count() {
    let row = |level, text: &str, count| AlertRow {
        level,
        text: text.into(),
        count,
        url: "/errors?checked=no".into(),
    };
    let alerts = [row(Level::Warning, "Packages", 2), row(Level::Danger, "Errors", 1)];
    golden("alerts", alert_list(Lang::En, &alerts));
    golden("alerts-none", alert_list(Lang::En, &[]));
}

#[test]
fn d_stats_05_a_chart_has_a_table() {
    let bar = |name: &str, count| Bar { name: name.into(), count, url: Some("/x".into()) };
    let days = [bar("2024-06-03", 0), bar("2024-06-04", 1), bar("2024-06-05", 120)];
    golden("chart", bars(Lang::En, "Per day", &days));
}

#[test]
fn a_target_strikes_out_what_is_excluded() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let many = names(&["A-1", "A-2", "A-3", "A-4", "A-5", "A-6", "A-7"]);
    golden(
        "target",
        html! {
            (target(Lang::En, &names(&["SET-ALL SYSTEMS"]), &names(&["CID-7"])))
            (target(Lang::En, &many, &names(&["CID-7"])))
        },
    );
}

#[test]
fn d_comp_05_and_d_comp_06_times_of_synchronisations() {
    let reader = reader(Lang::En);
    let ago = |hours| reader.now.checked_sub(SignedDuration::from_hours(hours)).ok();
    golden(
        "times",
        html! {
            (time(&reader, reader.now))
            @for end in [None, ago(0), ago(24), ago(24 * 40)] { (since_sync(&reader, end)) }
            @for progress in [
                Progress::Never,
                Progress::Finished(SignedDuration::from_secs(65)),
                Progress::Synchronising,
                Progress::Delayed(SignedDuration::from_hours(50)),
            ] { (sync_time(Lang::En, progress)) }
        },
    );
}
