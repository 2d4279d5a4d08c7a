//! Values of every kind, for property tests.

use proptest::prelude::*;
use stackgen_template::{Map, Number, Text, Value};

/// Texts that some reader of YAML takes for something else, when nothing marks them as text.
const NASTY: &[&str] = &[
    "",
    " ",
    "  ",
    "\n",
    "\n\n",
    " \n",
    "\n ",
    "a\n",
    "a\nb",
    "a\n\nb\n\n",
    " a\nb",
    "a\n b",
    "a \nb ",
    "\ta\nb",
    "a\tb",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "N",
    "true",
    "False",
    "null",
    "~",
    "Null",
    "=",
    "<<",
    "-",
    "--",
    "---",
    "...",
    "- a",
    "? a",
    ": a",
    "a:",
    "a: b",
    "a #b",
    "#a",
    "a#b",
    "&a",
    "*a",
    "!a",
    "!Ref a",
    "|",
    ">",
    "%a",
    "@a",
    "`a",
    "'",
    "\"",
    "'a'",
    "\"a\"",
    "[",
    "[]",
    "{",
    "{}",
    "${A}",
    "]",
    "}",
    ",",
    "\\",
    "\\n",
    "0",
    "5",
    "-5",
    "+5",
    "0644",
    "012345678901",
    "0o7",
    "0x1F",
    "0b1",
    "1_000",
    "1e5",
    "1.5e3",
    "1.0e+5",
    ".5",
    "5.",
    ".",
    "1.2.3",
    ".inf",
    "-.inf",
    ".nan",
    "2012-10-17",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10 -5",
    "12:30:45",
    "190:20:30",
    "190:20:30.15",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{fffe}",
    "\u{0}",
    "\u{1b}",
    "\r",
    "a\rb",
    "a\r\nb",
    "é",
    "日本",
    "😀",
    "a\u{85}b",
    "line\n\u{85}\n",
    "a\n#b",
    "a\n- b",
    "---\na",
    "a\n---\nb",
    "a\n...\nb",
    "a:\n  b",
    "|\na",
    "Ref",
    "Fn::Sub",
    "Condition",
    "A.B",
    ".",
    "A.",
    ".B",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z][a-zA-Z0-9:/. -]{0,20}",
        3 => prop::sample::select(NASTY).prop_map(str::to_owned),
        2 => "[ \n\t'\":#a-c|>{}\\[\\]-]{0,12}",
        1 => any::<String>(),
    ]
}

fn key() -> impl Strategy<Value = String> {
    const FUNCTIONS: &[&str] = &[
        "Ref",
        "Condition",
        "Fn::GetAtt",
        "Fn::Sub",
        "Fn::Join",
        "Fn::If",
        "Fn::Not",
        "Fn::And",
        "Fn::Base64",
        "Fn::GetAZs",
        "Fn::ForEach::X",
        "Fn::Unheard",
        "Fn::GetStackOutput",
        "Fn::Transform",
        "Fn::",
        "Fn::ToJsonString",
    ];
    prop_oneof![4 => text(), 2 => prop::sample::select(FUNCTIONS).prop_map(str::to_owned), 1 => "[a-z]{1100,1200}"]
}

fn number() -> impl Strategy<Value = Number> {
    let written = "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,2})?";
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        written.prop_map(|text| Number::parse(&text).expect("a number of JSON")),
    ]
}

/// Any value that a document can hold.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => number().prop_map(Value::from),
        6 => text().prop_map(Value::from),
    ];
    scalar.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            2 => prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            2 => prop::collection::vec((key(), inner.clone()), 0..5).prop_map(|entries| {
                let mut map = Map::new();
                for (key, value) in entries {
                    map.insert(key, value);
                }
                Value::Map(map)
            }),
            // Function calls are far more frequent in templates than chance would make them.
            2 => (key(), inner).prop_map(|(key, argument)| Value::single(Text::Owned(key), argument)),
        ]
    })
}
