//! The table of permissions: a row for each model, a box for each action (6.3).

use maud::{Markup, html};

use super::form::Form;
use crate::domain::account::{Action, Model, Permission};
use crate::t;

/// Boxes named `field`; their values are `deployment:change` and the like.
pub fn permissions(form: &Form<'_>, field: &str, held: &[String]) -> Markup {
    let lang = form.lang;
    let model_name =
        |model: &Model| t!(lang, &format!("model-{}", model.as_str().replace('_', "-")));
    let action_name = |action: Action| t!(lang, &format!("right-{}", action.as_str()));
    html! {
        @if let Some(text) = form.problems.of(field) { p.wrong { (text) } }
        div.table-box tabindex="0" role="region" aria-label=(t!(lang, "permissions-table")) {
            table.permissions {
                caption.hidden-text { (t!(lang, "permissions-table")) }
                thead {
                    tr {
                        th scope="col" { (t!(lang, "permissions-model")) }
                        @for action in Action::ALL { th scope="col" { (action_name(action)) } }
                    }
                }
                tbody {
                    @for model in Model::ALL {
                        tr {
                            th scope="row" { (model_name(model)) }
                            @for action in Action::ALL {
                                @let value = Permission { model: *model, action }.to_string();
                                td {
                                    input type="checkbox" name=(field) value=(value)
                                        checked[held.contains(&value)] disabled[!form.writable]
                                        aria-label={
                                            (model_name(model)) ": " (action_name(action))
                                        };
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Lang;
    use crate::web::components::form::Problems;

    #[test]
    fn d_perm_04_every_permission_has_a_box_which_only_a_writer_can_tick() {
        for writable in [true, false] {
            let problems = Problems::none();
            let form = Form { lang: Lang::En, csrf: "", problems: &problems, writable };
            let html = permissions(&form, "permissions", &["store:add".into()]).into_string();
            let boxes = html.matches("type=\"checkbox\"").count();
            assert_eq!(boxes, 4 * Model::ALL.len());
            assert_eq!(html.matches(" checked").count(), 1);
            assert_eq!(html.matches(" disabled").count(), if writable { 0 } else { boxes });
            assert!(html.contains("aria-label=\"Store: add\""), "{html}");
        }
    }
}
