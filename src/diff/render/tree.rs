//! A tree of lines, drawn within a width.

/// A line with what stands below it.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Pieces of text, each with the code of its colour; none is plain.
    pub(super) pieces: Vec<(String, Option<&'static str>)>,
    /// What stands below.
    pub(super) children: Vec<Node>,
}

impl Node {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { pieces: vec![(text.into(), None)], children: Vec::new() }
    }

    pub(super) fn colored(text: impl Into<String>, color: &'static str) -> Self {
        Self { pieces: vec![(text.into(), Some(color))], children: Vec::new() }
    }

    pub(super) fn then(mut self, text: impl Into<String>) -> Self {
        self.pieces.push((text.into(), None));
        self
    }

    pub(super) fn then_colored(mut self, text: impl Into<String>, color: &'static str) -> Self {
        self.pieces.push((text.into(), Some(color)));
        self
    }

    /// Draws the node and what is below it.
    pub(super) fn draw(&self, color: bool, width: usize, text: &mut String) {
        self.line("", if self.children.is_empty() { "  " } else { "│ " }, color, width, text);
        self.below("", color, width, text);
    }

    fn below(&self, indent: &str, color: bool, width: usize, text: &mut String) {
        for (index, child) in self.children.iter().enumerate() {
            let is_last = index + 1 == self.children.len();
            let (corner, rest) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let inner = format!("{indent}{rest}");
            let folded = if child.children.is_empty() { format!("{inner}  ") } else { format!("{inner}│ ") };
            child.line(&format!("{indent}{corner}"), &folded, color, width, text);
            child.below(&inner, color, width, text);
        }
    }

    /// One line, folded where it is too long; `further` stands in front of what is folded.
    fn line(&self, first: &str, further: &str, color: bool, width: usize, text: &mut String) {
        let start = further.chars().count();
        // Narrower than that, folding makes nothing readable.
        let mut line =
            Line { width: width.max(start + 20), start, further, text, column: first.chars().count(), blanks: 0 };
        line.text.push_str(first);
        for (piece, style) in &self.pieces {
            line.piece(piece, style.filter(|_| color));
        }
        text.push('\n');
    }
}

/// A line while it is written.
struct Line<'a> {
    text: &'a mut String,
    further: &'a str,
    start: usize,
    width: usize,
    column: usize,
    /// Blanks that are written when something follows them on the same line.
    blanks: usize,
}

impl Line<'_> {
    fn piece(&mut self, piece: &str, style: Option<&str>) {
        let open = style.map(|code| format!("\x1b[{code}m")).unwrap_or_default();
        let close = if style.is_some() { "\x1b[0m" } else { "" };
        let mut is_open = false;
        for word in words(piece) {
            let content = word.trim_end_matches(' ');
            let length = content.chars().count();
            if self.column + self.blanks + length > self.width && self.column > self.start && length > 0 {
                self.fold(if is_open { close } else { "" });
                is_open = false;
            }
            for letter in content.chars() {
                if self.column + self.blanks >= self.width {
                    self.fold(if is_open { close } else { "" });
                    is_open = false;
                }
                if !is_open {
                    self.text.push_str(&open);
                    is_open = true;
                }
                self.text.extend(std::iter::repeat_n(' ', self.blanks));
                self.text.push(letter);
                self.column += self.blanks + 1;
                self.blanks = 0;
            }
            self.blanks += word.len() - content.len();
        }
        if is_open {
            self.text.push_str(close);
        }
    }

    fn fold(&mut self, close: &str) {
        self.text.push_str(close);
        self.text.push('\n');
        self.text.push_str(self.further);
        self.column = self.start;
        self.blanks = 0;
    }
}

/// Words, each with the blanks behind it. Characters that steer a terminal are shown, not sent.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut in_word = false;
    for letter in text.chars() {
        let shown = if letter.is_control() { letter.escape_default().to_string() } else { letter.to_string() };
        if letter != ' ' && !in_word || words.is_empty() {
            words.push(String::new());
        }
        in_word = letter != ' ';
        if let Some(word) = words.last_mut() {
            word.push_str(&shown);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_under_their_guides() {
        let mut node = Node::plain("top");
        node.children = vec![Node::plain("one two three four five six seven"), Node::plain("last")];
        let mut text = String::new();
        node.draw(false, 25, &mut text);
        assert_eq!(text, "top\n├─ one two three four\n│    five six seven\n└─ last\n");
    }

    #[test]
    fn steering_characters_are_not_sent() {
        let mut text = String::new();
        Node::plain("a\x1b[31mb").draw(false, 80, &mut text);
        assert_eq!(text, "a\\u{1b}[31mb\n");
    }

    #[test]
    fn colours_are_closed_before_a_line_ends() {
        let mut text = String::new();
        Node::colored("aaaaaaaaaa bbbbbbbbbbbbbbbbb", "31").draw(true, 22, &mut text);
        assert_eq!(text, "\x1b[31maaaaaaaaaa\x1b[0m\n  \x1b[31mbbbbbbbbbbbbbbbbb\x1b[0m\n");
    }
}
