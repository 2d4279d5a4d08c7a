//! Logs, one JSON object a line.

use tracing::Level;

/// Begins to log. Each line of an invocation has its span, and in that the id of the request.
pub(crate) fn begin() {
    // Nothing below this level is let through: the SDK and the runtime log whole requests there, and with them keys.
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(Level::INFO)
        .with_ansi(false)
        .without_time()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .finish();
    // Someone else logs already: in tests.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
