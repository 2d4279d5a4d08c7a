//! Who began an operation: said in the token of its request, which every event of the operation carries.

use std::time::{SystemTime, UNIX_EPOCH};

/// How tokens of this program begin.
const MARK: &str = "stackgen";

/// How long a token may be.
const TOKEN_LENGTH: usize = 128;

/// A new token that says who asks, from where and when: `stackgen-USER-HOST-SECONDS-PROCESS`.
pub(super) fn new_token() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    token(&user(), &host(), seconds, std::process::id())
}

fn token(user: &str, host: &str, seconds: u64, process: u32) -> String {
    let (user, host) = (plain(user, 40), plain(host, 40));
    let token = format!("{MARK}-{user}-{host}-{seconds}-{process}");
    debug_assert!(token.len() <= TOKEN_LENGTH, "its parts are limited");
    token
}

/// Who a token names: `alice on laptop`.
pub(super) fn of_token(token: &str) -> Option<String> {
    let mut parts = token.strip_prefix(MARK)?.strip_prefix('-')?.split('-');
    let (user, host) = (parts.next()?, parts.next()?);
    Some(format!("{user} on {host}"))
}

/// In a build of GitHub, the run; else whoever is logged in.
fn user() -> String {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(run) = variable("GITHUB_RUN_ID") {
        let actor = variable("GITHUB_ACTOR").unwrap_or_else(|| "github".to_owned());
        return format!("{actor}run{run}");
    }
    variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| "someone".to_owned())
}

fn host() -> String {
    let named = std::fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
    named.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).unwrap_or_else(|| "somewhere".to_owned())
}

/// The letters and digits of a text: tokens take no more, and `-` parts ours.
fn plain(text: &str, length: usize) -> String {
    let text: String = text.chars().filter(char::is_ascii_alphanumeric).take(length).collect();
    if text.is_empty() { "unknown".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_who_made_it_whatever_they_are_called() {
        assert_eq!(of_token(&token("alice", "laptop", 1, 2)).as_deref(), Some("alice on laptop"));
        assert_eq!(of_token(&token("Ö-b", "", 1, 2)).as_deref(), Some("b on unknown"));
        let long = token(&"u".repeat(200), &"h".repeat(200), u64::MAX, u32::MAX);
        assert!(long.len() <= TOKEN_LENGTH);
        assert!(long.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'));
    }

    #[test]
    fn tokens_of_others_name_nobody() {
        for token in ["", "stackgen", "stackgen-", "stackgen-x", "cdk-deploy-1", "Console-CreateStack-1"] {
            assert_eq!(of_token(token), None, "{token}");
        }
        assert!(of_token(&new_token()).is_some());
    }
}
