//! Metrics of CloudWatch.

use std::fmt;
use std::time::Duration;

use stackgen_resources::typed::{Arg, TakesExpression};
use stackgen_template::{Map, Text, Value};

use crate::core::Span;

/// How the values of a metric within a period become one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Statistic {
    /// Their sum: for what is counted.
    Sum,
    /// Their average.
    Average,
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
    /// How many there are.
    SampleCount,
    /// Any other, as CloudWatch writes it: `p99`, `tm90`, `IQM`.
    Extended(Text),
}

impl Statistic {
    /// The statistic as CloudWatch writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sum => "Sum",
            Self::Average => "Average",
            Self::Minimum => "Minimum",
            Self::Maximum => "Maximum",
            Self::SampleCount => "SampleCount",
            Self::Extended(statistic) => statistic,
        }
    }
}

/// The period of a metric: 10, 20 or 30 seconds, or whole minutes up to a day.
///
/// ```
/// use stackgen::prelude::*;
///
/// let metric = Metric::new("etl", "RefreshCompleted").period(hours::<1>());
/// assert!(MetricPeriod::try_from(std::time::Duration::from_secs(90)).is_err());
/// ```
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// let metric = Metric::new("etl", "RefreshCompleted").period(seconds::<90>());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricPeriod(i64);

const fn is_metric_period(seconds: i64) -> bool {
    matches!(seconds, 10 | 20 | 30) || (seconds >= 60 && seconds <= 86_400 && seconds % 60 == 0)
}

impl TakesExpression for MetricPeriod {}

impl Arg<Self> for MetricPeriod {
    fn into_value(self) -> Value {
        self.0.into()
    }
}

impl<const N: i64, const UNIT: i64> Arg<MetricPeriod> for Span<N, UNIT> {
    fn into_value(self) -> Value {
        const {
            assert!(
                is_metric_period(N * UNIT),
                "the period of a metric is 10, 20 or 30 seconds, or whole minutes up to a day"
            );
        }
        (N * UNIT).into()
    }
}

impl TryFrom<Duration> for MetricPeriod {
    type Error = MetricPeriodError;

    fn try_from(duration: Duration) -> Result<Self, MetricPeriodError> {
        match i64::try_from(duration.as_secs()) {
            Ok(seconds) if is_metric_period(seconds) && duration.subsec_nanos() == 0 => Ok(Self(seconds)),
            _ => Err(MetricPeriodError(duration)),
        }
    }
}

/// A duration is not the period of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricPeriodError(Duration);

impl fmt::Display for MetricPeriodError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} is not 10, 20 or 30 seconds, nor whole minutes up to a day", self.0)
    }
}

impl std::error::Error for MetricPeriodError {}

/// What CloudWatch measures: the values of a metric with certain dimensions, made one value a period.
#[derive(Debug, Clone)]
#[must_use = "a metric does nothing until an alarm watches it"]
pub struct Metric {
    namespace: Text,
    name: Text,
    dimensions: Vec<(Text, Value)>,
    statistic: Statistic,
    pub(super) period: Value,
}

impl Metric {
    /// The metric `name` of `namespace`: its sum over 5 minutes, when no other statistic or period is set.
    pub fn new(namespace: impl Into<Text>, name: impl Into<Text>) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
            dimensions: Vec::new(),
            statistic: Statistic::Sum,
            period: 300.into(),
        }
    }

    /// Only values that were published with this dimension. An alarm sees only values whose dimensions are all named.
    pub fn dimension(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.dimensions.push((name.into(), value.into()));
        self
    }

    /// How the values within a period become one.
    pub fn statistic(mut self, statistic: Statistic) -> Self {
        self.statistic = statistic;
        self
    }

    /// Over how long values become one.
    pub fn period(mut self, period: impl Arg<MetricPeriod>) -> Self {
        self.period = period.into_value();
        self
    }

    fn dimensions(&self) -> Option<Value> {
        let pair = |(name, value): &(Text, Value)| {
            Value::Map(Map::from_iter([("Name".into(), name.clone().into()), ("Value".into(), value.clone())]))
        };
        (!self.dimensions.is_empty()).then(|| Value::List(self.dimensions.iter().map(pair).collect()))
    }

    /// The properties of an alarm on this metric alone.
    pub(super) fn alarm_properties(&self) -> Vec<(&'static str, Value)> {
        let mut properties = vec![
            ("Namespace", self.namespace.clone().into()),
            ("MetricName", self.name.clone().into()),
            ("Period", self.period.clone()),
        ];
        properties.extend(self.dimensions().map(|dimensions| ("Dimensions", dimensions)));
        properties.push(match &self.statistic {
            Statistic::Extended(statistic) => ("ExtendedStatistic", statistic.clone().into()),
            statistic => ("Statistic", statistic.as_str().to_owned().into()),
        });
        properties
    }

    /// The metric as an operand of an expression.
    fn operand(&self, id: &Text) -> Value {
        let mut metric = Map::from_iter([
            (Text::Borrowed("Namespace"), self.namespace.clone().into()),
            (Text::Borrowed("MetricName"), self.name.clone().into()),
        ]);
        if let Some(dimensions) = self.dimensions() {
            metric.push("Dimensions", dimensions);
        }
        let stat = Map::from_iter([
            (Text::Borrowed("Metric"), metric.into()),
            (Text::Borrowed("Period"), self.period.clone()),
            (Text::Borrowed("Stat"), self.statistic.as_str().to_owned().into()),
        ]);
        Map::from_iter([
            (Text::Borrowed("Id"), id.clone().into()),
            (Text::Borrowed("MetricStat"), stat.into()),
            (Text::Borrowed("ReturnData"), false.into()),
        ])
        .into()
    }
}

/// A value that CloudWatch computes from metrics.
///
/// ```
/// use stackgen::prelude::*;
///
/// let machine = |name| Metric::new("AWS/States", name).dimension("StateMachineArn", "arn:aws:states:…");
/// let lost = MetricMath::new("FILL(timed_out, 0) + FILL(aborted, 0)")
///     .metric("timed_out", machine("ExecutionsTimedOut"))
///     .metric("aborted", machine("ExecutionsAborted"));
/// let alarm = Alarm::at_least(lost, 1);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a metric does nothing until an alarm watches it"]
pub struct MetricMath {
    expression: Text,
    pub(super) metrics: Vec<(Text, Metric)>,
}

impl MetricMath {
    /// The value of `expression`, in which metrics stand under the names that [`metric`](Self::metric) gives them.
    pub fn new(expression: impl Into<Text>) -> Self {
        Self { expression: expression.into(), metrics: Vec::new() }
    }

    /// Gives a metric a name: a lower-case letter first, then letters, digits and underscores.
    pub fn metric(mut self, name: impl Into<Text>, metric: Metric) -> Self {
        self.metrics.push((name.into(), metric));
        self
    }

    /// Names that CloudWatch does not take.
    pub(super) fn bad_names(&self) -> impl Iterator<Item = &str> {
        self.metrics.iter().map(|(name, _)| &**name).filter(|name| {
            let begins_well = name.starts_with(|first: char| first.is_ascii_lowercase());
            !begins_well || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
    }

    /// The properties of an alarm on the value.
    pub(super) fn alarm_properties(&self) -> Vec<(&'static str, Value)> {
        let mut queries: Vec<Value> = self.metrics.iter().map(|(name, metric)| metric.operand(name)).collect();
        let mut result = "result".to_owned();
        while self.metrics.iter().any(|(name, _)| *name == result) {
            result.push('_');
        }
        queries.push(
            Map::from_iter([
                (Text::Borrowed("Id"), result.into()),
                (Text::Borrowed("Expression"), self.expression.clone().into()),
                (Text::Borrowed("ReturnData"), true.into()),
            ])
            .into(),
        );
        vec![("Metrics", Value::List(queries))]
    }
}
