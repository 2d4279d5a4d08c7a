//! The Parquet schema of a format.

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::schema::types::{Type, TypePtr};

use super::footer::{Element, Logical};
use crate::feeds::{Column, ColumnKind, FeedType};

/// The schema of files of a format.
pub(super) fn of(feed_type: FeedType) -> TypePtr {
    let fields = feed_type.columns().iter().map(|column| {
        let (physical, logical) = types(column.kind);
        let field = Type::primitive_type_builder(column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        Arc::new(field.build().expect("the logical type belongs to the physical one"))
    });
    let schema = Type::group_type_builder("bus").with_fields(fields.collect());
    Arc::new(schema.build().expect("a group of fields with names"))
}

/// The format whose columns a footer's schema has, in their order, no more and no less.
pub(super) fn format_of(schema: &[Element]) -> Option<FeedType> {
    let (root, fields) = schema.split_first()?;
    FeedType::ALL.into_iter().find(|feed_type| {
        let columns = feed_type.columns();
        root.children == columns.len()
            && fields.len() == columns.len()
            && columns.iter().zip(fields).all(|(column, field)| is_column(*column, field))
    })
}

/// Numbers of types, and of what they mean, in the format's definition.
const OPTIONAL: i64 = 1;
const INT32: i64 = 1;
const INT64: i64 = 2;
const FLOAT: i64 = 4;
const DOUBLE: i64 = 5;
const BYTE_ARRAY: i64 = 6;
const CONVERTED_TEXT: i64 = 0;
const CONVERTED_TIMESTAMP: i64 = 10;

fn is_column(column: Column, field: &Element) -> bool {
    let (physical, logical, converted) = match column.kind {
        ColumnKind::Text => (BYTE_ARRAY, Some(Logical::Text), Some(CONVERTED_TEXT)),
        ColumnKind::Integer => (INT32, None, None),
        ColumnKind::Float => (FLOAT, None, None),
        ColumnKind::Double => (DOUBLE, None, None),
        ColumnKind::Timestamp => (INT64, Some(Logical::Timestamp), Some(CONVERTED_TIMESTAMP)),
    };
    // Older writers say the meaning in one way only.
    let means_it = if field.logical.is_some() { field.logical == logical } else { field.converted == converted };
    field.name == column.name
        && field.children == 0
        && field.repetition == Some(OPTIONAL)
        && field.physical == Some(physical)
        && means_it
}

fn types(kind: ColumnKind) -> (Physical, Option<LogicalType>) {
    match kind {
        ColumnKind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnKind::Integer => (Physical::INT32, None),
        ColumnKind::Float => (Physical::FLOAT, None),
        ColumnKind::Double => (Physical::DOUBLE, None),
        ColumnKind::Timestamp => {
            let logical = LogicalType::timestamp(true, TimeUnit::MICROS);
            (Physical::INT64, Some(logical))
        }
    }
}
