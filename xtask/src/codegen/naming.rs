//! Rust names for what CloudFormation names.

/// Words that cannot be a name in Rust, and method names that every generated type or handle has already.
const RESERVED: &[&str] = &[
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    // methods
    "raw",
    "new",
    "default",
    "clone",
    "from",
    "into",
    "try_from",
    "try_into",
    "fmt",
    "into_properties",
    "into_value",
    "clone_from",
    "borrow",
    "borrow_mut",
    "to_owned",
    "type_id",
    "as_str",
    "other",
];

/// Names that the generated text itself uses, so that no generated type may have them.
const TAKEN_TYPES: &[&str] = &[
    "SelfValue",
    "String",
    "List",
    "Dict",
    "Int",
    "Arn",
    "AnyArn",
    "Id",
    "Slot",
    "Any",
    "TagLike",
    "Set",
    "Attribute",
    "Option",
    "Result",
    "Some",
    "None",
    "Ok",
    "Err",
    "Box",
    "Vec",
    "Default",
    "Into",
    "From",
    "Clone",
    "Debug",
    "Copy",
    "Send",
    "Sync",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "Iterator",
];

/// Words whose capitals do not mark the beginning of another word.
const WHOLE_WORDS: &[(&str, &str)] = &[
    ("IPv", "Ipv"),
    ("IoT", "Iot"),
    ("OAuth", "Oauth"),
    ("OpenID", "Openid"),
    ("GraphQL", "Graphql"),
    ("MySQL", "Mysql"),
    ("PostgreSQL", "Postgresql"),
    ("DynamoDB", "Dynamodb"),
    ("DocumentDB", "Documentdb"),
    ("MariaDB", "Mariadb"),
    ("MongoDB", "Mongodb"),
    ("NoSQL", "Nosql"),
    ("WebACL", "WebAcl"),
    ("DNSsec", "Dnssec"),
    ("VCpu", "Vcpu"),
    ("vCPU", "Vcpu"),
    ("VCPU", "Vcpu"),
];

/// `DBClusterARNs` becomes `db_cluster_arns`. Reserved words get an underscore at the end.
pub(crate) fn snake(name: &str) -> String {
    let name = words(name);
    if RESERVED.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// The method of an attribute: as [`snake`], but what every handle has already gets the prefix `attr_`.
pub(crate) fn attribute_method(attribute: &str) -> String {
    let name = words(attribute);
    let taken = matches!(name.as_str(), "id" | "reference" | "attribute");
    if taken || RESERVED.contains(&name.as_str()) { format!("attr_{name}") } else { name }
}

fn words(name: &str) -> String {
    let mut name = name.to_owned();
    for (word, whole) in WHOLE_WORDS {
        name = name.replace(word, whole);
    }
    let characters: Vec<char> = name.chars().collect();
    let upper = |index: usize| characters.get(index).is_some_and(char::is_ascii_uppercase);
    let lower = |index: usize| characters.get(index).is_some_and(char::is_ascii_lowercase);
    // The plural of an abbreviation: the `s` of `ARNs` belongs to it and begins no word with the capital before it.
    let plural = |index: usize| {
        characters.get(index) == Some(&'s') && index >= 2 && upper(index - 1) && upper(index - 2) && !lower(index + 1)
    };
    let mut snake = String::new();
    for (index, character) in characters.iter().enumerate() {
        if !character.is_ascii_alphanumeric() {
            if !snake.ends_with('_') {
                snake.push('_');
            }
            continue;
        }
        if character.is_ascii_uppercase() && index > 0 {
            let after_lower = lower(index - 1) || characters[index - 1].is_ascii_digit();
            let after_plural = plural(index - 1);
            let before_lower = lower(index + 1) && !plural(index + 1);
            if (after_lower || after_plural || (upper(index - 1) && before_lower)) && !snake.ends_with('_') {
                snake.push('_');
            }
        }
        snake.push(character.to_ascii_lowercase());
    }
    let snake = snake.trim_matches('_').to_owned();
    match snake.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{snake}"),
        Some(_) => snake,
    }
}

/// The name of a type as CloudFormation writes it, with the characters left out that no Rust name has.
pub(crate) fn type_name(name: &str) -> String {
    let camel = capitals(name);
    if TAKEN_TYPES.contains(&camel.as_str()) { format!("{camel}Property") } else { camel }
}

/// The name without what no Rust name has. For modules of their own, where nothing is taken.
pub(crate) fn capitals(name: &str) -> String {
    let mut camel = String::new();
    for part in name.split(|character: char| !character.is_ascii_alphanumeric()) {
        let mut characters = part.chars();
        camel.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        camel.extend(characters);
    }
    match camel.chars().next() {
        None => "Empty".to_owned(),
        _ if camel == "Self" => "SelfValue".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("N{camel}"),
        Some(_) => camel,
    }
}

/// The variant of an enum's value: `PAY_PER_REQUEST` becomes `PayPerRequest`, `nodejs22.x` becomes `Nodejs22X`.
pub(crate) fn variant(value: &str) -> String {
    if value == "*" {
        return "All".to_owned();
    }
    let shouted = !value.chars().any(|character| character.is_ascii_lowercase());
    if shouted { capitals(&value.to_ascii_lowercase()) } else { capitals(value) }
}

/// The name of one item of a list: `Rules` becomes `Rule`.
pub(crate) fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies")
        && stem.len() > 2
    {
        return format!("{stem}y");
    }
    match name.strip_suffix('s') {
        Some(stem) if !name.ends_with("ss") && !name.ends_with("us") => stem.to_owned(),
        _ => format!("{name}Item"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_properties() {
        let names = [
            ("QueueName", "queue_name"),
            ("KMSMasterKeyID", "kms_master_key_id"),
            ("DBClusterARNs", "db_cluster_arns"),
            ("TargetGroupARNs", "target_group_arns"),
            ("IPv6CidrBlock", "ipv6_cidr_block"),
            ("Ipv4IPAMPoolId", "ipv4_ipam_pool_id"),
            ("S3Bucket", "s3_bucket"),
            ("VPCs", "vpcs"),
            ("IDs", "ids"),
            ("IoTAnalyticsAction", "iot_analytics_action"),
            ("Type", "type_"),
            ("SnapStartResponse.ApplyOn", "snap_start_response_apply_on"),
            ("Default", "default_"),
            ("AWSKMSKeyARN", "awskms_key_arn"),
            ("99thPercentile", "n99th_percentile"),
        ];
        for (name, expected) in names {
            assert_eq!(snake(name), expected, "{name}");
        }
    }

    #[test]
    fn attributes_do_not_hide_what_every_handle_has() {
        assert_eq!(attribute_method("Id"), "attr_id");
        assert_eq!(attribute_method("Arn"), "arn");
        assert_eq!(attribute_method("Reference"), "attr_reference");
    }

    #[test]
    fn types_do_not_hide_the_names_that_generated_code_uses() {
        assert_eq!(type_name("Result"), "ResultProperty");
        assert_eq!(type_name("CorsRule"), "CorsRule");
        assert_eq!(type_name("cors-rule"), "CorsRule");
    }

    #[test]
    fn variants_of_values() {
        let values = [
            ("PAY_PER_REQUEST", "PayPerRequest"),
            ("nodejs22.x", "Nodejs22X"),
            ("x86_64", "X8664"),
            ("aws:kms", "AwsKms"),
            ("", "Empty"),
            ("*", "All"),
            ("2xlarge", "N2xlarge"),
            ("PassThrough", "PassThrough"),
        ];
        for (value, expected) in values {
            assert_eq!(variant(value), expected, "{value}");
        }
    }

    #[test]
    fn items_of_lists() {
        assert_eq!(singular("Rules"), "Rule");
        assert_eq!(singular("Policies"), "Policy");
        assert_eq!(singular("Access"), "AccessItem");
        assert_eq!(singular("Status"), "StatusItem");
    }
}
