//! Whatever is written is read as the same data, and nothing that is read makes a reader fail otherwise than by an error.

mod common;

use proptest::prelude::*;
use stackgen_template::{Path, Value, read_bytes, read_json, to_json, to_json_compact};

fn exact(value: &Value) -> String {
    // Equality of numbers is that of their values. The text tells whether they are also written the same.
    to_json_compact(value)
}

/// The paths of all values.
fn paths(value: &Value, path: &Path, found: &mut Vec<Path>) {
    found.push(path.clone());
    match value {
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                paths(item, &path.clone().index(index), found);
            }
        }
        Value::Map(map) => {
            for (key, value) in map {
                paths(value, &path.clone().key(key.to_owned()), found);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn json(value in common::value()) {
        for text in [to_json(&value), to_json_compact(&value)] {
            let document = read_json(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(&document.value, &value);
            prop_assert_eq!(exact(&document.value), exact(&value));
            let mut all = Vec::new();
            paths(&value, &Path::root(), &mut all);
            for path in all {
                prop_assert!(document.place_of(&path).is_some(), "{} has no place", path);
            }
        }
    }

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_bytes(&bytes);
    }

    #[test]
    fn text_never_panics_the_json_reader(text in "[\\[\\]{}:,\"\\\\u0-9a-f.eE+ \n\u{e9}-]{0,60}") {
        let _ = read_json(&text);
    }

    #[test]
    fn damaged_json_never_panics(value in common::value(), at in any::<prop::sample::Index>(), with in any::<char>()) {
        let mut characters: Vec<char> = to_json(&value).chars().collect();
        let at = at.index(characters.len());
        characters[at] = with;
        let _ = read_json(&characters.into_iter().collect::<String>());
    }
}

#[cfg(feature = "yaml")]
mod yaml {
    use super::*;
    use stackgen_template::{YamlStyle, read_yaml, to_yaml};

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

        #[test]
        fn yaml(value in common::value()) {
            for style in [YamlStyle::Long, YamlStyle::Short] {
                let text = to_yaml(&value, style);
                let document = read_yaml(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
                prop_assert_eq!(&document.value, &value, "{}", text);
                let mut all = Vec::new();
                paths(&value, &Path::root(), &mut all);
                for path in all {
                    prop_assert!(document.place_of(&path).is_some(), "{} has no place", path);
                }
            }
        }

        #[test]
        fn json_is_yaml(value in common::value()) {
            // YAML 1.1 knows no `1e5`, so that numbers with an exponent and no point are read as text.
            let text = to_json(&value);
            if let (Ok(document), false) = (read_yaml(&text), has_bare_exponent(&value)) {
                prop_assert_eq!(&document.value, &value, "{}", text);
            }
        }

        #[test]
        fn text_never_panics_the_yaml_reader(text in "[a-c0-9\\[\\]{}:,\"'\\\\|>&*!?#%@~<\n\t\u{e9}\u{85}\u{feff} -]{0,80}") {
            let _ = read_yaml(&text);
        }

        #[test]
        fn any_text_never_panics_the_yaml_reader(text in any::<String>()) {
            let _ = read_yaml(&text);
        }

        #[test]
        fn pieces_of_yaml_never_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
            let _ = read_yaml(&pieces.concat());
        }

        #[test]
        fn damaged_yaml_never_panics(value in common::value(), at in any::<prop::sample::Index>(), with in any::<char>()) {
            let mut characters: Vec<char> = to_yaml(&value, YamlStyle::Short).chars().collect();
            let at = at.index(characters.len());
            characters[at] = with;
            let _ = read_yaml(&characters.into_iter().collect::<String>());
        }
    }

    const PIECES: &[&str] = &[
        "a",
        ": ",
        "\n",
        "  ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "? ",
        "&x ",
        "*x",
        "&y ",
        "*y",
        "!Ref ",
        "!GetAtt ",
        "!Sub ",
        "!!str ",
        "!!int ",
        "!!map ",
        "! ",
        "<<",
        "|",
        ">",
        "|2-",
        "\n\n",
        "'",
        "\"",
        "\\",
        "# ",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "%TAG !e! tag:e,2000:\n",
        "!e!x ",
        "!<tag:x> ",
        "\t",
        "\r\n",
        "5",
        "~",
        "true",
        "é",
        "\u{feff}",
    ];

    fn has_bare_exponent(value: &Value) -> bool {
        match value {
            Value::Number(number) => number.as_text().contains(['e', 'E']),
            Value::List(items) => items.iter().any(has_bare_exponent),
            Value::Map(map) => map.values().any(has_bare_exponent),
            _ => false,
        }
    }
}
