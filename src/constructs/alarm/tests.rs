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
        stack
            .add("Slow", Alarm::above(slow, 2_500).periods(int::<3>()).datapoints(int::<2>()).notify_when_over(&topic));
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
