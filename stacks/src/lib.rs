//! The app: five data systems, one module a stack.

pub mod data_review;

use stackgen::core::App;

/// Adds all stacks.
pub fn app(app: &mut App) {
    data_review::data_review(app);
}
