//! Where output goes: what was asked for to standard output, all else to standard error.

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use super::error::Failure;

/// The two streams of a command, and how they may look.
pub(super) struct Console<'a> {
    output: BufWriter<Box<dyn Write + 'a>>,
    messages: BufWriter<Box<dyn Write + 'a>>,
    output_palette: Palette,
    messages_palette: Palette,
    quiet: bool,
}

/// How a word is set off from the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Something is wrong.
    Error,
    /// Something may be wrong.
    Warning,
    /// What to do.
    Hint,
    /// All is well.
    Success,
    /// Of less weight than the text around it.
    Dim,
    /// Of more weight than the text around it.
    Strong,
}

impl Style {
    const fn code(self) -> &'static str {
        match self {
            Self::Error => "1;31",
            Self::Warning => "1;33",
            Self::Hint => "36",
            Self::Success => "1;32",
            Self::Dim => "2",
            Self::Strong => "1",
        }
    }
}

/// Whether a stream shows colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Palette {
    pub(super) color: bool,
}

impl Palette {
    /// `text` in `style`, where colours are shown.
    pub(super) fn styled<T: fmt::Display>(self, text: T, style: Style) -> Styled<T> {
        Styled(text, self.color.then_some(style))
    }
}

/// A text in a style, or plain.
pub(super) struct Styled<T>(T, Option<Style>);

impl<T: fmt::Display> fmt::Display for Styled<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(style) => write!(formatter, "\x1b[{}m{}\x1b[0m", style.code(), self.0),
            None => self.0.fmt(formatter),
        }
    }
}

impl<'a> Console<'a> {
    /// Two streams, each with whether it shows colours.
    pub(super) fn new(output: (impl Write + 'a, Palette), messages: (impl Write + 'a, Palette), quiet: bool) -> Self {
        Self {
            output: BufWriter::with_capacity(1 << 16, Box::new(output.0)),
            messages: BufWriter::new(Box::new(messages.0)),
            output_palette: output.1,
            messages_palette: messages.1,
            quiet,
        }
    }

    /// The colours of standard output.
    pub(super) fn output_palette(&self) -> Palette {
        self.output_palette
    }

    /// The colours of standard error.
    pub(super) fn messages_palette(&self) -> Palette {
        self.messages_palette
    }

    /// Standard output, for what was asked for.
    pub(super) fn output(&mut self) -> &mut impl Write {
        &mut self.output
    }

    /// Standard error, for what must be said.
    pub(super) fn messages(&mut self) -> &mut impl Write {
        &mut self.messages
    }

    /// Whether only errors are told.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Says how it went, unless only errors are told.
    pub(super) fn note(&mut self, text: impl fmt::Display) -> io::Result<()> {
        if self.quiet { Ok(()) } else { writeln!(self.messages, "{text}") }
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.output.flush()?;
        self.messages.flush()
    }

    /// Prints why the command ends, and gives the exit code.
    pub(super) fn fail(&mut self, failure: &Failure) -> ExitCode {
        if !failure.is_silent() {
            // When standard error cannot be written there is nobody to tell.
            let _ = self.output.flush();
            let _ = self.print(failure).and_then(|()| self.messages.flush());
        }
        failure.exit_code()
    }

    fn print(&mut self, failure: &Failure) -> io::Result<()> {
        let label = self.messages_palette.styled("error:", Style::Error);
        writeln!(self.messages, "{label} {}", failure.message)?;
        for cause in &failure.causes {
            writeln!(self.messages, "  Caused by: {cause}")?;
        }
        if let Some(hint) = &failure.hint {
            let label = self.messages_palette.styled("hint:", Style::Hint);
            writeln!(self.messages, "\n{label} {hint}")?;
        }
        Ok(())
    }
}

/// `1 stack`, `2 stacks`: a number and its noun.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", thousands(number)) }
}

/// `12,345`
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A size in three digits or fewer: `812 bytes`, `3.1 KB`, `310 KB`, `1.5 MB`.
pub(super) fn size(bytes: u64) -> String {
    let (value, unit) = match bytes {
        0..1_000 => return if bytes == 1 { "1 byte".to_owned() } else { format!("{bytes} bytes") },
        1_000..1_000_000 => (bytes / 100, "KB"),
        _ => (bytes / 100_000, "MB"),
    };
    if value < 100 { format!("{}.{} {unit}", value / 10, value % 10) } else { format!("{} {unit}", value / 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_counts_are_short() {
        assert_eq!(
            [1, 999, 3_149, 310_400, 1_560_000].map(size),
            ["1 byte", "999 bytes", "3.1 KB", "310 KB", "1.5 MB"]
        );
        assert_eq!(count(1, "stack"), "1 stack");
        assert_eq!(count(12_345, "resource"), "12,345 resources");
    }

    #[test]
    fn plain_text_has_no_codes() {
        assert_eq!(Palette { color: false }.styled("error", Style::Error).to_string(), "error");
        assert_eq!(Palette { color: true }.styled("error", Style::Error).to_string(), "\x1b[1;31merror\x1b[0m");
    }

    #[test]
    fn failures_name_their_causes_and_what_to_do() {
        let mut messages = Vec::new();
        let palette = Palette { color: false };
        let mut console = Console::new((Vec::new(), palette), (&mut messages, palette), false);
        let mut failure = Failure::new("cannot write `out`").hint("choose another folder");
        failure.causes.push("permission denied".to_owned());
        console.fail(&failure);
        drop(console);
        let text = String::from_utf8(messages).expect("messages are text");
        assert_eq!(text, "error: cannot write `out`\n  Caused by: permission denied\n\nhint: choose another folder\n");
    }
}
