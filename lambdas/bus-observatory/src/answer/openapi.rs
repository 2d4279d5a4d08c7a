//! The description of the API.

use serde_json::{Value, json};

use super::Format;

/// The OpenAPI 3.1 document.
pub fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Bus observatory",
            "version": "1.0.0",
            "description": "Positions of buses from public feeds, collected every minute.",
            "license": {"name": "CC BY-NC 4.0", "url": "https://creativecommons.org/licenses/by-nc/4.0/"}
        },
        "paths": {
            "/": {"get": operation("index", "The feeds as a page for people", &json!([]), &json!({
                "200": content("The page", &json!({"text/html": {"schema": {"type": "string"}}})),
            }))},
            "/feeds": {"get": operation("feeds", "The feeds", &json!([]), &json!({
                "200": json_content("The feeds", &json!({"type": "array", "items": reference("Feed")})),
            }))},
            "/openapi.json": {"get": operation("openapi", "This document", &json!([]), &json!({
                "200": json_content("This document", &json!({"type": "object"})),
            }))},
            "/{system_id}/schema": {"get": operation("schema", "The columns of a feed", &json!([system_id()]), &json!({
                "200": json_content("The columns", &reference("Schema")),
                "404": error("There is no such system"),
            }))},
            "/buses/live/{system_id}": {"get": operation("live", "The last positions", &json!([system_id()]), &json!({
                "200": content("A collection of points", &json!({"application/geo+json": {"schema": {"type": "object"}}})),
                "303": json_content("The answer is large, and elsewhere", &reference("Export")),
                "404": error("There is no such system"),
                "500": error("Something went wrong"),
            }))},
            "/buses/bulk/{system_id}/{route}/{year}/{month}/{day}/{hour}": {"get": operation(
                "bulk",
                "One hour of one route",
                &json!([
                    system_id(),
                    path("route", &json!({"type": "string"})),
                    path("year", &json!({"type": "integer", "minimum": 2011, "maximum": 2050})),
                    path("month", &json!({"type": "integer", "minimum": 1, "maximum": 12})),
                    path("day", &json!({"type": "integer", "minimum": 1, "maximum": 31})),
                    path("hour", &json!({"type": "integer", "minimum": 0, "maximum": 23})),
                    query("tz", "`feed`, or an IANA name: whose clocks show the hour. UTC without it.", &json!({
                        "type": "string", "examples": ["feed", "America/New_York"],
                    })),
                    query("format", "Comes before the header `Accept`.", &json!({
                        "type": "string", "enum": ["json", "csv", "parquet"], "default": "json",
                    })),
                ]),
                &json!({
                    "200": content("The rows by time and vehicle; none is fine", &json!({
                        "application/json": {"schema": reference("Rows")},
                        "text/csv": {"schema": {"type": "string"}},
                        Format::Parquet.media_type(): {},
                    })),
                    "303": json_content("The answer is large, and elsewhere", &reference("Export")),
                    "400": error("There is no such hour or time zone"),
                    "404": error("There is no such system"),
                    "406": error("There is no such format"),
                    "500": error("Something went wrong"),
                }),
            )},
        },
        "components": {"schemas": schemas()},
    })
}

fn schemas() -> Value {
    let text = json!({"type": "string"});
    let time = json!({"type": "string", "format": "date-time"});
    let count = json!({"type": "integer", "minimum": 0});
    json!({
        "Feed": object(&[
            ("system_id", &text), ("enabled", &json!({"type": "boolean"})), ("system_name", &text),
            ("city_name", &text), ("feed_type", &json!({"type": "string", "enum": ["gtfsrt", "siri", "njxml"]})),
            ("tz", &text), ("route_column", &text), ("timestamp_column", &text),
        ]),
        "Schema": object(&[
            ("system_id", &text), ("feed_type", &text), ("route_column", &text), ("timestamp_column", &text),
            ("columns", &json!({"type": "array", "items": object(&[("name", &text), ("type", &text)])})),
        ]),
        "Rows": object(&[
            ("query", &object(&[("system_id", &text), ("route", &text), ("start (gte)", &time), ("end (lt)", &time)])),
            ("result", &json!({"type": "array", "items": {"type": "object"}})),
        ]),
        "Export": object(&[("url", &json!({"type": "string", "format": "uri"})), ("rows", &count), ("bytes", &count), ("expires_at", &time)]),
        "Error": object(&[("error", &object(&[
            ("code", &text), ("message", &text), ("field", &json!({"type": ["string", "null"]})),
        ]))]),
    })
}

/// An object that has all of these properties.
fn object(properties: &[(&str, &Value)]) -> Value {
    let names: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> =
        properties.iter().map(|(name, schema)| ((*name).to_owned(), (*schema).clone())).collect();
    json!({"type": "object", "required": names, "properties": properties})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn operation(id: &str, summary: &str, parameters: &Value, responses: &Value) -> Value {
    json!({"operationId": id, "summary": summary, "parameters": parameters, "responses": responses})
}

fn system_id() -> Value {
    path("system_id", &json!({"type": "string", "pattern": "^[a-z][a-z0-9_]{1,39}$"}))
}

fn path(name: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "path", "required": true, "schema": schema})
}

fn query(name: &str, description: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "query", "description": description, "schema": schema})
}

fn content(description: &str, content: &Value) -> Value {
    json!({"description": description, "content": content})
}

fn json_content(description: &str, schema: &Value) -> Value {
    content(description, &json!({Format::JSON: {"schema": schema}}))
}

fn error(description: &str) -> Value {
    json_content(description, &reference("Error"))
}
