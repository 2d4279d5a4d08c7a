//! Handlers of bus-observatory.
