//! The table `FailureLog` in DynamoDB.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use handler_runtime::{ServiceError, failed};
use jiff::Timestamp;

use super::attributes::{Attributes, number, number_of, text, text_of};
use crate::contract::tables::failures;
use crate::pipeline::{FailureRecord, Failures, OpenFailure, Resolution, in_table, resolved_expires_at};

/// Writes or repeats a failure. Names are replaced: some are words of the language.
const RECORD: &str = "SET #kind = :kind, #detected_type = :detected_type, #message = :message, \
                      #first_seen = if_not_exists(#first_seen, :now), #last_seen = :now, #etag = :etag, \
                      #analysis_version = :analysis_version, #request_id = :request_id, #function = :function, \
                      #log_group = :log_group, #log_stream = :log_stream, #resolved = :resolved, #open = :open, \
                      #expires_at = :expires_at, #object_version = :object_version, #last_modified = :last_modified \
                      ADD #count :one REMOVE #resolved_at, #resolution";

/// Resolves a failure.
const RESOLVE: &str = "SET #resolved = :resolved, #resolved_at = :now, #resolution = :resolution, \
                       #expires_at = :expires_at REMOVE #open";

/// The table.
#[derive(Debug, Clone)]
pub struct FailureTable {
    /// The client.
    pub client: Client,
    /// Its name.
    pub name: String,
}

impl FailureTable {
    fn what(&self, operation: &str) -> String {
        format!("dynamodb:{operation} `{}`", self.name)
    }

    async fn query(&self, call: QueryFluentBuilder) -> Result<Vec<OpenFailure>, ServiceError> {
        let mut pages = call.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let items = page.map_err(failed(self.what("Query")))?.items.unwrap_or_default();
            found.extend(items.iter().filter_map(open_failure));
        }
        Ok(found)
    }
}

fn open_failure(found: &Attributes) -> Option<OpenFailure> {
    let kind = serde_json::from_value(text_of(found, "kind")?.into()).ok()?;
    Some(OpenFailure {
        filename: text_of(found, failures::FILENAME)?,
        failure_id: text_of(found, failures::FAILURE_ID)?,
        kind,
        etag: text_of(found, "etag")?,
        last_modified: text_of(found, "last_modified"),
        analysis_version: number_of(found, "analysis_version")?,
    })
}

/// The name of a value in the tables.
fn name_of(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn key(filename: &str, failure_id: &str) -> Attributes {
    [(failures::FILENAME.to_owned(), text(filename)), (failures::FAILURE_ID.to_owned(), text(failure_id))].into()
}

impl Failures for FailureTable {
    async fn open_of(&self, filename: &str) -> Result<Vec<OpenFailure>, ServiceError> {
        let call = self.client.query().table_name(&self.name).consistent_read(true);
        let call = call.key_condition_expression("filename = :filename").filter_expression("#open = :open");
        let call = call.expression_attribute_names("#open", failures::OPEN);
        let call = call.expression_attribute_values(":filename", text(filename));
        self.query(call.expression_attribute_values(":open", text(failures::OPEN_VALUE))).await
    }

    async fn open(&self, prefix: &str) -> Result<Vec<OpenFailure>, ServiceError> {
        let call = self.client.query().table_name(&self.name).index_name(failures::OPEN_INDEX);
        let call = call.key_condition_expression("#open = :open").expression_attribute_names("#open", failures::OPEN);
        let mut call = call.expression_attribute_values(":open", text(failures::OPEN_VALUE));
        if !prefix.is_empty() {
            call = call.filter_expression("begins_with(filename, :prefix)");
            call = call.expression_attribute_values(":prefix", text(prefix));
        }
        self.query(call).await
    }

    async fn record(&self, record: &FailureRecord<'_>) -> Result<(), ServiceError> {
        let now = in_table(record.now);
        let values = [
            ("kind", text(name_of(&record.kind))),
            ("detected_type", text(name_of(&record.detected_type))),
            ("message", text(record.message)),
            ("etag", text(record.etag)),
            ("analysis_version", number(crate::ANALYSIS_VERSION)),
            ("request_id", text(record.request_id)),
            ("function", text(&record.origin.function)),
            ("log_group", text(&record.origin.log_group)),
            ("log_stream", text(&record.origin.log_stream)),
            ("resolved", AttributeValue::Bool(false)),
            (failures::OPEN, text(failures::OPEN_VALUE)),
            (failures::EXPIRES_AT, number(record.expires_at())),
            ("object_version", text(&record.object_version)),
            ("last_modified", record.last_modified.map_or(AttributeValue::Null(true), text)),
        ];
        let mut call = self.client.update_item().table_name(&self.name);
        call = call.set_key(Some(key(record.filename, &record.id()))).update_expression(RECORD);
        for (name, value) in values {
            call = call.expression_attribute_names(format!("#{name}"), name);
            call = call.expression_attribute_values(format!(":{name}"), value);
        }
        for name in ["first_seen", failures::LAST_SEEN, "count", "resolved_at", "resolution"] {
            call = call.expression_attribute_names(format!("#{name}"), name);
        }
        let call = call.expression_attribute_values(":now", text(now)).expression_attribute_values(":one", number(1));
        call.send().await.map_err(failed(self.what("UpdateItem")))?;
        Ok(())
    }

    async fn resolve(
        &self,
        filename: &str,
        failure_id: &str,
        resolution: Resolution,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut call = self.client.update_item().table_name(&self.name).set_key(Some(key(filename, failure_id)));
        call = call.update_expression(RESOLVE).condition_expression("#open = :open");
        for name in ["resolved", "resolved_at", "resolution", failures::EXPIRES_AT, failures::OPEN] {
            call = call.expression_attribute_names(format!("#{name}"), name);
        }
        for (name, value) in [
            (":resolved", AttributeValue::Bool(true)),
            (":now", text(in_table(now))),
            (":resolution", text(resolution.text())),
            (":expires_at", number(resolved_expires_at(now))),
            (":open", text(failures::OPEN_VALUE)),
        ] {
            call = call.expression_attribute_values(name, value);
        }
        match call.send().await {
            Ok(_) => Ok(()),
            // It is not open, or there is none.
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(failed(self.what("UpdateItem"))(error)),
        }
    }
}
