//! The API as a reader sees it: made from the OpenAPI document, shown by the page `/docs`.
//!
//! It stands here because the room that has the document may not draw pages, and the one that
//! draws them may not know the API.

use std::sync::LazyLock;

use serde_json::Value;

mod sample;

/// The OpenAPI document, as the room `api` describes itself.
pub const DOCUMENT: &str = include_str!("../../assets/api/openapi.json");

/// Media type of the bodies that are no files.
const JSON: &str = "application/json";

static REFERENCE: LazyLock<Reference> =
    LazyLock::new(|| Reference::read(&serde_json::from_str(DOCUMENT).unwrap_or_default()));

/// The API by subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reference {
    pub sections: Vec<Section>,
    /// Bodies that operations name, by name.
    pub shapes: Vec<Shape>,
}

/// The operations of one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub name: String,
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Unique in the document: an anchor.
    pub id: String,
    /// `GET`, `POST`…
    pub method: String,
    /// With `/api/v1` in front.
    pub path: String,
    pub summary: String,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub answers: Vec<Answer>,
}

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub place: Place,
    pub field: Field,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In place of `{name}` in the path.
    Path,
    Query,
}

/// The body an operation takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pub kind: Kind,
    /// `application/json`, or that of a file.
    pub media_type: String,
    /// JSON to begin with: what must be there, with empty values. None for a file.
    pub sample: Option<String>,
}

/// An answer of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: String,
    pub body: Option<Kind>,
}

/// A parameter, or a field of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub required: bool,
    pub description: String,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// `string`, `integer`, `list of NAME`…
    pub text: String,
    /// The shape it names.
    pub shape: Option<String>,
}

/// A body with its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub name: String,
    pub description: String,
    pub fields: Vec<Field>,
}

impl Reference {
    /// Returns that of the embedded document; the first call reads it.
    pub fn get() -> &'static Self {
        &REFERENCE
    }

    /// Reads an OpenAPI document; what it lacks is left out.
    pub fn read(document: &Value) -> Self {
        let base = pointed(document, "/servers/0/url");
        let mut sections: Vec<Section> = Vec::new();
        for (path, item) in members(at(document, "paths")) {
            for (method, operation) in members(item) {
                let name = pointed(operation, "/tags/0");
                let read = read_operation(document, method, &format!("{base}{path}"), operation);
                match sections.iter_mut().find(|section| section.name == name) {
                    Some(section) => section.operations.push(read),
                    None => sections.push(Section { name, operations: vec![read] }),
                }
            }
        }
        sections.sort_by(|a, b| a.name.cmp(&b.name));
        let shapes = members(at(at(document, "components"), "schemas"));
        let shapes = shapes.map(|(name, schema)| read_shape(name, schema)).collect();
        Self { sections, shapes }
    }

    /// The operation with that id.
    pub fn find(&self, id: &str) -> Option<&Operation> {
        let mut all = self.sections.iter().flat_map(|section| &section.operations);
        all.find(|operation| operation.id == id)
    }

    /// The shape with that name.
    pub fn shape(&self, name: &str) -> Option<&Shape> {
        self.shapes.iter().find(|shape| shape.name == name)
    }
}

fn read_operation(document: &Value, method: &str, path: &str, operation: &Value) -> Operation {
    let answer = |(status, answer): (&String, &Value)| Answer {
        status: status.clone(),
        body: content(answer).map(|(media_type, media)| body_kind(media_type, media)),
    };
    let body = |(media_type, media): (&str, &Value)| Body {
        kind: body_kind(media_type, media),
        media_type: media_type.to_owned(),
        sample: (media_type == JSON).then(|| sample::of(document, media)),
    };
    Operation {
        id: text(at(operation, "operationId")),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(at(operation, "summary")),
        parameters: elements(at(operation, "parameters")).map(read_parameter).collect(),
        body: content(at(operation, "requestBody")).map(body),
        answers: members(at(operation, "responses")).map(answer).collect(),
    }
}

fn read_parameter(parameter: &Value) -> Parameter {
    let place = if at(parameter, "in") == "path" { Place::Path } else { Place::Query };
    let field = Field {
        name: text(at(parameter, "name")),
        kind: kind(at(parameter, "schema")),
        required: at(parameter, "required").as_bool().unwrap_or_default(),
        description: text(at(parameter, "description")),
    };
    Parameter { place, field }
}

/// Media type of a body and what the document says of it.
fn content(body: &Value) -> Option<(&str, &Value)> {
    let (media_type, media) = members(at(body, "content")).next()?;
    Some((media_type, media))
}

/// A file has no schema.
fn body_kind(media_type: &str, media: &Value) -> Kind {
    match at(media, "schema") {
        Value::Null => Kind { text: media_type.to_owned(), shape: None },
        schema => kind(schema),
    }
}

/// A schema composed of others (`allOf`) has the fields of all its parts.
fn read_shape(name: &str, schema: &Value) -> Shape {
    let mut fields = Vec::new();
    for part in std::iter::once(schema).chain(elements(at(schema, "allOf"))) {
        let required: Vec<&str> =
            elements(at(part, "required")).filter_map(Value::as_str).collect();
        if let Some(other) = shape_of(part) {
            let kind = Kind { text: other.clone(), shape: Some(other) };
            let (name, description) = ("…".to_owned(), String::new());
            fields.push(Field { name, kind, required: true, description });
        }
        fields.extend(members(at(part, "properties")).map(|(name, property)| Field {
            name: name.clone(),
            kind: kind(property),
            required: required.contains(&name.as_str()),
            description: text(at(property, "description")),
        }));
    }
    Shape { name: name.to_owned(), description: text(at(schema, "description")), fields }
}

fn kind(schema: &Value) -> Kind {
    if let Some(shape) = shape_of(schema) {
        return Kind { text: shape.clone(), shape: Some(shape) };
    }
    // An optional value is one of null and what it is otherwise.
    let mut choices = elements(at(schema, "oneOf")).chain(elements(at(schema, "anyOf")));
    if let Some(choice) = choices.find(|choice| at(choice, "type") != "null") {
        let Kind { text, shape } = kind(choice);
        return Kind { text: format!("{text} or null"), shape };
    }
    let types: Vec<&str> = match at(schema, "type") {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec!["value"],
    };
    let mut shape = None;
    let words: Vec<String> = types
        .iter()
        .map(|one| match (*one, at(schema, "format").as_str()) {
            ("array", _) => {
                let items = kind(at(schema, "items"));
                shape = items.shape;
                format!("list of {}", items.text)
            }
            ("string", Some("date-time")) => "instant".to_owned(),
            (other, _) => other.to_owned(),
        })
        .collect();
    Kind { text: words.join(" or "), shape }
}

fn shape_of(schema: &Value) -> Option<String> {
    at(schema, "$ref").as_str()?.rsplit('/').next().map(str::to_owned)
}

/// The member of that name; null where there is none.
fn at<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}

/// The text at a JSON pointer (RFC 6901).
fn pointed(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).map(text).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_operation_shows_what_it_takes_and_answers() {
        let document = json!({
            "servers": [{ "url": "/api/v1" }],
            "paths": { "/things/{id}": { "get": {
                "tags": ["things"], "operationId": "get_things_id", "summary": "Returns one.",
                "parameters": [
                    { "name": "id", "required": true, "schema": { "type": "integer" } },
                ],
                "responses": {
                    "200": { "content": { "application/json": {
                        "schema": { "$ref": "#/components/schemas/Thing" } } } },
                    "204": {},
                },
            } } },
            "components": { "schemas": { "Thing": {
                "description": "A thing.", "required": ["id"],
                "properties": {
                    "id": { "type": "integer", "description": "Its number." },
                    "at": { "type": ["string", "null"], "format": "date-time" },
                    "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Part" } },
                    "next": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Part" }] },
                },
            } } },
        });
        let reference = Reference::read(&document);
        let operation = &reference.sections[0].operations[0];
        assert_eq!(
            (operation.method.as_str(), operation.path.as_str()),
            ("GET", "/api/v1/things/{id}")
        );
        assert_eq!(operation.answers[0].body.as_ref().unwrap().shape.as_deref(), Some("Thing"));
        assert_eq!(operation.answers[1].body, None);
        let kinds: Vec<_> = reference.shapes[0]
            .fields
            .iter()
            .map(|f| (f.name.as_str(), f.kind.text.as_str()))
            .collect();
        assert_eq!(
            kinds,
            [
                ("at", "instant or null"),
                ("id", "integer"),
                ("next", "Part or null"),
                ("parts", "list of Part")
            ]
        );
    }
}
