//! Alarms of CloudWatch.

#[cfg(test)]
mod tests;

use stackgen_resources::typed::{AnyArn, Arg, Arn, Handle, Id, Int};
use stackgen_resources::{cloudwatch, kind};
use stackgen_template::{Expression, Reference, ResourceId, Value};

pub use stackgen_resources::cloudwatch::alarm::TreatMissingData as MissingData;

use super::escape::{Settings, escape_hatch};
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
    operator: &'static str,
    threshold: Value,
    periods: Value,
    actions: Vec<Value>,
    ok_actions: Vec<Value>,
    topics: Vec<TopicHandle>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(Alarm);

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
        Self {
            measure: measure.into(),
            operator,
            threshold: threshold.into_value(),
            periods: 1.into(),
            actions: Vec::new(),
            ok_actions: Vec::new(),
            topics: Vec::new(),
            settings: Settings::default(),
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
        let measured = match &self.measure {
            Measure::Metric(metric) => metric.alarm_properties(),
            Measure::Math(math) => math.alarm_properties(),
        };
        let mut alarm = cloudwatch::Alarm::new()
            .comparison_operator(Expression::raw(self.operator))
            .raw("Threshold", self.threshold)
            .raw("EvaluationPeriods", self.periods);
        for (name, value) in measured {
            alarm = alarm.raw(name, value);
        }
        for (name, value) in [("AlarmActions", self.actions), ("OKActions", self.ok_actions)] {
            if !value.is_empty() {
                alarm = alarm.raw(name, value);
            }
        }
        let alarm = self.settings.apply(alarm, cloudwatch::Alarm::raw);
        let handle = AlarmHandle(scope.add("Default", alarm.with(self.attributes)).id().clone());
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
