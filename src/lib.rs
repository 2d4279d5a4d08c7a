//! stackgen
