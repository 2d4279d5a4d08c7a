//! What a deployment did, as Markdown for the summary of a step.

use std::fmt::Write as _;

use crate::deploy::Report;

/// The page of a deployment: how each stack ended, why those failed that did, and what the others give.
pub(super) fn markdown(report: &Report) -> String {
    let mut page = "## Deployment\n\n| stack | |\n| --- | --- |\n".to_owned();
    for stack in &report.deployed {
        let _ = writeln!(page, "| {} | {} |", cell(&stack.name), stack.outcome.as_str());
    }
    for (name, _) in &report.failed {
        let _ = writeln!(page, "| {} | **failed** |", cell(name));
    }
    for (name, because_of) in &report.skipped {
        let _ = writeln!(page, "| {} | skipped, since {} failed |", cell(name), cell(because_of));
    }
    for (name, error) in &report.failed {
        let _ = write!(page, "\n### {}\n\n{}", cell(name), block(&error.to_string()));
        if let Some(hint) = error.hint_text() {
            let _ = writeln!(page, "\n{}", cell(hint));
        }
    }
    for stack in report.deployed.iter().filter(|stack| !stack.outputs.is_empty()) {
        let _ = write!(page, "\n<details><summary>Outputs of {}</summary>\n\n", cell(&stack.name));
        page.push_str("| output | value |\n| --- | --- |\n");
        for (key, value) in &stack.outputs {
            let _ = writeln!(page, "| {} | {} |", cell(key), cell(value));
        }
        page.push_str("\n</details>\n");
    }
    page
}

/// A text in one line of a table: nothing in it is read as markup.
fn cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '~' | '@' | '#' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// A text of several lines, as it is.
fn block(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{text}\n{fence}\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::deploy::{DeployError, Deployed, Outcome};

    use super::*;

    #[test]
    fn stacks_reasons_and_outputs_are_shown_and_nothing_is_markup() {
        let mut report = Report::default();
        report.deployed.push(Deployed {
            name: "web".to_owned(),
            outcome: Outcome::Updated,
            outputs: BTreeMap::from([("Url".to_owned(), "https://a|b_c".to_owned())]),
            planned: Vec::new(),
        });
        let error = DeployError::refused("the stack ended in\n  first: ```").hint("raise <it>");
        report.failed.push(("data".to_owned(), error));
        report.skipped.push(("late".to_owned(), "data".to_owned()));
        insta::assert_snapshot!(markdown(&report));
    }
}
