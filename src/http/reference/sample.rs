//! A body to begin with: the example of the operation, or made of its schema: fields that must be there
//! or have a value anyway, empty.
//!
//! Optional ones are left out, since naming one often means changing it.

use serde_json::{Map, Value, json};

use super::{at, elements, members, shape_of};

/// Shapes within shapes that are followed: the document has no more, and might have a circle.
const DEPTH: usize = 6;

/// Returns JSON for readers; `media` is what the document says of the body.
pub fn of(document: &Value, media: &Value) -> String {
    let sample = match at(media, "example") {
        Value::Null => value(document, at(media, "schema"), DEPTH),
        own => own.clone(),
    };
    serde_json::to_string_pretty(&sample).unwrap_or_default()
}

fn value(document: &Value, schema: &Value, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return Value::Null };
    if let Some(name) = shape_of(schema) {
        let schemas = at(at(document, "components"), "schemas");
        return value(document, at(schemas, &name), depth);
    }
    for own in ["example", "default"] {
        let own = at(schema, own);
        if !own.is_null() {
            return own.clone();
        }
    }
    let mut choices = elements(at(schema, "oneOf")).chain(elements(at(schema, "anyOf")));
    if let Some(choice) = choices.find(|choice| at(choice, "type") != "null") {
        return value(document, choice, depth);
    }
    if let Some(first) = elements(at(schema, "enum")).next() {
        return first.clone();
    }
    let kind = at(schema, "type");
    let kind = elements(kind).find(|kind| *kind != "null").unwrap_or(kind);
    match kind.as_str() {
        Some("string") => json!(""),
        Some("integer" | "number") => json!(0),
        Some("boolean") => json!(false),
        Some("array") => json!([]),
        _ => Value::Object(fields(document, schema, depth)),
    }
}

/// The fields of an object, and of all it is composed of (`allOf`).
fn fields(document: &Value, schema: &Value, depth: usize) -> Map<String, Value> {
    let mut all = Map::new();
    for part in elements(at(schema, "allOf")) {
        if let Value::Object(fields) = value(document, part, depth) {
            all.extend(fields);
        }
    }
    let required: Vec<&str> = elements(at(schema, "required")).filter_map(Value::as_str).collect();
    for (name, property) in members(at(schema, "properties")) {
        if required.contains(&name.as_str()) || !at(property, "default").is_null() {
            all.insert(name.clone(), value(document, property, depth));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_ui_07_a_body_to_begin_with_has_what_must_be_there() {
        let document = json!({ "components": { "schemas": {
            "Part": { "type": "object", "required": ["size"],
                "properties": { "size": { "type": "integer" } } },
            "Round": { "type": "object", "required": ["next"],
                "properties": { "next": { "$ref": "#/components/schemas/Round" } } },
        } } });
        let part = json!({ "$ref": "#/components/schemas/Part" });
        let table = [
            (json!({ "type": "string" }), json!("")),
            (json!({ "type": "string", "example": "acme" }), json!("acme")),
            (json!({ "type": ["null", "integer"] }), json!(0)),
            (json!({ "type": "array", "items": part }), json!([])),
            (json!({ "type": "string", "enum": ["apt", "dnf"] }), json!("apt")),
            (json!({ "oneOf": [{ "type": "null" }, part] }), json!({ "size": 0 })),
            (
                json!({ "required": ["name"], "properties": { "name": { "type": "string" },
                    "comment": { "type": "string" },
                    "enabled": { "type": "boolean", "default": true } } }),
                json!({ "name": "", "enabled": true }),
            ),
            (
                json!({ "allOf": [part, { "required": ["on"], "properties":
                    { "on": { "type": "boolean" } } }] }),
                json!({ "size": 0, "on": false }),
            ),
            (json!({ "properties": { "name": { "default": null } } }), json!({})),
        ];
        for (schema, expected) in table {
            assert_eq!(value(&document, &schema, DEPTH), expected, "{schema}");
        }
        let round = json!({ "$ref": "#/components/schemas/Round" });
        let whole = of(&document, &json!({ "schema": round }));
        assert!(whole.contains("\"next\": null"), "a circle ends: {whole}");
        let own = of(&document, &json!({ "schema": round, "example": { "next": 7 } }));
        assert_eq!(own, "{\n  \"next\": 7\n}");
    }
}
