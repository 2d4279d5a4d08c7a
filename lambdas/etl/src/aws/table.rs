//! The table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use handler_runtime::failed;

use super::item::{self, Item, number, text};
use crate::contract::store::table;
use crate::services::{Lock, Page, ReadTable, ServiceError, State, StoredFigures};

/// The table of figures.
#[derive(Debug, Clone)]
pub struct FiguresTable {
    client: Client,
    name: String,
}

impl FiguresTable {
    /// The table called `name`.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    fn what(&self, operation: &str) -> String {
        format!("dynamodb:{operation} `{}`", self.name)
    }

    pub(super) async fn lock(&self, lock: &Lock, now: i64) -> Result<bool, ServiceError> {
        let mut item = item::key(table::META, table::LOCK);
        item.insert(table::EXPIRES.to_owned(), number(lock.expires));
        item.insert(table::RUN_ID.to_owned(), text(&lock.run_id));
        let call = self.client.put_item().table_name(&self.name).set_item(Some(item));
        let call = call
            .condition_expression("attribute_not_exists(#partition) OR #expires <= :now OR #run = :run")
            .expression_attribute_names("#partition", table::PARTITION)
            .expression_attribute_names("#expires", table::EXPIRES)
            .expression_attribute_names("#run", table::RUN_ID)
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":run", text(&lock.run_id));
        match call.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) => {
                Ok(false)
            }
            Err(error) => Err(failed(self.what("PutItem"))(error)),
        }
    }

    pub(super) async fn unlock(&self, lock: &Lock) -> Result<(), ServiceError> {
        let key = item::key(table::META, table::LOCK);
        let call = self.client.delete_item().table_name(&self.name).set_key(Some(key));
        let call = call
            .condition_expression("#expires = :expires AND #run = :run")
            .expression_attribute_names("#expires", table::EXPIRES)
            .expression_attribute_names("#run", table::RUN_ID)
            .expression_attribute_values(":expires", number(lock.expires))
            .expression_attribute_values(":run", text(&lock.run_id));
        match call.send().await {
            Ok(_) => Ok(()),
            // It is another run's by now.
            Err(error)
                if error.as_service_error().is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(failed(self.what("DeleteItem"))(error)),
        }
    }

    pub(super) async fn write(&self, items: Vec<StoredFigures>) -> Result<Vec<StoredFigures>, ServiceError> {
        let request = |figures: &StoredFigures| {
            let put = PutRequest::builder().set_item(Some(item::of_figures(figures))).build();
            // The builder fails without an item only.
            WriteRequest::builder().set_put_request(put.ok()).build()
        };
        let requests: Vec<_> = items.iter().map(request).collect();
        let call = self.client.batch_write_item().request_items(&self.name, requests);
        let answer = call.send().await.map_err(failed(self.what("BatchWriteItem")))?;
        let undone = answer.unprocessed_items.unwrap_or_default().into_values().flatten();
        undone.filter_map(|request| request.put_request).map(|put| item::figures(&put.item)).collect()
    }

    pub(super) async fn write_state(&self, state: &State) -> Result<(), ServiceError> {
        let call = self.client.put_item().table_name(&self.name).set_item(Some(item::of_state(state)));
        call.send().await.map_err(failed(self.what("PutItem")))?;
        Ok(())
    }
}

/// All reads are strongly consistent. An API that read a new state with old figures would give these the new ETag, and
/// whoever kept them would be told that they are current.
impl ReadTable for FiguresTable {
    async fn state(&self) -> Result<Option<State>, ServiceError> {
        let key = item::key(table::META, table::STATE);
        let call = self.client.get_item().table_name(&self.name).set_key(Some(key)).consistent_read(true);
        let answer = call.send().await.map_err(failed(self.what("GetItem")))?;
        answer.item.as_ref().map(item::state).transpose()
    }

    async fn figures(&self, after: Option<String>) -> Result<Page, ServiceError> {
        let call = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("#partition = :partition")
            .expression_attribute_names("#partition", table::PARTITION)
            .expression_attribute_values(":partition", text(table::CASES))
            .set_exclusive_start_key(after.map(|date| item::key(table::CASES, &date)))
            .consistent_read(true);
        let answer = call.send().await.map_err(failed(self.what("Query")))?;
        let items = answer.items().iter().map(item::figures).collect::<Result<_, _>>()?;
        let date = |key: &Item| key.get(table::DATE).and_then(|date| date.as_s().ok()).cloned();
        Ok(Page { items, next: answer.last_evaluated_key().and_then(date) })
    }
}
