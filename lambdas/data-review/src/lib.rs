//! Handlers of data-review.
