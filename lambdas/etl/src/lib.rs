//! Handlers of etl.
