//! Decoding agrees with Google's Python bindings on the messages of `corpus`, which `corpus/generate.py` wrote with them.

#![cfg(feature = "lake")]
#![allow(clippy::unwrap_used)]

mod rows;

use std::path::Path;

#[test]
fn rows_are_those_of_the_bindings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let compared: usize = (0..4).map(|seed| rows::compare(&folder, seed)).sum();
    assert!(compared > 40, "{compared}");
}
