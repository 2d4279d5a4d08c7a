//! Who is told when an hour is lost.

use stackgen::prelude::*;

/// Alarms on what no execution can tell by itself.
pub(super) fn alarms(stack: &mut Scope<'_>, failures: &TopicHandle, machine: &StateMachineHandle, lost: &QueueHandle) {
    let ended = MetricMath::new("FILL(timed_out, 0) + FILL(aborted, 0)")
        .metric("timed_out", machine.timed_out())
        .metric("aborted", machine.aborted());
    let cut_short = Alarm::at_least(ended, 1)
        .missing_data(MissingData::NotBreaching)
        .description("an execution ran out of time or was stopped, which no state can report");
    let silent = Alarm::below(machine.started().period(hours::<1>()), 1)
        .periods(int::<2>())
        .missing_data(MissingData::Breaching)
        .description("no execution was started for two hours: look at the schedules");
    stack.add("CutShort", cut_short.notify(failures));
    stack.add("Silent", silent.notify(failures));
    stack.add("LostSchedulesAlarm", lost.depth_alarm().notify(failures));
}

/// Lets the state machine and alarms alone publish, and nobody outside the account subscribe.
pub(super) fn limit(stack: &mut Scope<'_>, failures: &TopicHandle, machine: &StateMachineHandle) {
    failures.restrict_publishers(stack, [machine.role()]);
    let outsiders = Statement::deny(["sns:Subscribe"])
        .sid("OnlyOwnSubscribers")
        .principal(Principal::Any)
        .on(failures.arn())
        .when("StringNotEquals", "aws:PrincipalAccount", Expression::account_id());
    stack.resource_policy(PolicyTarget::Topic(failures.id().clone()), outsiders);
}
