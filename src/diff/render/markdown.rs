//! Changes as Markdown, for the comment of a pull request.

use std::fmt::Write;

use stackgen_template::Value;

use super::super::access::AccessChange;
use super::super::change_kind::ChangeKind;
use super::super::changes::{Changes, EntryChange, Gravity, PropertyChange, ResourceChange, StackChanges};
use super::describe;
use super::lines::{Line, differing};

/// The characters that GitHub takes in a comment.
pub const COMMENT_LIMIT: usize = 65_536;

/// How Markdown is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownOptions {
    /// The heading.
    pub title: String,
    /// The bytes that the text may take.
    pub limit: usize,
    /// How many lines are shown around those that differ, in texts of several lines.
    pub context: usize,
}

impl Default for MarkdownOptions {
    fn default() -> Self {
        Self { title: "What this change deploys".to_owned(), limit: COMMENT_LIMIT, context: 3 }
    }
}

/// Stands first, so that whoever posts the comment finds it again.
const MARK: &str = "<!-- stackgen diff -->";

/// Room for the note that something was left out.
const NOTE_ROOM: usize = 200;

/// The changes as Markdown of at most `limit` bytes. What does not fit is left out from the end, and counted: what is
/// grave comes first, then the table of stacks, then the details of each.
pub fn markdown(changes: &Changes, options: &MarkdownOptions) -> String {
    let mut page = Page { text: String::new(), limit: options.limit.saturating_sub(NOTE_ROOM), left_out: 0 };
    let differing: Vec<&StackChanges> = changes.stacks.iter().filter(|stack| !stack.is_empty()).collect();
    page.add(&format!("{MARK}\n## {}\n\n", inline(&options.title)));
    if differing.is_empty() {
        page.add("No differences.\n");
        return page.finish();
    }
    for (gravity, alert) in [(Gravity::Error, "CAUTION"), (Gravity::Warning, "WARNING")] {
        page.alert(&differing, gravity, alert);
    }
    page.add("| stack | what happens |\n| --- | --- |\n");
    for stack in &differing {
        page.add(&format!("| {} | {} |\n", code(&stack.name), describe::tally(stack)));
    }
    let same = changes.stacks.len() - differing.len();
    if same > 0 {
        page.add(&format!("\n{same} more without differences.\n"));
    }
    for stack in differing {
        page.stack(stack, options.context);
    }
    page.finish()
}

struct Page {
    text: String,
    limit: usize,
    left_out: usize,
}

impl Page {
    /// Adds a block when it fits, whole. After the first that does not fit, nothing is added.
    fn add(&mut self, block: &str) -> bool {
        let fits = self.left_out == 0 && self.text.len() + block.len() <= self.limit;
        if fits {
            self.text.push_str(block);
        } else {
            self.left_out += 1;
        }
        fits
    }

    fn alert(&mut self, stacks: &[&StackChanges], gravity: Gravity, alert: &str) {
        let mut begun = false;
        for stack in stacks {
            for notice in stack.notices.iter().filter(|notice| notice.gravity == gravity) {
                let head = if begun { String::new() } else { format!("> [!{alert}]\n") };
                let hint = notice.hint.as_ref().map(|hint| format!("<br>Hint: {}", prose(hint))).unwrap_or_default();
                begun |= self.add(&format!("{head}> - {}: {}{hint}\n", code(&stack.name), prose(&notice.message)));
            }
        }
        if begun {
            self.add("\n");
        }
    }

    /// A stack in a part that opens at a click.
    fn stack(&mut self, stack: &StackChanges, context: usize) {
        const CLOSE: &str = "\n</details>\n";
        let head = format!("\n<details><summary><b>{}</b>: {}</summary>\n", html(&stack.name), describe::tally(stack));
        // The end always fits, so that nothing behind it is hidden.
        self.limit -= CLOSE.len().min(self.limit);
        if self.add(&head) {
            let mut blocks = Vec::new();
            stack_blocks(stack, context, &mut blocks);
            for block in blocks {
                self.add(&block);
            }
            self.limit += CLOSE.len();
            self.text.push_str(CLOSE);
        } else {
            self.limit += CLOSE.len();
        }
    }

    fn finish(mut self) -> String {
        if self.left_out > 0 {
            let parts = if self.left_out == 1 { "part does" } else { "parts do" };
            // Writing to a string does not fail.
            let _ = write!(self.text, "\n_{} more {parts} not fit here: run the diff to see all._\n", self.left_out);
        }
        self.text
    }
}

/// The parts of a stack, each whole by itself.
fn stack_blocks(stack: &StackChanges, context: usize, blocks: &mut Vec<String>) {
    let notes: Vec<String> = stack
        .notices
        .iter()
        .filter(|notice| notice.gravity == Gravity::Information)
        .map(|notice| format!("- {}\n", prose(&notice.message)))
        .collect();
    if !notes.is_empty() {
        blocks.push(format!("\n{}", notes.concat()));
    }
    let (shipped, others): (Vec<&ResourceChange>, Vec<&ResourceChange>) =
        stack.resources.iter().partition(|change| describe::only_ships_anew(change));
    blocks.extend(others.into_iter().map(|change| resource(change, context)));
    blocks.extend(shipped_anew(&shipped));
    for change in &stack.resources {
        if let Some(nested) = &change.nested {
            blocks.push(format!("\n**Nested stack {}**: {}\n", code(&change.logical_id), describe::tally(nested)));
            stack_blocks(nested, context, blocks);
        }
    }
    let (renamed, access): (Vec<&AccessChange>, Vec<&AccessChange>) =
        stack.access.iter().partition(|change| describe::only_names_anew(change));
    let access = access.into_iter().flat_map(|change| {
        let sign = if change.kind == ChangeKind::Modified { '+' } else { describe::sign(change.kind) };
        let note = describe::access_note(change).map(|note| format!(" ({note})")).unwrap_or_default();
        let before = change.before.as_ref().filter(|_| change.after.is_some());
        let before = before.map(|rule| format!("- {}", describe::rule(rule)));
        let rule = change.rule().map(|rule| format!("{sign} {}{note}", describe::rule(rule)));
        before.into_iter().chain(rule).collect::<Vec<_>>()
    });
    let mut access: Vec<String> = access.collect();
    match renamed.len() {
        0 => {}
        1 => access.push("  1 rule names what is shipped now instead of what was before".to_owned()),
        number => access.push(format!("  {number} rules name what is shipped now instead of what was before")),
    }
    fenced("Access", &access, blocks);
    let network =
        stack.network.iter().map(|change| format!("{} {}", describe::sign(change.kind), describe::network(change)));
    fenced("Network", &network.collect::<Vec<_>>(), blocks);
    fenced("Public", &stack.exposures.iter().map(describe::exposure).collect::<Vec<_>>(), blocks);
    let mut title = "";
    let mut lines = Vec::new();
    for change in &stack.entries {
        if describe::section(change) != title {
            fenced(title, &std::mem::take(&mut lines), blocks);
            title = describe::section(change);
        }
        lines.extend(entry(change, context));
    }
    fenced(title, &lines, blocks);
    let moves: Vec<String> = stack
        .suggested_moves
        .iter()
        .map(|found| {
            let (from, to) = (code(&found.from), code(&found.to));
            format!("- {from} and {to} have the same content: with a record of the move, nothing is deleted\n")
        })
        .collect();
    if !moves.is_empty() {
        blocks.push(format!("\n**Possible moves**\n\n{}", moves.concat()));
    }
}

/// Resources that differ in nothing but what they ship, a line a type.
fn shipped_anew(changes: &[&ResourceChange]) -> Option<String> {
    let mut types: Vec<(&str, Vec<String>)> = Vec::new();
    for change in changes {
        let name = format!("**{}**", inline(&change.logical_id));
        match types.iter_mut().find(|(type_name, _)| *type_name == change.type_name) {
            Some((_, names)) => names.push(name),
            None => types.push((&change.type_name, vec![name])),
        }
    }
    let lines: Vec<String> =
        types.into_iter().map(|(type_name, names)| format!("- {} {}\n", code(type_name), names.join(", "))).collect();
    (!lines.is_empty())
        .then(|| format!("\n{} with new code or files, and nothing else:\n\n{}", code("~"), lines.concat()))
}

fn resource(change: &ResourceChange, context: usize) -> String {
    let mut text = format!(
        "\n{} **{}** {} {}\n",
        code(&describe::resource_sign(change).to_string()),
        inline(&change.logical_id),
        code(&change.type_name),
        prose(&describe::action(change))
    );
    let mut lines: Vec<String> = change.properties.iter().flat_map(|change| property(change, context)).collect();
    lines.extend(change.causes.iter().map(|cause| {
        let effect = describe::effect(cause.effect).map(|effect| format!(" ({effect})")).unwrap_or_default();
        format!("  {}{effect}", describe::cause(cause))
    }));
    if !lines.is_empty() {
        text.push_str(&fence(&lines));
    }
    text
}

fn property(change: &PropertyChange, context: usize) -> Vec<String> {
    let effect = describe::effect(change.effect).map(|effect| format!(" ({effect})")).unwrap_or_default();
    let label = describe::label(&change.label);
    if let (Some(Value::String(before)), Some(Value::String(after))) = (&change.before, &change.after)
        && (before.contains('\n') || after.contains('\n'))
    {
        let lines = differing(before, after, context).into_iter().map(|line| match line {
            Line::Same(text) => format!("    {text}"),
            Line::Removed(text) => format!("-   {text}"),
            Line::Added(text) => format!("+   {text}"),
            Line::Skipped(number) => format!("    … {number}"),
        });
        return std::iter::once(format!("  {label}{effect}")).chain(lines).collect();
    }
    let title = if label.is_empty() { String::new() } else { format!("{label}: ") };
    let line = |sign: char, value: &Option<Value>, effect: &str| {
        value.as_ref().map(|value| format!("{sign} {title}{}{effect}", describe::short(Some(value))))
    };
    let before_effect = if change.after.is_none() { effect.as_str() } else { "" };
    line('-', &change.before, before_effect).into_iter().chain(line('+', &change.after, &effect)).collect()
}

fn entry(change: &EntryChange, context: usize) -> Vec<String> {
    let sign = describe::sign(change.kind);
    match (&*change.changes, change.kind) {
        ([only], ChangeKind::Added | ChangeKind::Removed) => {
            let value = only.after.as_ref().or(only.before.as_ref());
            vec![format!("{sign} {}: {}", change.name, describe::short(value))]
        }
        (changes, _) => std::iter::once(format!("  {}", change.name))
            .chain(changes.iter().flat_map(|change| property(change, context)))
            .collect(),
    }
}

fn fenced(title: &str, lines: &[String], blocks: &mut Vec<String>) {
    if !lines.is_empty() {
        blocks.push(format!("\n**{title}**\n{}", fence(lines)));
    }
}

/// Lines in a fence that none of them can close.
fn fence(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| line.replace(['\n', '\r'], "⏎")).collect();
    let longest = lines.iter().map(|line| run_of_backticks(line)).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    format!("\n{fence}diff\n{}\n{fence}\n", lines.join("\n"))
}

fn run_of_backticks(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

/// A text as code within a line.
fn code(text: &str) -> String {
    let fence = "`".repeat(run_of_backticks(text) + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{}{blank}{fence}", text.replace('|', "\\|").replace('\n', " "))
}

/// A text with code in backticks: what is outside of them means nothing to Markdown.
fn prose(text: &str) -> String {
    if text.matches('`').count() % 2 == 1 {
        return inline(text);
    }
    let parts = text.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { code(part) } else { inline(part) }).collect()
}

/// A text that means nothing to Markdown.
fn inline(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // A mention would call people.
            '@' => safe.push_str("&#64;"),
            '`' | '*' | '_' | '[' | ']' | '|' | '\\' | '#' | '~' | '!' => {
                safe.push('\\');
                safe.push(letter);
            }
            '\n' | '\r' => safe.push(' '),
            _ => safe.push(letter),
        }
    }
    safe
}

/// A text within an element.
fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
