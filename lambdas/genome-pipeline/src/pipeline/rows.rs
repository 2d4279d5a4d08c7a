//! The rows of guides: steps write attributes of their own, never those of others.

use futures_util::{StreamExt, TryStreamExt, stream};
use handler_runtime::ServiceError;
use serde_json::{Map, Number};

use super::item::{Item, Key, Table, Update, Value};
use super::services::Tables;
use crate::contract::tables;
use crate::ranking::Row;

/// Rows that are written at once.
const AT_ONCE: usize = 32;

/// Writes these attributes of the rows of a job.
pub(super) async fn write(
    world: &impl Tables,
    job: &str,
    rows: &[Row],
    attributes: &[&str],
    expires: Option<i64>,
) -> Result<(), ServiceError> {
    let updates = rows.iter().map(|row| async move {
        let mut update = update(row, attributes)?;
        if let Some(expires) = expires {
            update = update.set(tables::EXPIRES, expires);
        }
        world.update(&Key::target(job, row.target_id), update).await.map(drop)
    });
    stream::iter(updates).buffer_unordered(AT_ONCE).try_collect().await
}

fn update(row: &Row, attributes: &[&str]) -> Result<Update, ServiceError> {
    let unreadable = |what: String| ServiceError::new(format!("the row of guide {}", row.target_id), what);
    let serde_json::Value::Object(fields) = serde_json::to_value(row).map_err(|error| unreadable(error.to_string()))?
    else {
        return Err(unreadable("it has no fields".to_owned()));
    };
    let mut update = Update::default();
    for attribute in attributes {
        update = match fields.get(*attribute) {
            Some(serde_json::Value::String(text)) => update.set(attribute, text.as_str()),
            Some(serde_json::Value::Bool(flag)) => update.set(attribute, *flag),
            Some(serde_json::Value::Number(number)) => update.set(attribute, Value::Number(number.to_string())),
            _ => update,
        };
    }
    Ok(update)
}

/// The row of a guide.
fn read(item: &Item) -> Result<Row, ServiceError> {
    let mut fields = Map::new();
    for (name, value) in item {
        let field = match value {
            Value::Text(text) => text.as_str().into(),
            Value::Flag(flag) => (*flag).into(),
            Value::Number(text) => number(text).map_or(serde_json::Value::Null, Into::into),
            Value::Texts(_) | Value::Numbers(_) => continue,
        };
        let name = if name == tables::targets::TARGET_ID { "target_id" } else { name };
        fields.insert(name.to_owned(), field);
    }
    serde_json::from_value(fields.into()).map_err(|error| ServiceError::new("the row of a guide", error.to_string()))
}

/// Texts of numbers are read as the standard library does, to the last digit.
fn number(text: &str) -> Option<Number> {
    text.parse().ok().map(|whole: u64| whole.into()).or_else(|| Number::from_f64(text.parse().ok()?))
}

/// One page of the rows of a job, in the order of their numbers, after the guide with the number `after`. Gives the number
/// that the next page comes after.
pub(super) async fn page(
    world: &impl Tables,
    job: &str,
    after: Option<u32>,
    limit: Option<u32>,
) -> Result<(Vec<Row>, Option<u32>), ServiceError> {
    let after = after.map(|id| Key::target(job, id).attributes());
    let page = world.query(Table::Targets, job, after, limit).await?;
    let rows: Vec<Row> = page.items.iter().map(read).collect::<Result<_, _>>()?;
    let next = page.next.and_then(|key| key.get(tables::targets::TARGET_ID)?.whole()?.try_into().ok());
    Ok((rows, next))
}

/// All rows of a job, in the order of their numbers.
pub(super) async fn all(world: &impl Tables, job: &str) -> Result<Vec<Row>, ServiceError> {
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let (mut more, next) = page(world, job, after, None).await?;
        rows.append(&mut more);
        after = next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}
