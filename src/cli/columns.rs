//! The columns of the terminal.

use std::io::{self, IsTerminal};
use std::process::Stdio;

/// The width of text that is not for a terminal.
const WIDTH: usize = 120;

/// The columns that text on standard output may have.
pub(super) fn of_output() -> usize {
    let of_variable = || std::env::var("COLUMNS").ok()?.parse().ok();
    if !io::stdout().is_terminal() {
        return WIDTH;
    }
    of_variable().or_else(of_terminal).filter(|width| *width > 0).unwrap_or(WIDTH)
}

/// The columns as `stty` tells them: asking the terminal itself takes unsafe code or a further library.
fn of_terminal() -> Option<usize> {
    let terminal = std::fs::File::open("/dev/tty").ok()?;
    let mut command = std::process::Command::new("stty");
    let output = command.arg("size").stdin(terminal).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.split_whitespace().nth(1)?.parse().ok()
}
