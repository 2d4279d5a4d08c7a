//! Alarms of CloudWatch.

use stackgen_resources::typed::{AnyArn, Arg, Arn, Handle, Id, Int};
use stackgen_resources::{cloudwatch, kind};
use stackgen_template::{Map, Reference, ResourceId, Value};

pub use stackgen_resources::cloudwatch::alarm::TreatMissingData as MissingData;

use super::{Metric, MetricMath, TopicHandle};
use crate::core::{Attributes, Construct, Problem, ResourceExt, Scope};

/// An alarm: raised while a metric is on the wrong side of a threshold.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("etl");
/// let reports = stack.add("Reports", Topic::new());
/// let completed = Metric::new("etl", "RefreshCompleted").dimension("Stack", "etl").period(hours::<1>());
/// stack.add(
///     "MissingRun",
///     Alarm::below(completed, 1).periods(int::<26>()).missing_data(MissingData::Breaching).notify(&reports),
/// );
/// assert!(!app.synthesize().has_errors());
/// ```
#[derive(Debug, Clone)]
#[must_use = "an alarm exists only once it is added to a stack"]
pub struct Alarm {
    measure: Measure,
    resource: cloudwatch::Alarm,
    periods: Value,
    actions: Vec<Value>,
    ok_actions: Vec<Value>,
    topics: Vec<TopicHandle>,
    attributes: Attributes,
}

/// What an alarm watches: a metric, or a value computed from several.
#[derive(Debug, Clone)]
pub enum Measure {
    /// A metric.
    Metric(Metric),
    /// A value computed from metrics.
    Math(MetricMath),
}

impl From<Metric> for Measure {
    fn from(metric: Metric) -> Self {
        Self::Metric(metric)
    }
}

impl From<MetricMath> for Measure {
    fn from(math: MetricMath) -> Self {
        Self::Math(math)
    }
}

impl Alarm {
    fn new(measure: impl Into<Measure>, operator: &'static str, threshold: impl Arg<f64>) -> Self {
        let resource =
            cloudwatch::Alarm::new().raw("ComparisonOperator", operator).raw("Threshold", threshold.into_value());
        Self {
            measure: measure.into(),
            resource,
            periods: 1.into(),
            actions: Vec::new(),
            ok_actions: Vec::new(),
            topics: Vec::new(),
            attributes: Attributes::new(),
        }
    }

    /// Raised while the value is the threshold or more.
    pub fn at_least(measure: impl Into<Measure>, threshold: impl Arg<f64>) -> Self {
        Self::new(measure, "GreaterThanOrEqualToThreshold", threshold)
    }

    /// Raised while the value is more than the threshold.
    pub fn above(measure: impl Into<Measure>, threshold: impl Arg<f64>) -> Self {
        Self::new(measure, "GreaterThanThreshold", threshold)
    }

    /// Raised while the value is the threshold or less.
    pub fn at_most(measure: impl Into<Measure>, threshold: impl Arg<f64>) -> Self {
        Self::new(measure, "LessThanOrEqualToThreshold", threshold)
    }

    /// Raised while the value is less than the threshold.
    pub fn below(measure: impl Into<Measure>, threshold: impl Arg<f64>) -> Self {
        Self::new(measure, "LessThanThreshold", threshold)
    }

    /// For how many periods the value must be on the wrong side: 1, when not set. With the metric's period they may
    /// span a day, or a week when the period is an hour or more.
    pub fn periods(mut self, periods: impl Arg<Int<1, 10_080>>) -> Self {
        self.periods = periods.into_value();
        self
    }

    /// How many of the periods are enough: all, when not set.
    pub fn datapoints(self, datapoints: impl Arg<Int<1, 10_080>>) -> Self {
        self.raw("DatapointsToAlarm", datapoints.into_value())
    }

    /// What a period without values counts as: as nothing, when not set.
    pub fn missing_data(self, missing_data: impl Arg<MissingData>) -> Self {
        self.raw("TreatMissingData", missing_data.into_value())
    }

    /// Tells a topic when the alarm is raised, and lets CloudWatch publish to it.
    pub fn notify(mut self, topic: &TopicHandle) -> Self {
        self.actions.push(topic.arn().into());
        self.topics.push(topic.clone());
        self
    }

    /// Tells a topic when the alarm is over, and lets CloudWatch publish to it.
    pub fn notify_when_over(mut self, topic: &TopicHandle) -> Self {
        self.ok_actions.push(topic.arn().into());
        self.topics.push(topic.clone());
        self
    }

    /// Does something else when the alarm is raised, such as scaling by a policy.
    pub fn action(mut self, action: impl Arg<AnyArn>) -> Self {
        self.actions.push(action.into_value());
        self
    }

    /// Says what the alarm means and what to do about it.
    pub fn description(self, description: impl Arg<String>) -> Self {
        self.raw("AlarmDescription", description.into_value())
    }

    /// Sets the name, unique in the account and region. Without one CloudFormation makes one up.
    pub fn name(self, name: impl Arg<String>) -> Self {
        self.raw("AlarmName", name.into_value())
    }

    /// Sets the attributes of the resource, such as a condition.
    pub fn with(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }

    /// Sets any property of the `AWS::CloudWatch::Alarm`.
    pub fn raw(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.resource = self.resource.raw(name, value);
        self
    }

    /// Reports periods that together are longer than CloudWatch looks back.
    fn check_span(&self, scope: &mut Scope<'_>) {
        let periods: Vec<&Value> = match &self.measure {
            Measure::Metric(metric) => vec![&metric.period],
            Measure::Math(math) => math.metrics.iter().map(|(_, metric)| &metric.period).collect(),
        };
        let Some(count) = seconds_of(&self.periods) else { return };
        for seconds in periods.into_iter().filter_map(seconds_of) {
            let limit = if seconds >= 3_600 { 604_800 } else { 86_400 };
            if seconds.saturating_mul(count) > limit {
                let message = format!(
                    "{count} periods of {seconds} seconds are longer than the {limit} seconds that an alarm looks back"
                );
                scope.report(
                    Problem::error(message)
                        .hint("use fewer periods, or periods of an hour or more: then an alarm looks back a week"),
                );
            }
        }
    }
}

fn seconds_of(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

impl Construct for Alarm {
    type Handle = AlarmHandle;

    fn build(self, scope: &mut Scope<'_>) -> AlarmHandle {
        self.check_span(scope);
        if let Measure::Math(math) = &self.measure {
            for name in math.bad_names() {
                let problem = Problem::error(format!("`{name}` cannot be the name of a metric in an expression"));
                scope.report(problem.hint("begin with a lower-case letter, then use letters, digits and underscores"));
            }
        }
        let measured: Map = match &self.measure {
            Measure::Metric(metric) => metric.alarm_properties(),
            Measure::Math(math) => math.alarm_properties(),
        };
        let mut resource = self.resource.raw("EvaluationPeriods", self.periods);
        for (name, value) in [("AlarmActions", self.actions), ("OKActions", self.ok_actions)] {
            if !value.is_empty() {
                resource = resource.raw(name, value);
            }
        }
        let handle = AlarmHandle(scope.add("Default", resource.with(self.attributes)).id().clone());
        scope.modify(&handle, |properties, _| {
            for (name, value) in measured {
                // What the user set by name stands.
                if !properties.contains_key(&name) {
                    properties.push(name, value);
                }
            }
        });
        for topic in &self.topics {
            topic.allow_service(scope, "cloudwatch.amazonaws.com");
        }
        handle
    }
}

/// An alarm that was added.
#[derive(Debug, Clone)]
pub struct AlarmHandle(ResourceId);

impl AlarmHandle {
    /// The name.
    pub fn name(&self) -> Id<kind::cloudwatch::Alarm> {
        Id::of(Reference::to(self.0.clone()))
    }

    /// The ARN.
    pub fn arn(&self) -> Arn<kind::cloudwatch::Alarm> {
        Arn::of(Reference::attribute(self.0.clone(), "Arn"))
    }
}

impl Handle for AlarmHandle {
    fn id(&self) -> &ResourceId {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use stackgen_resources::typed::int;

    use super::*;
    use crate::constructs::testing::{problems_of, template_of};
    use crate::constructs::{Queue, Statistic, Topic};
    use crate::core::{hours, minutes};

    #[test]
    fn alarms_on_metrics_and_on_expressions() {
        insta::assert_snapshot!(template_of(|stack| {
            let topic = stack.add("Reports", Topic::new());
            let queue = stack.add("Dead", Queue::new());
            stack.add("Depth", queue.depth_alarm().notify(&topic));
            let slow = Metric::new("AWS/Lambda", "Duration").statistic(Statistic::Extended("p99".into()));
            stack.add(
                "Slow",
                Alarm::above(slow, 2_500).periods(int::<3>()).datapoints(int::<2>()).notify_when_over(&topic),
            );
            let lost = MetricMath::new("timed_out + aborted")
                .metric("timed_out", Metric::new("AWS/States", "ExecutionsTimedOut").period(minutes::<1>()))
                .metric("aborted", Metric::new("AWS/States", "ExecutionsAborted").period(minutes::<1>()));
            stack.add("Lost", Alarm::at_least(lost, 1).missing_data(MissingData::NotBreaching).notify(&topic));
        }));
    }

    #[test]
    fn an_alarm_does_not_look_back_further_than_cloudwatch_does() {
        let looks_back = |metric: Metric, periods| {
            problems_of(|stack| {
                stack.add("Alarm", Alarm::below(metric, 1).periods(Int::try_from(periods).unwrap()));
            })
            .len()
        };
        let metric = Metric::new("etl", "RefreshCompleted");
        assert_eq!(looks_back(metric.clone().period(hours::<1>()), 168), 0);
        assert_eq!(looks_back(metric.clone().period(hours::<1>()), 169), 1);
        assert_eq!(looks_back(metric.clone().period(minutes::<5>()), 288), 0);
        assert_eq!(looks_back(metric.period(minutes::<5>()), 289), 1);
    }

    #[test]
    fn names_in_expressions_are_checked() {
        let problems = problems_of(|stack| {
            let math = MetricMath::new("Total * 2").metric("Total", Metric::new("etl", "Rows"));
            stack.add("Alarm", Alarm::at_least(math, 1));
        });
        assert!(problems.iter().any(|problem| problem.contains("`Total` cannot be the name")), "{problems:?}");
    }
}
