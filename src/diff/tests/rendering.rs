//! What people and programs see.

use super::super::render::{MarkdownOptions, TextOptions, json, markdown, text};
use super::super::{Changes, diff};
use super::stack;

const BEFORE: &str = include_str!("templates/before.yaml");

const AFTER: &str = include_str!("templates/after.yaml");
const READER: &str =
    "Resources: {Reader: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !ImportValue 'photos:bucket'}}}";

fn sample() -> Changes {
    diff(&[stack("photos", BEFORE), stack("web", READER)], &[stack("photos", AFTER), stack("web", READER)])
}

#[test]
fn text_for_a_terminal() {
    insta::assert_snapshot!("text", text(&sample(), &TextOptions { context: 1, ..TextOptions::default() }));
}

#[test]
fn text_in_sixty_columns_with_colours() {
    let options = TextOptions { color: true, width: 60, context: 0 };
    let shown = text(&sample(), &options);
    let widest = shown.lines().map(|line| strip(line).chars().count()).max().unwrap();
    assert!(widest <= 60, "{widest}");
    let plain = text(&sample(), &TextOptions { color: false, ..options });
    assert_eq!(shown.lines().map(strip).collect::<Vec<_>>(), plain.lines().collect::<Vec<_>>());
    insta::assert_snapshot!("narrow", plain);
}

/// The line without the codes of colours.
fn strip(line: &str) -> String {
    let mut parts = line.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.map(|part| part.split_once('m').map_or("", |(_, rest)| rest)).collect::<String>()
}

#[test]
fn json_for_programs() {
    insta::assert_snapshot!("json", json(&sample()));
}

#[test]
fn markdown_for_a_pull_request() {
    insta::assert_snapshot!("markdown", markdown(&sample(), &MarkdownOptions::default()));
}

#[test]
fn markdown_tells_new_code_and_files_in_a_line() {
    let template = |digit: &str, memory: u32| {
        let key = digit.repeat(64);
        let function = |name: &str, memory: u32| {
            format!(
                "  {name}: {{Type: AWS::Lambda::Function, Properties: {{MemorySize: {memory}, Code: {{S3Key: {key}.zip}}}}}}\n"
            )
        };
        let statement = format!("{{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/{key}.zip'}}");
        let policy = format!(
            "  P: {{Type: AWS::IAM::Policy, Properties: {{Roles: [r], PolicyDocument: {{Statement: [{statement}]}}}}}}\n"
        );
        let text = ["Resources:\n", &function("One", 128), &function("Two", 128), &function("Third", memory), &policy]
            .concat();
        stack("shop", &text)
    };
    let page = markdown(&diff(&[template("a", 128)], &[template("b", 256)]), &MarkdownOptions::default());
    let told = "`~` with new code or files, and nothing else:\n\n- `AWS::Lambda::Function` **One**, **Two**\n- `AWS::IAM::Policy` **P**\n";
    assert!(page.contains(told), "{page}");
    assert!(page.contains("`~` **Third** `AWS::Lambda::Function` updated in place\n"), "{page}");
    assert!(
        page.contains("**Access**\n\n```diff\n  1 rule names what is shipped now instead of what was before\n"),
        "{page}"
    );
}

#[test]
fn markdown_that_is_too_long_is_cut_with_a_note() {
    let resources = |text: &str| {
        let one = |number: u32| {
            format!("  P{number}: {{Type: AWS::SSM::Parameter, Properties: {{Type: String, Value: {text}{number}}}}}\n")
        };
        let many = (0..2000).map(one).collect::<Vec<_>>().concat();
        stack("many", &format!("Resources:\n{many}"))
    };
    let page = markdown(&diff(&[resources("a")], &[resources("b")]), &MarkdownOptions::default());
    assert!(page.len() <= 65_536 && page.len() > 60_000, "{}", page.len());
    assert!(page.ends_with("not fit here: run the diff to see all._\n"), "{}", &page[page.len() - 200..]);
    assert_eq!(page.matches("<details>").count(), page.matches("</details>").count());
    assert_eq!(page.matches("```").count() % 2, 0);
}

#[test]
fn markdown_holds_whatever_a_template_holds() {
    let evil = |text: &str| {
        stack(
            "s",
            &format!(
                r#"{{"Resources": {{"A": {{"Type": "AWS::SSM::Parameter", "Properties": {{"Value": "{text}"}}}}}}}}"#
            ),
        )
    };
    let page = markdown(&diff(&[evil("a")], &[evil("````</details><!-- @everyone")]), &MarkdownOptions::default());
    assert!(page.contains("\n`````diff\n"), "{page}");
}

#[test]
fn nothing_is_told_briefly() {
    let same = [stack("a", READER), stack("b", READER)];
    assert_eq!(text(&diff(&same, &same), &TextOptions::default()), "no differences in 2 stacks\n");
    assert!(markdown(&diff(&same, &same), &MarkdownOptions::default()).contains("No differences."));
}
