use super::*;
use crate::{Expression, read_json, read_yaml};

#[track_caller]
fn check(json: &str, short: &str, long: &str) {
    let value = read_json(json).unwrap().value;
    for (style, expected) in [(YamlStyle::Short, short), (YamlStyle::Long, long)] {
        let yaml = to_yaml(&value, style);
        assert_eq!(yaml, expected);
        assert_eq!(read_yaml(&yaml).unwrap().value, value, "{yaml}");
    }
}

#[track_caller]
fn check_both(json: &str, yaml: &str) {
    check(json, yaml, yaml);
}

#[test]
fn lists_and_mappings_are_blocks() {
    check_both(
        r#"{"a":{"b":[1,[2,[]],{"c":null,"d":[true]},{}]},"e":{}}"#,
        "a:
  b:
    - 1
    - - 2
      - []
    - c: null
      d:
        - true
    - {}
e: {}
",
    );
    check_both(r"[]", "[]\n");
    check_both(r#""text""#, "text\n");
}

#[test]
fn functions_have_short_tags() {
    check(
        r#"{"a":{"Ref":"B"},"b":{"Fn::GetAtt":["C","Arn"]},"c":[{"Fn::Sub":"x"},{"Fn::Sub":["x",{"v":{"Ref":"z"}}]}]}"#,
        "a: !Ref B
b: !GetAtt C.Arn
c:
  - !Sub x
  - !Sub
    - x
    - v: !Ref z
",
        "a:
  Ref: B
b:
  Fn::GetAtt:
    - C
    - Arn
c:
  - Fn::Sub: x
  - Fn::Sub:
      - x
      - v:
          Ref: z
",
    );
}

#[test]
fn functions_of_a_mapping_keep_their_long_form() {
    let stack_output = Expression::get_stack_output(Expression::reference("Network"), "VpcId");
    assert_eq!(
        to_yaml(&stack_output.into(), YamlStyle::Short),
        "Fn::GetStackOutput:
  StackName: !Ref Network
  OutputName: VpcId
"
    );
    let encoded = Value::single("UserData", Expression::base64(Expression::sub("a\nb\n")));
    assert_eq!(to_yaml(&encoded, YamlStyle::Short), "UserData:\n  Fn::Base64: !Sub |\n    a\n    b\n");
}

#[test]
fn what_a_tag_would_change_keeps_its_long_form() {
    check_both(r#"{"Fn::GetAtt":"A.B"}"#, "Fn::GetAtt: A.B\n");
    check_both(r#"{"Ref":5}"#, "Ref: 5\n");
    check_both(r#"{"Fn::Unheard":"x"}"#, "Fn::Unheard: x\n");
    check_both(r#"{"Condition":"C"}"#, "Condition: C\n");
    check(r#"{"Fn::GetAtt":["A.B","C"]}"#, "!GetAtt\n- A.B\n- C\n", "Fn::GetAtt:\n  - A.B\n  - C\n");
}

#[test]
fn condition_has_a_tag_where_conditions_stand() {
    check(
        r#"{"Fn::Not":[{"Condition":"C"}]}"#,
        "!Not
- !Condition C
",
        "Fn::Not:
  - Condition: C
",
    );
}

#[test]
fn text_of_several_lines_is_a_block() {
    check_both(
        r#"{"a":"x\ny","b":"x\n\n  y\n","c":"x\n\n\n","d":["  x\ny",{"e":"f\ng"}]}"#,
        "a: |-
  x
  y
b: |
  x

    y
c: |+
  x


d:
  - |2-
      x
    y
  - e: |-
      f
      g
",
    );
    check_both(
        r#"{"a":"\n","b":" \nx","c":"x\n ","d":"x\ty\nz"}"#,
        "a: \"\\n\"\nb: \" \\nx\"\nc: \"x\\n \"\nd: \"x\\ty\\nz\"\n",
    );
}

#[test]
fn a_long_key_is_marked() {
    let key = "k".repeat(2000);
    let value = Value::Map(Map::from([(key.clone(), 1)]));
    let yaml = to_yaml(&value, YamlStyle::Long);
    assert_eq!(yaml, format!("? \"{key}\"\n: 1\n"));
    assert_eq!(read_yaml(&yaml).unwrap().value, value);
}
