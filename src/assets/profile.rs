//! The profile of Cargo that programs are built with.

/// The name of the profile.
pub(crate) const PROFILE: &str = "lambda";

/// The profile that it inherits from where the workspace does not say another.
pub(super) const BASE_PROFILE: &str = "release";

/// What the profile says where the workspace says nothing of it: small programs that start fast, and no optimization
/// across crates, which would take minutes for each function and save a tenth of its size.
pub(crate) const PROFILE_SETTINGS: [(&str, &str); 6] = [
    ("inherits", "\"release\""),
    ("opt-level", "\"s\""),
    ("panic", "\"abort\""),
    ("strip", "true"),
    ("lto", "\"off\""),
    ("debug", "false"),
];

/// The profile as a text, for the hash of what is built with it.
pub(super) fn profile_essence() -> String {
    let settings = PROFILE_SETTINGS.map(|(key, value)| format!("{key}={value}"));
    format!("{PROFILE} {}", settings.join(" "))
}
