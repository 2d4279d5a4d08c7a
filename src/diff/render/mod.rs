//! Changes as text for a terminal, as JSON for programs, and as Markdown for a pull request.
//!
//! Rendering is pure: what a terminal can show is told by the options.

mod describe;
mod json;
mod lines;
mod markdown;
mod text;
mod tree;

pub use json::json;
pub use markdown::{COMMENT_LIMIT, MarkdownOptions, markdown};
pub use text::{TextOptions, text};
