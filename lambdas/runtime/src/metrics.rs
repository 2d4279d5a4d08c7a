//! Figures that go with the log, in the embedded metric format, from which CloudWatch makes metrics.
//!
//! The format: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>.

use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// Writes counts to the log, as metrics of `namespace` with one dimension.
pub fn count(namespace: &str, dimension: (&str, &str), counts: &[(&str, u64)]) {
    let line = line(namespace, dimension, counts, Timestamp::now());
    // A log that cannot be written cannot be told of either.
    let _ = writeln!(io::stdout().lock(), "{line}");
}

fn line(namespace: &str, (dimension, value): (&str, &str), counts: &[(&str, u64)], now: Timestamp) -> Value {
    let metrics: Vec<Value> = counts.iter().map(|(name, _)| json!({"Name": name, "Unit": "Count"})).collect();
    let directive = json!({"Namespace": namespace, "Dimensions": [[dimension]], "Metrics": metrics});
    let mut line = Map::new();
    line.insert("_aws".into(), json!({"Timestamp": now.as_millisecond(), "CloudWatchMetrics": [directive]}));
    line.insert(dimension.into(), value.into());
    line.extend(counts.iter().map(|(name, count)| ((*name).to_owned(), (*count).into())));
    line.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_each_metric_and_its_dimension() {
        let now = Timestamp::from_millisecond(1_700_000_000_123).expect("a time of this century");
        let line = line("Shop", ("kind", "book"), &[("Sold", 3), ("Lost", 0)], now);
        let expected = json!({
            "_aws": {
                "Timestamp": 1_700_000_000_123_i64,
                "CloudWatchMetrics": [{
                    "Namespace": "Shop",
                    "Dimensions": [["kind"]],
                    "Metrics": [{"Name": "Sold", "Unit": "Count"}, {"Name": "Lost", "Unit": "Count"}],
                }],
            },
            "kind": "book",
            "Sold": 3,
            "Lost": 0,
        });
        assert_eq!(line, expected);
    }
}
