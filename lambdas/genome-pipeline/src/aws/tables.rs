//! The tables on DynamoDB.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use handler_runtime::{ServiceError, failed};

use crate::contract::tables::jobs;
use crate::pipeline::item::{Condition, Item, Key, Page, Table, Update, Updated, Value};
use crate::pipeline::services::Tables;

/// The tables that a program may use.
#[derive(Debug)]
pub struct DynamoDb {
    client: Client,
    names: BTreeMap<Table, String>,
}

impl DynamoDb {
    /// Tables by these names.
    pub fn new(client: Client, names: impl IntoIterator<Item = (Table, String)>) -> Self {
        Self { client, names: names.into_iter().collect() }
    }

    fn name(&self, table: Table) -> Result<&str, ServiceError> {
        let name = self.names.get(&table).map(String::as_str);
        name.ok_or_else(|| ServiceError::new(format!("the table {table:?}"), "its name was not given"))
    }
}

type Attributes = HashMap<String, AttributeValue>;

fn written(value: Value) -> AttributeValue {
    match value {
        Value::Text(text) => AttributeValue::S(text),
        Value::Number(text) => AttributeValue::N(text),
        Value::Flag(flag) => AttributeValue::Bool(flag),
        Value::Texts(texts) => AttributeValue::Ss(texts.into_iter().collect()),
        Value::Numbers(numbers) => AttributeValue::Ns(numbers.iter().map(ToString::to_string).collect()),
    }
}

fn attributes(item: Item) -> Attributes {
    item.into_iter().map(|(name, value)| (name, written(value))).collect()
}

/// The attributes of a row, without those of kinds that no step writes.
fn item(attributes: Attributes) -> Item {
    let value = |value| match value {
        AttributeValue::S(text) => Some(Value::Text(text)),
        AttributeValue::N(text) => Some(Value::Number(text)),
        AttributeValue::Bool(flag) => Some(Value::Flag(flag)),
        AttributeValue::Ss(texts) => Some(Value::Texts(texts.into_iter().collect())),
        AttributeValue::Ns(numbers) => {
            Some(Value::Numbers(numbers.iter().filter_map(|number| number.parse().ok()).collect()))
        }
        _ => None,
    };
    attributes.into_iter().filter_map(|(name, attribute)| Some((name, value(attribute)?))).collect()
}

/// Text of an expression, with placeholders for names and values.
#[derive(Default)]
struct Expression {
    names: HashMap<String, String>,
    values: Attributes,
}

impl Expression {
    fn name(&mut self, name: &str) -> String {
        let placeholder = format!("#n{}", self.names.len());
        self.names.insert(placeholder.clone(), name.to_owned());
        placeholder
    }

    fn value(&mut self, value: Value) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), written(value));
        placeholder
    }

    fn condition(&mut self, condition: Condition) -> String {
        match condition {
            Condition::Absent(name) => format!("attribute_not_exists({})", self.name(name)),
            Condition::Among(name, values) => {
                let name = self.name(name);
                let values: Vec<_> = values.into_iter().map(|value| self.value(value)).collect();
                format!("{name} IN ({})", values.join(", "))
            }
            Condition::Below(name, limit) => {
                let name = self.name(name);
                format!("{name} < {}", self.value(limit.into()))
            }
            Condition::All(all) => self.joined(all, " AND "),
            Condition::Any(any) => self.joined(any, " OR "),
        }
    }

    fn joined(&mut self, conditions: Vec<Condition>, by: &str) -> String {
        let conditions: Vec<_> = conditions.into_iter().map(|condition| self.condition(condition)).collect();
        format!("({})", conditions.join(by))
    }

    fn change(&mut self, update: Update) -> String {
        let Update { set, remove, add, .. } = update;
        let set: Vec<_> =
            set.into_iter().map(|(name, value)| [self.name(&name), self.value(value)].join(" = ")).collect();
        let remove: Vec<_> = remove.into_iter().map(|name| self.name(name)).collect();
        let add: Vec<_> = add.into_iter().map(|(name, value)| [self.name(name), self.value(value)].join(" ")).collect();
        let clauses = [("SET", set), ("REMOVE", remove), ("ADD", add)];
        let clauses = clauses.into_iter().filter(|(_, parts)| !parts.is_empty());
        clauses.map(|(clause, parts)| format!("{clause} {}", parts.join(", "))).collect::<Vec<_>>().join(" ")
    }
}

impl Tables for DynamoDb {
    async fn get(&self, key: &Key) -> Result<Option<Item>, ServiceError> {
        let table = self.name(key.table)?;
        let call = self.client.get_item().table_name(table).set_key(Some(attributes(key.attributes())));
        let answer = call.consistent_read(true).send().await;
        let answer = answer.map_err(failed(format!("dynamodb:GetItem `{table}`")))?;
        Ok(answer.item.map(item))
    }

    async fn update(&self, key: &Key, mut update: Update) -> Result<Updated, ServiceError> {
        let table = self.name(key.table)?;
        let mut expression = Expression::default();
        let condition = update.condition.take().map(|condition| expression.condition(condition));
        let change = expression.change(update);
        let call = self.client.update_item().table_name(table).set_key(Some(attributes(key.attributes())));
        let call = call.update_expression(change).set_condition_expression(condition);
        let call = call.set_expression_attribute_names(Some(expression.names).filter(|names| !names.is_empty()));
        let call = call.set_expression_attribute_values(Some(expression.values).filter(|values| !values.is_empty()));
        let call = call
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.send().await {
            Ok(answer) => Ok(Updated::Done(item(answer.attributes.unwrap_or_default()))),
            Err(SdkError::ServiceError(error)) if error.err().is_conditional_check_failed_exception() => {
                let UpdateItemError::ConditionalCheckFailedException(refused) = error.into_err() else {
                    return Ok(Updated::Refused(None));
                };
                Ok(Updated::Refused(refused.item.map(item)))
            }
            Err(error) => Err(failed(format!("dynamodb:UpdateItem `{table}`"))(error)),
        }
    }

    async fn insert(&self, rows: Vec<(Key, Item)>) -> Result<bool, ServiceError> {
        let incomplete = |error: aws_sdk_dynamodb::error::BuildError| ServiceError::new("a row", error.to_string());
        let mut writes = Vec::new();
        for (key, row) in rows {
            let put = Put::builder()
                .table_name(self.name(key.table)?)
                .set_item(Some(attributes(row)))
                .condition_expression("attribute_not_exists(#key)")
                .expression_attribute_names("#key", key.table.key_names().0)
                .build()
                .map_err(incomplete)?;
            writes.push(TransactWriteItem::builder().put(put).build());
        }
        match self.client.transact_write_items().set_transact_items(Some(writes)).send().await {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => Ok(false),
            Err(error) => Err(failed("dynamodb:TransactWriteItems")(error)),
        }
    }

    async fn query(
        &self,
        table: Table,
        partition: &str,
        after: Option<Item>,
        limit: Option<u32>,
    ) -> Result<Page, ServiceError> {
        let name = self.name(table)?;
        let call = self.client.query().table_name(name).consistent_read(true);
        let call = call.key_condition_expression("#key = :key").expression_attribute_names("#key", table.key_names().0);
        let call = call.expression_attribute_values(":key", AttributeValue::S(partition.to_owned()));
        let call = call.set_exclusive_start_key(after.map(attributes));
        let call = call.set_limit(limit.and_then(|limit| limit.try_into().ok()));
        let answer = call.send().await.map_err(failed(format!("dynamodb:Query `{name}`")))?;
        Ok(page(answer.items, answer.last_evaluated_key))
    }

    async fn scan(&self, table: Table, after: Option<Item>) -> Result<Page, ServiceError> {
        let name = self.name(table)?;
        let call = self.client.scan().table_name(name).set_exclusive_start_key(after.map(attributes));
        let answer = call.send().await.map_err(failed(format!("dynamodb:Scan `{name}`")))?;
        Ok(page(answer.items, answer.last_evaluated_key))
    }

    async fn open_jobs(&self, after: Option<Item>) -> Result<Page, ServiceError> {
        let name = self.name(Table::Jobs)?;
        let call = self.client.query().table_name(name).index_name(jobs::OPEN_INDEX);
        let call = call.key_condition_expression("#open = :open").expression_attribute_names("#open", jobs::OPEN);
        let call = call.expression_attribute_values(":open", AttributeValue::S(jobs::OPEN_VALUE.to_owned()));
        let call = call.set_exclusive_start_key(after.map(attributes));
        let answer = call.send().await.map_err(failed(format!("dynamodb:Query `{name}/{}`", jobs::OPEN_INDEX)))?;
        Ok(page(answer.items, answer.last_evaluated_key))
    }
}

fn page(items: Option<Vec<Attributes>>, next: Option<Attributes>) -> Page {
    let next = next.filter(|next| !next.is_empty()).map(item);
    Page { items: items.unwrap_or_default().into_iter().map(item).collect(), next }
}

/// Whether one of the rows is there already.
fn is_refused<R>(error: &SdkError<TransactWriteItemsError, R>) -> bool {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
            canceled.cancellation_reasons().iter().any(|reason| reason.code() == Some("ConditionalCheckFailed"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_have_placeholders_for_all_names_and_values() {
        let condition = Condition::is("State", "A").and(Condition::Absent("Lease").or(Condition::Below("Lease", 7)));
        let update =
            Update::when(condition.clone()).set("Updated", 5_u32).remove("Open").add("Waiters", Value::one("j"));
        let mut expression = Expression::default();
        let condition = expression.condition(condition);
        assert_eq!(condition, "(#n0 IN (:v0) AND (attribute_not_exists(#n1) OR #n2 < :v1))");
        assert_eq!(expression.change(update), "SET #n3 = :v2 REMOVE #n4 ADD #n5 :v3");
        assert_eq!(expression.names["#n5"], "Waiters");
        assert_eq!(expression.values[":v2"], AttributeValue::N("5".to_owned()));
        assert_eq!(expression.values[":v3"], AttributeValue::Ss(vec!["j".to_owned()]));
    }

    #[test]
    fn rows_are_read_as_they_were_written() {
        let row = Item::from([
            ("a".to_owned(), "x".into()),
            ("b".to_owned(), 7_u32.into()),
            ("c".to_owned(), true.into()),
            ("d".to_owned(), Value::one("y")),
            ("e".to_owned(), Value::Numbers([1, 20].into())),
        ]);
        assert_eq!(item(attributes(row.clone())), row);
        assert!(item(HashMap::from([("f".to_owned(), AttributeValue::Null(true))])).is_empty());
    }
}
