//! Constructs made by hand: secure by default, with grants, one concept a file.

/// Whether `file`, as `#[track_caller]` names it, is a file of this room: then the place that matters to the user is
/// the one where the construct around it was added.
pub(crate) fn is_own_source(file: &str) -> bool {
    const DIRECTORY: &str = {
        let file = file!();
        // The folder of this file: everything but `mod.rs`.
        file.split_at(file.len() - "mod.rs".len()).0
    };
    file.starts_with(DIRECTORY)
}
