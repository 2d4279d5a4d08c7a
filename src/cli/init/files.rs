//! What a new app consists of.

use super::library::Library;

/// The files, with their paths.
const FILES: [(&str, &str); 7] = [
    ("Cargo.toml", include_str!("app/Cargo.toml.in")),
    ("README.md", include_str!("app/README.md.in")),
    (".gitignore", include_str!("app/gitignore.in")),
    ("src/main.rs", include_str!("app/src/main.rs.in")),
    ("handlers/Cargo.toml", include_str!("app/handlers/Cargo.toml.in")),
    ("handlers/src/lib.rs", include_str!("app/handlers/src/lib.rs.in")),
    ("handlers/src/bin/greeter.rs", include_str!("app/handlers/src/bin/greeter.rs.in")),
];

/// The files of an app, with their paths.
pub(super) fn of(name: &str, library: &Library) -> Vec<(&'static str, String)> {
    let values = [
        ("{{name}}", name.to_owned()),
        ("{{crate}}", name.replace('-', "_")),
        ("{{library}}", library.dependency("")),
        ("{{contract}}", library.dependency("crates/contract")),
        ("{{repository}}", env!("CARGO_PKG_REPOSITORY").to_owned()),
    ];
    let filled = |content: &str| values.iter().fold(content.to_owned(), |text, (key, value)| text.replace(key, value));
    FILES.iter().map(|(path, content)| (*path, filled(content))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_fill_in() {
        for (path, content) in of("photos", &Library::Repository("https://localhost/stackgen".to_owned())) {
            assert!(!content.contains("{{"), "{path}:\n{content}");
            assert!(content.ends_with('\n') && !content.contains('\t'), "{path}");
        }
    }
}
