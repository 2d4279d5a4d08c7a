//! The Parquet schema of a format.

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::schema::types::{Type, TypePtr};

use crate::feeds::{ColumnKind, FeedType};

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

/// The format whose columns a schema has, in their order, no more and no less.
pub(super) fn format_of(schema: &Type) -> Option<FeedType> {
    FeedType::ALL.into_iter().find(|feed_type| {
        let (columns, fields) = (feed_type.columns(), schema.get_fields());
        columns.len() == fields.len()
            && columns.iter().zip(fields).all(|(column, field)| {
                let (physical, logical) = types(column.kind);
                field.name() == column.name
                    && field.is_primitive()
                    && field.get_basic_info().repetition() == Repetition::OPTIONAL
                    && field.get_physical_type() == physical
                    && field.get_basic_info().logical_type_ref() == logical.as_ref()
            })
    })
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
