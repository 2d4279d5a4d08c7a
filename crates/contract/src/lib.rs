//! What a stack and its handlers agree on.
