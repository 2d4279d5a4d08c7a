//! The local AWS of this test process: started by the first test that needs it, ended with the process, however that ends.

use std::sync::OnceLock;

use test_support::LocalAws;

/// The server. A machine without Python, or without the packages and a package index, fails the test with what to do.
pub(crate) fn server() -> &'static LocalAws {
    static SERVER: OnceLock<LocalAws> = OnceLock::new();
    SERVER.get_or_init(LocalAws::start)
}
