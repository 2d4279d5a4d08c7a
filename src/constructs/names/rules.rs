//! The rules of the services, as functions that the compiler can run: each gives the rule that a name breaks.

/// What a name may consist of: a bit each.
const LOWER: u8 = 1;
const UPPER: u8 = 2;
const DIGIT: u8 = 4;
const ALPHANUMERIC: u8 = LOWER | UPPER | DIGIT;

/// Whether every byte is of one of `classes` or one of `others`.
const fn consists_of(name: &[u8], classes: u8, others: &[u8]) -> bool {
    let mut index = 0;
    while index < name.len() {
        let byte = name[index];
        let in_class = (byte.is_ascii_lowercase() && classes & LOWER != 0)
            || (byte.is_ascii_uppercase() && classes & UPPER != 0)
            || (byte.is_ascii_digit() && classes & DIGIT != 0);
        if !in_class && !contains(others, byte) {
            return false;
        }
        index += 1;
    }
    true
}

const fn contains(bytes: &[u8], wanted: u8) -> bool {
    let mut index = 0;
    while index < bytes.len() {
        if bytes[index] == wanted {
            return true;
        }
        index += 1;
    }
    false
}

const fn starts_with(name: &[u8], prefix: &[u8]) -> bool {
    matches_at(name, 0, prefix)
}

const fn ends_with(name: &[u8], suffix: &[u8]) -> bool {
    name.len() >= suffix.len() && matches_at(name, name.len() - suffix.len(), suffix)
}

const fn matches_at(name: &[u8], start: usize, text: &[u8]) -> bool {
    if name.len() < start + text.len() {
        return false;
    }
    let mut index = 0;
    while index < text.len() {
        if name[start + index] != text[index] {
            return false;
        }
        index += 1;
    }
    true
}

pub(super) const fn check_bucket(name: &[u8]) -> Option<&'static str> {
    if name.len() < 3 || name.len() > 63 {
        return Some("a bucket's name has 3 to 63 characters");
    }
    if !consists_of(name, LOWER | DIGIT, b"-.") {
        return Some("a bucket's name has only lower-case letters, digits, hyphens and dots");
    }
    let (first, last) = (name[0], name[name.len() - 1]);
    if contains(b"-.", first) || contains(b"-.", last) {
        return Some("a bucket's name begins and ends with a letter or digit");
    }
    let (mut index, mut dots) = (1, 0);
    while index < name.len() {
        if name[index] == b'.' {
            dots += 1;
            if contains(b".-", name[index - 1]) || name[index + 1] == b'-' {
                return Some("a bucket's name has no dot beside a dot or hyphen");
            }
        }
        index += 1;
    }
    if dots == 3 && consists_of(name, DIGIT, b".") {
        return Some("a bucket's name has not the form of an IP address");
    }
    let reserved_start =
        starts_with(name, b"xn--") || starts_with(name, b"sthree-") || starts_with(name, b"amzn-s3-demo-");
    let reserved_end = ends_with(name, b"-s3alias")
        || ends_with(name, b"--ol-s3")
        || ends_with(name, b".mrap")
        || ends_with(name, b"--x-s3")
        || ends_with(name, b"--table-s3");
    if reserved_start || reserved_end {
        return Some("the beginning or end of the bucket's name is reserved by S3");
    }
    None
}

pub(super) const fn check_queue(name: &[u8]) -> Option<&'static str> {
    if ends_with(name, b".fifo") {
        return Some("the name of a standard queue does not end with `.fifo`: for a FIFO queue say `Queue::fifo()`");
    }
    if name.is_empty() || name.len() > 80 {
        return Some("a queue's name has 1 to 80 characters");
    }
    if !consists_of(name, ALPHANUMERIC, b"-_") {
        return Some("a queue's name has only letters, digits, hyphens and underscores");
    }
    None
}

pub(super) const fn check_fifo_queue(name: &[u8]) -> Option<&'static str> {
    if !ends_with(name, b".fifo") {
        return Some("the name of a FIFO queue ends with `.fifo`");
    }
    if name.len() == 5 || name.len() > 80 {
        return Some("a queue's name has 1 to 80 characters, `.fifo` among them");
    }
    if !consists_of(name.split_at(name.len() - 5).0, ALPHANUMERIC, b"-_") {
        return Some("a queue's name has only letters, digits, hyphens and underscores before `.fifo`");
    }
    None
}

pub(super) const fn check_topic(name: &[u8]) -> Option<&'static str> {
    if ends_with(name, b".fifo") {
        return Some("the name of a standard topic does not end with `.fifo`: for a FIFO topic say `Topic::fifo()`");
    }
    if name.is_empty() || name.len() > 256 {
        return Some("a topic's name has 1 to 256 characters");
    }
    if !consists_of(name, ALPHANUMERIC, b"-_") {
        return Some("a topic's name has only letters, digits, hyphens and underscores");
    }
    None
}

pub(super) const fn check_fifo_topic(name: &[u8]) -> Option<&'static str> {
    if !ends_with(name, b".fifo") {
        return Some("the name of a FIFO topic ends with `.fifo`");
    }
    if name.len() == 5 || name.len() > 256 {
        return Some("a topic's name has 1 to 256 characters, `.fifo` among them");
    }
    if !consists_of(name.split_at(name.len() - 5).0, ALPHANUMERIC, b"-_") {
        return Some("a topic's name has only letters, digits, hyphens and underscores before `.fifo`");
    }
    None
}

pub(super) const fn check_table(name: &[u8]) -> Option<&'static str> {
    if name.len() < 3 || name.len() > 255 {
        return Some("the name of a table or index has 3 to 255 characters");
    }
    if !consists_of(name, ALPHANUMERIC, b"-_.") {
        return Some("the name of a table or index has only letters, digits, hyphens, underscores and dots");
    }
    None
}

pub(super) const fn check_secret(name: &[u8]) -> Option<&'static str> {
    if name.is_empty() || name.len() > 512 {
        return Some("a secret's name has 1 to 512 characters");
    }
    if !consists_of(name, ALPHANUMERIC, b"/_+=.@-") {
        return Some("a secret's name has only letters, digits and `/_+=.@-`");
    }
    if name.len() >= 7 {
        let (_, suffix) = name.split_at(name.len() - 7);
        // `api-key` is a good name: Secrets Manager's own suffix is six random letters or digits, not a word of a name,
        // but only a suffix with both cases or a digit is told from a word.
        let (_, random) = suffix.split_at(1);
        let looks_random = consists_of(random, ALPHANUMERIC, b"")
            && !consists_of(random, LOWER, b"")
            && !consists_of(random, UPPER, b"")
            && !consists_of(random, DIGIT, b"");
        if suffix[0] == b'-' && looks_random {
            return Some(
                "a secret's name does not end with a hyphen and six random characters: that is the suffix that Secrets Manager adds in ARNs",
            );
        }
    }
    None
}

pub(super) const fn check_parameter(name: &[u8]) -> Option<&'static str> {
    if name.is_empty() || name.len() > 1_011 {
        return Some("a parameter's name has 1 to 1,011 characters");
    }
    if !consists_of(name, ALPHANUMERIC, b"_.-/") {
        return Some("a parameter's name has only letters, digits and `_.-`, and `/` between levels");
    }
    let mut levels = 0;
    let mut index = 0;
    while index < name.len() {
        if name[index] == b'/' {
            levels += 1;
            if index + 1 == name.len() || name[index + 1] == b'/' {
                return Some("every level of a parameter's name has at least one character");
            }
        }
        index += 1;
    }
    if levels > 15 {
        return Some("a parameter's name has at most 15 levels");
    }
    if levels > 0 && name[0] != b'/' {
        return Some("a parameter's name with levels begins with `/`");
    }
    None
}

pub(super) const fn check_log_group(name: &[u8]) -> Option<&'static str> {
    if name.is_empty() || name.len() > 512 {
        return Some("a log group's name has 1 to 512 characters");
    }
    if !consists_of(name, ALPHANUMERIC, b"_-/.#") {
        return Some("a log group's name has only letters, digits and `_-/.#`");
    }
    None
}

pub(super) const fn check_catalog(name: &[u8]) -> Option<&'static str> {
    if name.is_empty() || name.len() > 128 {
        return Some("the name of a database or table has 1 to 128 characters");
    }
    if !consists_of(name, LOWER | DIGIT, b"_") {
        return Some("the name of a database or table has only lower-case letters, digits and underscores");
    }
    None
}

pub(super) const fn check_instance_type(name: &[u8]) -> Option<&'static str> {
    let (mut index, mut dots) = (0, 0);
    while index < name.len() {
        if name[index] == b'.' {
            dots += 1;
        }
        index += 1;
    }
    let ends = !name.is_empty() && (name[0] == b'.' || name[name.len() - 1] == b'.');
    if dots != 1 || ends || name.len() > 30 || !consists_of(name, LOWER | DIGIT, b".-") {
        return Some("an instance type is a family and a size with a dot between, such as `t3.small`");
    }
    None
}

pub(super) const fn check_workgroup(name: &[u8]) -> Option<&'static str> {
    if name.is_empty() || name.len() > 128 {
        return Some("a workgroup's name has 1 to 128 characters");
    }
    if !consists_of(name, ALPHANUMERIC, b"._-") {
        return Some("a workgroup's name has only letters, digits and `._-`");
    }
    None
}

pub(super) const fn check_image(name: &[u8]) -> Option<&'static str> {
    if name.is_empty() || name.len() > 60 {
        return Some("an image's name has 1 to 60 characters");
    }
    if !consists_of(name, LOWER | DIGIT, b"-") {
        return Some("an image's name has only lower-case letters, digits and hyphens");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: fn(&[u8]) -> Option<&'static str>, good: &[&str], bad: &[&str]) {
        for name in good {
            assert_eq!(rule(name.as_bytes()), None, "{name}");
        }
        for name in bad {
            assert!(rule(name.as_bytes()).is_some(), "{name}");
        }
    }

    #[test]
    fn names_follow_the_rules_of_their_services() {
        check(
            check_bucket,
            &["abc", "a.b-c", "1234", "busobservatory-lake"],
            &[
                "ab",
                "My_Bucket",
                "a..b",
                "a.-b",
                "a-.b",
                "-ab",
                "ab-",
                "ab.",
                "192.168.1.1",
                "xn--abc",
                "abc-s3alias",
                "",
            ],
        );
        check(check_queue, &["jobs", "Jobs_1-a"], &["", "jobs.fifo", "a b", "é"]);
        check(check_fifo_queue, &["jobs.fifo"], &["jobs", ".fifo", "a.b.fifo"]);
        check(check_topic, &["alarms"], &["", "alarms.fifo", "a.b"]);
        check(check_fifo_topic, &["alarms.fifo"], &["alarms", ".fifo"]);
        check(check_table, &["abc", "a.b_c-d"], &["ab", "a b"]);
        check(
            check_secret,
            &["weather-ingest/api-key", "db-secret", "a-abcdef"],
            &["", "key-AbCdEf", "key-a1b2c3", "a b"],
        );
        check(check_parameter, &["name", "/a/b", "/imagebuilder/x/ami-id"], &["", "a/b", "/a//b", "/a/", "a b"]);
        check(check_log_group, &["/aws/vendedlogs/states/x"], &["", "a*", "a:b"]);
        check(check_catalog, &["bus_observatory", "sf_muni"], &["", "bus-observatory", "Buses"]);
        check(
            check_instance_type,
            &["t3.small", "u-6tb1.112xlarge"],
            &["", "t3", ".small", "t3.", "t3.a.b", "T3.small"],
        );
        check(check_workgroup, &["a.B_c-1"], &["", "a b"]);
        check(check_image, &["genome-worker"], &["", "a b", "A"]);
        let long = "a".repeat(81);
        check(check_queue, &[&long[..80]], &[&long]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_or_refused(name in "[a-zA-Z0-9._/ é-]{0,90}(\\.fifo)?") {
            let bytes = name.as_bytes();
            let rules =
                [check_bucket, check_queue, check_fifo_queue, check_topic, check_fifo_topic, check_table, check_secret, check_parameter, check_log_group];
            for rule in rules {
                if rule(bytes).is_none() {
                    proptest::prop_assert!(!name.is_empty() && name.is_ascii() && !name.contains(' '));
                }
            }
            proptest::prop_assert!(check_queue(bytes).is_some() || check_fifo_queue(bytes).is_some());
        }
    }
}
