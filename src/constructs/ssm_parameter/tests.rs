use super::*;
use crate::constructs::parameter_name;
use crate::constructs::testing::{problems_of, template_of};

#[test]
fn parameters() {
    insta::assert_snapshot!(template_of(|stack| {
        let plain = stack.add("Plain", SsmParameter::string("on").allowed_pattern("on|off").description("the switch"));
        let level = stack.add("Level", SsmParameter::string("3").name(parameter_name!("/shop/level")));
        stack.add("Zones", SsmParameter::string_list(["a", "b"]).tier(ParameterTier::Advanced));
        stack.output("PlainArn", plain.arn());
        stack.output("LevelArn", level.arn());
        stack.output("Level", level.value());
    }));
}

#[test]
fn arns_have_one_slash_before_the_name() {
    let ends = |name: Value, end: &str| {
        let arn = format!("{:?}", arn_of(name));
        assert!(arn.contains(end), "{arn}");
    };
    ends("/shop/level".into(), ":parameter/shop/level");
    ends("level".into(), ":parameter/level");
    ends(Expression::sub("/${AWS::StackName}/level").into(), ":parameter\"");
    ends(Expression::join("", ["/", "level"]).into(), ":parameter/level");
    ends(Expression::reference("Name").into(), ":parameter/\"");
}

#[test]
fn values_are_as_long_as_their_tier_allows() {
    let problems = |parameter: SsmParameter| {
        problems_of(|stack| {
            stack.add("Parameter", parameter);
        })
        .len()
    };
    let long = "x".repeat(4_097);
    assert_eq!(problems(SsmParameter::string(long.clone())), 1);
    assert_eq!(problems(SsmParameter::string(long).tier(ParameterTier::Advanced)), 0);
}
