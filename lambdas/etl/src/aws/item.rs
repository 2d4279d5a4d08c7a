//! Items of the table, as DynamoDB has them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::contract::store::table;
use crate::services::{ServiceError, State, StoredFigures};

/// An item.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The key of an item.
pub(super) fn key(partition: &str, date: &str) -> Item {
    Item::from([(table::PARTITION.to_owned(), text(partition)), (table::DATE.to_owned(), text(date))])
}

pub(super) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(super) fn number(value: impl ToString + Copy) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The item of a date.
pub(super) fn of_figures(figures: &StoredFigures) -> Item {
    let mut item = key(table::CASES, &figures.date);
    let mut set = |name: &str, value| item.insert(name.to_owned(), value);
    set(CASES, number(figures.cases));
    set(DEATHS, number(figures.deaths));
    if let Some(recoveries) = figures.recoveries {
        set(RECOVERIES, number(recoveries));
    }
    set(UPDATED_AT, text(&figures.updated_at));
    set(table::RUN_ID, text(&figures.run_id));
    item
}

/// Reads the item of a date.
pub(super) fn figures(item: &Item) -> Result<StoredFigures, ServiceError> {
    let date = required_text(item, table::DATE)?;
    let needed = |name: &str| optional_number(item, name)?.ok_or_else(|| wrong(item, name));
    Ok(StoredFigures {
        cases: needed(CASES)?,
        deaths: needed(DEATHS)?,
        recoveries: optional_number(item, RECOVERIES)?,
        updated_at: required_text(item, UPDATED_AT)?,
        run_id: required_text(item, table::RUN_ID)?,
        date,
    })
}

/// The item of the state.
pub(super) fn of_state(state: &State) -> Item {
    let mut item = key(table::META, table::STATE);
    let texts = [
        (ETAG_A, &state.etag_a),
        (ETAG_B, &state.etag_b),
        (CHANGED_RUN_ID, &state.changed_run_id),
        (CHANGED_AT, &state.changed_at),
        (DATE_MIN, &state.date_min),
        (DATE_MAX, &state.date_max),
    ];
    item.extend(texts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), text(value.as_deref()?)))));
    item.insert(LAST_RUN_ID.to_owned(), text(&state.last_run_id));
    item.insert(ROW_COUNT.to_owned(), number(state.row_count));
    item
}

/// Reads the item of the state.
pub(super) fn state(item: &Item) -> Result<State, ServiceError> {
    Ok(State {
        etag_a: optional_text(item, ETAG_A)?,
        etag_b: optional_text(item, ETAG_B)?,
        last_run_id: required_text(item, LAST_RUN_ID)?,
        changed_run_id: optional_text(item, CHANGED_RUN_ID)?,
        changed_at: optional_text(item, CHANGED_AT)?,
        row_count: optional_number(item, ROW_COUNT)?.ok_or_else(|| wrong(item, ROW_COUNT))?,
        date_min: optional_text(item, DATE_MIN)?,
        date_max: optional_text(item, DATE_MAX)?,
    })
}

const CASES: &str = "cases";
const DEATHS: &str = "deaths";
const RECOVERIES: &str = "recoveries";
const UPDATED_AT: &str = "updated_at";
const ETAG_A: &str = "etag_a";
const ETAG_B: &str = "etag_b";
const LAST_RUN_ID: &str = "last_run_id";
const CHANGED_RUN_ID: &str = "changed_run_id";
const CHANGED_AT: &str = "changed_at";
const ROW_COUNT: &str = "row_count";
const DATE_MIN: &str = "date_min";
const DATE_MAX: &str = "date_max";

fn optional_text(item: &Item, name: &str) -> Result<Option<String>, ServiceError> {
    let value = item.get(name).map(|value| value.as_s().cloned().map_err(|_| wrong(item, name)));
    value.transpose()
}

fn required_text(item: &Item, name: &str) -> Result<String, ServiceError> {
    optional_text(item, name)?.ok_or_else(|| wrong(item, name))
}

fn optional_number(item: &Item, name: &str) -> Result<Option<u64>, ServiceError> {
    let number = |value: &AttributeValue| value.as_n().ok()?.parse().ok();
    item.get(name).map(|value| number(value).ok_or_else(|| wrong(item, name))).transpose()
}

fn wrong(item: &Item, name: &str) -> ServiceError {
    let part = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).map_or("?", String::as_str);
    let of = format!("{}/{}", part(table::PARTITION), part(table::DATE));
    ServiceError::new("read the table", format!("the attribute `{name}` of the item `{of}` is not as it was written"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn sample() -> StoredFigures {
        StoredFigures {
            date: "2020-09-02".into(),
            cases: 6_113_510,
            deaths: 185_720,
            recoveries: Some(2_231_757),
            updated_at: "2020-09-03T18:45:00Z".into(),
            run_id: "r".into(),
        }
    }

    #[test]
    fn figures_are_read_as_they_were_written() {
        let item = of_figures(&sample());
        assert_eq!((&item["pk"], &item["cases"]), (&text("CASES"), &number(6_113_510)));
        assert_eq!(figures(&item), Ok(sample()));
        let without = StoredFigures { recoveries: None, ..sample() };
        assert!(!of_figures(&without).contains_key("recoveries"));
        assert_eq!(figures(&of_figures(&without)), Ok(without));
    }

    #[test]
    fn the_state_is_read_as_it_was_written() {
        let full = State {
            etag_a: Some("\"a\"".into()),
            etag_b: Some("W/\"b\"".into()),
            last_run_id: "r2".into(),
            changed_run_id: Some("r1".into()),
            changed_at: Some("2020-09-03T18:45:00Z".into()),
            row_count: 419,
            date_min: Some("2020-01-22".into()),
            date_max: Some("2021-03-15".into()),
        };
        for expected in [full, State::default()] {
            assert_eq!(state(&of_state(&expected)), Ok(expected));
        }
    }

    #[test]
    fn an_item_of_someone_else_is_named() {
        for (name, value) in [("cases", number("1.5")), ("cases", text("1")), ("deaths", number(-1))] {
            let mut item = of_figures(&sample());
            item.insert(name.to_owned(), value);
            let told = figures(&item).unwrap_err().to_string();
            assert!(told.contains(&format!("`{name}` of the item `CASES/2020-09-02`")), "{told}");
        }
        assert!(figures(&Item::new()).unwrap_err().to_string().contains("`date` of the item `?/?`"));
        assert!(state(&Item::new()).is_err());
    }
}
