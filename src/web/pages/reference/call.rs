//! A request of the API as the form of its operation describes it (D-UI-07).

use std::fmt::Write as _;

use crate::http::forms::Fields;
use crate::http::reference::{Operation, Parameter, Place};
use crate::web::urls;

/// What a change must name so that it is guarded (docs/adr/0016).
const CONFIRMED: &str = "confirmed_computers";

/// A request, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub method: String,
    /// Path and query.
    pub address: String,
    /// JSON as it was typed.
    pub body: Option<String>,
    /// Media type of a body that is a file, which no form here sends.
    pub file: Option<String>,
}

impl Call {
    /// Puts the request together. Fields that are empty stay away, but for a number of computers:
    /// what is sent from a page is guarded like its forms.
    ///
    /// # Errors
    /// The parameter of the path that is missing.
    pub fn of<'a>(operation: &'a Operation, fields: &Fields) -> Result<Self, &'a Parameter> {
        let mut address = operation.path.clone();
        let mut separator = '?';
        for parameter in &operation.parameters {
            let name = &parameter.field.name;
            let value = value_of(parameter, fields);
            match parameter.place {
                Place::Path if value.is_empty() => return Err(parameter),
                Place::Path => {
                    let encoded = urls::encode_text(value).replace('/', "%2F");
                    address = address.replace(&format!("{{{name}}}"), &encoded);
                }
                Place::Query if value.is_empty() => {}
                Place::Query => {
                    // Writing to a string does not fail.
                    let _ = write!(address, "{separator}{name}={}", urls::encode_text(value));
                    separator = '&';
                }
            }
        }
        let (method, taken) = (operation.method.clone(), operation.body.as_ref());
        let typed = taken.filter(|body| body.sample.is_some()).map(|_| fields.get(BODY).to_owned());
        let file = taken.filter(|body| body.sample.is_none()).map(|body| body.media_type.clone());
        Ok(Self { method, address, body: typed, file })
    }

    /// Says whether the form has all of it.
    pub fn is_complete(&self) -> bool {
        self.file.is_none()
    }

    /// The same as a command; `site` is scheme and host.
    pub fn command(&self, site: &str) -> String {
        let mut command = "curl --header \"Authorization: Bearer $TOKEN\"".to_owned();
        let mut add = |argument: &str| {
            command.push_str(" \\\n    ");
            command.push_str(argument);
        };
        if self.method != "GET" {
            add(&format!("--request {}", self.method));
        }
        let media_type = self.body.as_ref().map(|_| "application/json").or(self.file.as_deref());
        if let Some(media_type) = media_type {
            add(&format!("--header 'Content-Type: {media_type}'"));
        }
        match (&self.body, &self.file) {
            (Some(body), _) => add(&format!("--data-raw {}", quoted(body))),
            (None, Some(_)) => add("--data-binary @FILE"),
            (None, None) => {}
        }
        add(&quoted(&format!("{site}{}", self.address)));
        command
    }
}

/// Name of the field with the body.
pub const BODY: &str = "body";

/// Name of the field of a parameter.
pub fn field_name(parameter: &Parameter) -> String {
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query => "query",
    };
    format!("{place}.{}", parameter.field.name)
}

/// What was typed for it, or what stands there.
pub fn value_of<'a>(parameter: &Parameter, fields: &'a Fields) -> &'a str {
    match fields.get(&field_name(parameter)).trim() {
        "" if parameter.field.name == CONFIRMED => "0",
        typed => typed,
    }
}

/// One word for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::reference::Reference;

    /// Fields and values.
    type Typed<'a> = &'a [(&'a str, &'a str)];

    fn fields(all: Typed<'_>) -> Fields {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn d_ui_07_a_form_becomes_the_request_it_describes() {
        let json = "{\"value\": \"it's\"}";
        let table: [(&str, Typed<'_>, &str, &str); 5] = [
            (
                "get_tags",
                &[("query.search", " a b&c "), ("query.limit", ""), ("query.other", "1")],
                "GET /api/v1/tags?search=a%20b%26c",
                "'http://site/api/v1/tags?search=a%20b%26c'",
            ),
            (
                "get_computers_cid",
                &[("path.cid", "CID-7/../8?x")],
                "GET /api/v1/computers/CID-7%2F..%2F8%3Fx",
                "'http://site/api/v1/computers/CID-7%2F..%2F8%3Fx'",
            ),
            (
                "delete_tags_id",
                &[("path.id", "3")],
                "DELETE /api/v1/tags/3?confirmed_computers=0",
                "--request DELETE",
            ),
            (
                "post_tags",
                &[("query.preview", "true"), ("query.confirmed_computers", "61"), ("body", json)],
                "POST /api/v1/tags?preview=true&confirmed_computers=61",
                r#"--data-raw '{"value": "it'\''s"}'"#,
            ),
            (
                "put_applications_id_icon",
                &[("path.id", "1")],
                "PUT /api/v1/applications/1/icon?confirmed_computers=0",
                "--header 'Content-Type: image/png' \\\n    --data-binary @FILE",
            ),
        ];
        for (id, typed, line, part) in table {
            let operation = Reference::get().find(id).unwrap_or_else(|| panic!("no {id}"));
            let call = Call::of(operation, &fields(typed)).unwrap();
            assert_eq!(format!("{} {}", call.method, call.address), line, "{id}");
            let command = call.command("http://site");
            assert!(command.contains(part), "{id}: {command}");
            assert!(command.starts_with("curl --header \"Authorization: Bearer $TOKEN\""));
            assert_eq!(call.body.is_some(), id == "post_tags", "{id}");
        }
    }

    #[test]
    fn d_ui_07_a_path_without_its_parameter_is_no_request() {
        let operation = Reference::get().find("delete_tags_id").unwrap();
        let missing = Call::of(operation, &fields(&[("path.id", "  ")])).unwrap_err();
        assert_eq!(missing.field.name, "id");
    }
}
