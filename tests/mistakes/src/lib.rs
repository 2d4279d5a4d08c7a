//! Fourteen mistakes that people make with infrastructure, and who catches each: see `tests/mistakes.rs` and `cases/`.
//!
//! A package of its own, since what the compiler says is found by compiling the library once more: here without its
//! features, which compile many times as much.

pub use stackgen::prelude;
