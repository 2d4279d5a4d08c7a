use stackgen_contract::{RawInput, scheduler as placeholder};
use stackgen_resources::typed::int;

use super::*;
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{At, Cron, Function, Queue, Rate, Runtime};
use crate::core::{days, hours, minutes};

fn handler() -> Function {
    Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): return {}")
}

#[test]
fn schedules_of_a_role_of_their_own_and_of_a_shared_one() {
    insta::assert_snapshot!(template_of(|stack| {
        let grabber = stack.add("Grabber", handler());
        let compactor = stack.add("Compactor", handler());
        let dead_letters = stack.add("Dead", Queue::new().retention(days::<14>()));
        let role = stack.add("SchedulerRole", Schedule::shared_role());
        let input = RawInput(format!(r#"{{"feed":"sf_muni","scheduled_time":"{}"}}"#, placeholder::SCHEDULED_TIME));
        stack.add(
            "Grab",
            Schedule::new(Rate::every(minutes::<1>()), &grabber)
                .input(&input)
                .retries(int::<2>())
                .max_event_age(minutes::<2>())
                .dead_letter(&dead_letters)
                .role(&role),
        );
        stack.add(
            "Compact",
            Schedule::new(Cron::new("12 * * * ? *"), &compactor)
                .retries(int::<2>())
                .max_event_age(hours::<1>())
                .dead_letter(&dead_letters)
                .role(&role),
        );
        stack.add(
            "Once",
            Schedule::new(At::new("2030-01-31T06:00:00"), &dead_letters)
                .time_zone("Australia/Sydney")
                .flexible_window(minutes::<15>())
                .state(Activation::Disabled)
                .description("sends one message"),
        );
        let stop = Grant::new(
            ["ec2:StopInstances"],
            ["arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0"],
            "stop",
        );
        let api = Schedule::new(Rate::every(days::<1>()), ScheduleTarget::api("ec2", "stopInstances", stop));
        stack.add("Stop", api.input_value(Value::single("InstanceIds", vec!["i-0123456789abcdef0"])));
    }));
}

#[test]
fn an_input_that_json_cannot_say_is_reported() {
    struct Faulty;
    impl ToInput for Faulty {
        fn to_input(&self) -> Result<String, stackgen_contract::InputError> {
            Err(stackgen_contract::InputError::new("keys are numbers"))
        }
    }
    let problems = problems_of(|stack| {
        let handler = stack.add("Handler", handler());
        stack.add("Schedule", Schedule::new(Rate::every(minutes::<1>()), &handler).input(&Faulty));
    });
    assert_eq!(problems, ["the input has no form in JSON: keys are numbers"]);
}
