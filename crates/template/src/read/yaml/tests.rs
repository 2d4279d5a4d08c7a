use std::fmt::Write;

use super::*;
use crate::{Function, Path, to_json_compact};

#[track_caller]
fn check(yaml: &str, json: &str) {
    let document = read_yaml(yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
    assert_eq!(to_json_compact(&document.value), json);
}

#[track_caller]
fn fails(yaml: &str, message: &str) {
    assert_eq!(read_yaml(yaml).unwrap_err().to_string(), message, "{yaml}");
}

#[test]
fn short_forms_of_a_scalar() {
    check("!Ref Bucket", r#"{"Ref":"Bucket"}"#);
    check("!Ref 123", r#"{"Ref":"123"}"#);
    check("!Sub '${A}-b'", r#"{"Fn::Sub":"${A}-b"}"#);
    check("!Sub |\n  a\n  b\n", r#"{"Fn::Sub":"a\nb\n"}"#);
    check("!GetAtt Bucket.Arn", r#"{"Fn::GetAtt":["Bucket","Arn"]}"#);
    check("!GetAtt Nested.Outputs.Url", r#"{"Fn::GetAtt":["Nested","Outputs.Url"]}"#);
    check("!GetAtt Bucket", r#"{"Fn::GetAtt":["Bucket"]}"#);
    check("!Base64 yes", r#"{"Fn::Base64":"yes"}"#);
    check("!ImportValue network-vpc", r#"{"Fn::ImportValue":"network-vpc"}"#);
    check("!GetAZs ''", r#"{"Fn::GetAZs":""}"#);
    check("!GetAZs", r#"{"Fn::GetAZs":""}"#);
    check("!Condition IsProduction", r#"{"Condition":"IsProduction"}"#);
    check("!RefAll AWS::EC2::VPC::Id", r#"{"Fn::RefAll":"AWS::EC2::VPC::Id"}"#);
    check("!Frobnicate x", r#"{"Fn::Frobnicate":"x"}"#);
}

#[test]
fn short_forms_of_a_list() {
    check("!GetAtt [Bucket, Arn]", r#"{"Fn::GetAtt":["Bucket","Arn"]}"#);
    check("!GetAtt\n- Bucket\n- !Ref Name", r#"{"Fn::GetAtt":["Bucket",{"Ref":"Name"}]}"#);
    check("!Sub ['${A}', {A: !Ref B}]", r#"{"Fn::Sub":["${A}",{"A":{"Ref":"B"}}]}"#);
    check("!Join [',', [a, !Ref B]]", r#"{"Fn::Join":[",",["a",{"Ref":"B"}]]}"#);
    check("!Split [',', a]", r#"{"Fn::Split":[",","a"]}"#);
    check("!Select [0, !GetAZs '']", r#"{"Fn::Select":[0,{"Fn::GetAZs":""}]}"#);
    check("!If [C, a, !Ref AWS::NoValue]", r#"{"Fn::If":["C","a",{"Ref":"AWS::NoValue"}]}"#);
    check("!Equals [!Ref A, b]", r#"{"Fn::Equals":[{"Ref":"A"},"b"]}"#);
    check("!And [!Condition A, !Condition B]", r#"{"Fn::And":[{"Condition":"A"},{"Condition":"B"}]}"#);
    check("!Or [!Condition A, !Condition B]", r#"{"Fn::Or":[{"Condition":"A"},{"Condition":"B"}]}"#);
    check("!Not [!Equals [a, b]]", r#"{"Fn::Not":[{"Fn::Equals":["a","b"]}]}"#);
    check("!FindInMap [M, !Ref A, b]", r#"{"Fn::FindInMap":["M",{"Ref":"A"},"b"]}"#);
    check("!Cidr [10.0.0.0/16, 4, 8]", r#"{"Fn::Cidr":["10.0.0.0/16",4,8]}"#);
    check("!Length [a, b]", r#"{"Fn::Length":["a","b"]}"#);
    check("!Contains [[a], !Ref B]", r#"{"Fn::Contains":[["a"],{"Ref":"B"}]}"#);
    check("!EachMemberIn [[a], [b]]", r#"{"Fn::EachMemberIn":[["a"],["b"]]}"#);
    check("!ValueOf [A, b]", r#"{"Fn::ValueOf":["A","b"]}"#);
}

#[test]
fn short_forms_of_a_mapping() {
    check("!Transform {Name: AWS::Include}", r#"{"Fn::Transform":{"Name":"AWS::Include"}}"#);
    check("!ToJsonString\n  a: !Ref B", r#"{"Fn::ToJsonString":{"a":{"Ref":"B"}}}"#);
    check(
        "!GetStackOutput\n  StackName: network\n  OutputName: VpcId",
        r#"{"Fn::GetStackOutput":{"StackName":"network","OutputName":"VpcId"}}"#,
    );
    check("!ForEach::Topics [Name, [A], {T: 1}]", r#"{"Fn::ForEach::Topics":["Name",["A"],{"T":1}]}"#);
    check("!Base64\n  Fn::Sub: x", r#"{"Fn::Base64":{"Fn::Sub":"x"}}"#);
}

#[test]
fn every_short_tag_of_a_function_is_read() {
    for function in Function::ALL {
        let tag = function.short_tag().unwrap();
        let document = read_yaml(&format!("{tag} [a, b]")).unwrap();
        assert_eq!(document.value, Value::single(function.key(), vec!["a", "b"]));
    }
}

#[test]
fn the_long_form_is_kept() {
    check("Fn::GetAtt: Bucket.Arn", r#"{"Fn::GetAtt":"Bucket.Arn"}"#);
    check("Fn::GetAtt: [Bucket, Arn]", r#"{"Fn::GetAtt":["Bucket","Arn"]}"#);
}

#[test]
fn quotes_and_tags_make_text() {
    check("['5', \"yes\", !!str 5, ! 5]", r#"["5","yes","5","5"]"#);
    check("[5, yes, !!int 5, !!bool no, !!float 1.5, !!null ~]", r"[5,true,5,false,1.5,null]");
    check("!!map {a: !!seq [1]}", r#"{"a":[1]}"#);
}

#[test]
fn keys_are_text() {
    check("80: a\ntrue: b\n2012-10-17: c\n~: d\n? e\n: f", r#"{"80":"a","true":"b","2012-10-17":"c","~":"d","e":"f"}"#);
    fails("{: a}", "line 1, column 2: expected a key in front of `:`");
    fails("? [a]\n: b", "line 1, column 3: a key must be text");
    fails("!Ref a: b", "line 1, column 1: the tag `!Ref` has no meaning in a template");
}

#[test]
fn aliases_and_merge_keys_are_written_out() {
    check("a: &x [1, &y z]\nb: *x\nc: *y", r#"{"a":[1,"z"],"b":[1,"z"],"c":"z"}"#);
    check("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3", r#"{"a":{"b":1,"c":2},"d":{"b":3,"c":2}}"#);
    check("a: &x {b: 1}\nd: {<<: [*x, {b: 5, c: 2}]}", r#"{"a":{"b":1},"d":{"b":1,"c":2}}"#);
    check("&k a: 1\nb: *k", r#"{"a":1,"b":"a"}"#);
    check("a: &k x\n*k : 1", r#"{"a":"x","x":1}"#);
    check("'<<': 1", r#"{"<<":1}"#);
    fails("a: {<<: 5}", "line 1, column 9: the merge key `<<` takes a mapping, or a list of mappings");
    fails("&a [*a]", "line 1, column 5: an alias stands inside the value of its anchor");
    assert!(read_yaml("*missing").is_err());
}

#[test]
fn aliases_cannot_blow_up_the_document() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let previous = format!("*a{}, ", level - 1).repeat(10);
        writeln!(text, "a{level}: &a{level} [{previous}]").unwrap();
    }
    assert_eq!(read_yaml(&text).unwrap_err().kind(), &ReadErrorKind::TooLarge);

    let long = format!("a: &a {}\nb: [{}]", "x".repeat(1_000_000), "*a, ".repeat(1000));
    assert_eq!(read_yaml(&long).unwrap_err().kind(), &ReadErrorKind::TooLarge);

    let nested =
        format!("{}{}", (0..150).fold(String::new(), |text, n| format!("{text}&a{n} [")), "x, ".repeat(10_000));
    assert!(read_yaml(&format!("{nested}{}", "]".repeat(150))).is_err());
}

#[test]
fn places_are_those_of_the_text() {
    let text = "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub '${A}'\n      Tags:\n        - {Key: é, Value: !GetAtt A.B}\n";
    let document = read_yaml(text).unwrap();
    let bucket = Path::root().key("Resources").key("Bucket");
    let place = |line, column| Some(Place { line, column });
    assert_eq!(document.places.of_key(&bucket), place(2, 3));
    assert_eq!(document.place_of(&bucket.clone().key("Type")), place(3, 11));
    let name = bucket.clone().key("Properties").key("BucketName");
    assert_eq!(document.places.of_key(&name), place(5, 7));
    assert_eq!(document.place_of(&name), place(5, 19));
    assert_eq!(document.place_of(&name.key("Fn::Sub")), place(5, 19));
    let tag = bucket.key("Properties").key("Tags").index(0);
    assert_eq!(document.place_of(&tag), place(7, 11));
    assert_eq!(document.place_of(&tag.clone().key("Value").key("Fn::GetAtt").index(1)), place(7, 27));
}

#[test]
fn places_of_merged_entries_are_those_of_their_source() {
    let text = "a: &x\n  b: 1\n  c: [2]\nd:\n  <<: *x\n  b: 3\ne: *x\n";
    let document = read_yaml(text).unwrap();
    let place = |line, column| Some(Place { line, column });
    assert_eq!(document.place_of(&Path::root().key("d").key("b")), place(6, 6));
    assert_eq!(document.place_of(&Path::root().key("d").key("c").index(0)), place(3, 7));
    assert_eq!(document.places.of_key(&Path::root().key("d").key("c")), place(3, 3));
    assert_eq!(document.place_of(&Path::root().key("e").key("b")), place(2, 6));
}

#[test]
fn mistakes_are_told_with_their_place() {
    fails("a: 1\nb: 2\na: 3", "line 3, column 1: duplicate key `a`, first at line 1, column 1");
    fails("a: 1\n---\nb: 2", "line 2, column 1: a second document begins here");
    fails("a: !!binary aGk=", "line 1, column 4: the tag `!!binary` has no meaning in a template");
    fails("a: !!int x", "line 1, column 4: `x` is no value of the tag `!!int`");
    let error = read_yaml("a:\n  - b\n c: [").unwrap_err();
    assert!(matches!(error.kind(), ReadErrorKind::Syntax(_)), "{error}");
    assert_eq!(error.place().line, 3);
}

#[test]
fn deep_nesting_is_refused() {
    assert!(read_yaml(&"[".repeat(100_000)).is_err(), "the parser has a limit of its own for brackets");
    assert_eq!(read_yaml(&"- ".repeat(10_000)).unwrap_err().kind(), &ReadErrorKind::TooDeep);
}

#[test]
fn a_text_without_a_document_is_null() {
    for text in ["", "# only a comment\n", "---\n"] {
        assert_eq!(read_yaml(text).unwrap().value, Value::Null, "{text:?}");
        assert_eq!(read_yaml(text).unwrap().into_template().unwrap_err().message(), "expected a mapping, found a null");
    }
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    check("\u{feff}a: 1", r#"{"a":1}"#);
}
