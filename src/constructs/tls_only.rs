//! The statement that keeps plain HTTP out.

use stackgen_template::{Text, Value};

use crate::core::{Principal, Statement};

/// Denies everyone `actions` on `resources` over connections that are not encrypted.
pub(super) fn deny_plain_http<A: Into<Text>, R: Into<Value>>(
    actions: impl IntoIterator<Item = A>,
    resources: impl IntoIterator<Item = R>,
) -> Statement {
    Statement::deny(actions).sid("TlsOnly").principal(Principal::Any).on_each(resources).when(
        "Bool",
        "aws:SecureTransport",
        "false",
    )
}
