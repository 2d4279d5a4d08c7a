//! Changes as a tree of lines, for a terminal.

use stackgen_template::Value;

use super::super::access::{AccessChange, NetworkChange};
use super::super::change_kind::ChangeKind;
use super::super::changes::{
    Action, Changes, DataRisk, EntryChange, Gravity, Notice, PropertyChange, ResourceChange, StackChanges,
};
use super::describe;
use super::lines::{Line, differing};
use super::tree::Node;

const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";
const STRONG: &str = "1";
const DIM: &str = "2";
const ALARM: &str = "1;31";
const CAUTION: &str = "1;33";

/// The width of the guides in front of a property.
const PROPERTY_INDENT: usize = 9;

/// How text is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether it is coloured. All that colours say, words say too.
    pub color: bool,
    /// The columns that a line may take.
    pub width: usize,
    /// How many lines are shown around those that differ, in texts of several lines.
    pub context: usize,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { color: false, width: 120, context: 3 }
    }
}

/// The changes as text. Stacks without differences are counted at the end.
pub fn text(changes: &Changes, options: &TextOptions) -> String {
    let mut text = String::new();
    let differing: Vec<&StackChanges> = changes.stacks.iter().filter(|stack| !stack.is_empty()).collect();
    for stack in &differing {
        let mut node = Node::colored(stack.name.as_str(), STRONG).then(": ").then(describe::tally(stack));
        node.children = stack_nodes(stack, options);
        node.draw(options.color, options.width, &mut text);
        text.push('\n');
    }
    let same = changes.stacks.len() - differing.len();
    let stacks = |number: usize| format!("{number} stack{}", if number == 1 { "" } else { "s" });
    let summary = match (differing.len(), same) {
        (0, 0) => "no stacks".to_owned(),
        (0, _) => format!("no differences in {}", stacks(same)),
        (number, 0) => format!("differences in {}", stacks(number)),
        (number, _) => format!("differences in {}, none in {}", stacks(number), stacks(same)),
    };
    text + &summary + "\n"
}

fn stack_nodes(stack: &StackChanges, options: &TextOptions) -> Vec<Node> {
    let mut nodes: Vec<Node> = stack.notices.iter().map(notice).collect();
    let section = |nodes: &mut Vec<Node>, title: &str, children: Vec<Node>| {
        if !children.is_empty() {
            let mut node = Node::colored(title, STRONG);
            node.children = children;
            nodes.push(node);
        }
    };
    section(&mut nodes, "Resources", stack.resources.iter().map(|change| resource(change, options)).collect());
    section(&mut nodes, "Access", stack.access.iter().map(access).collect());
    section(&mut nodes, "Network", stack.network.iter().map(network).collect());
    let exposures = stack.exposures.iter().map(|exposure| {
        let color = if exposure.kind == ChangeKind::Added { ALARM } else { GREEN };
        Node::colored(describe::exposure(exposure), color)
    });
    section(&mut nodes, "Public", exposures.collect());
    let mut titles: Vec<&str> = Vec::new();
    for entry in &stack.entries {
        let title = describe::section(entry);
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    for title in titles {
        let entries = || stack.entries.iter().filter(|entry| describe::section(entry) == title);
        // A section without entries is one itself.
        if let Some(whole) = entries().find(|entry| entry.name == title) {
            nodes.push(entry(whole, options));
        } else {
            section(&mut nodes, title, entries().map(|change| entry(change, options)).collect());
        }
    }
    let moves = stack.suggested_moves.iter().map(|found| {
        Node::plain(format!("{} and {} have the same content ({}): ", found.from, found.to, found.type_name))
            .then_colored("record it with `moved`, and nothing is deleted", CYAN)
    });
    section(&mut nodes, "Possible moves", moves.collect());
    nodes
}

fn notice(notice: &Notice) -> Node {
    let color = match notice.gravity {
        Gravity::Error => ALARM,
        Gravity::Warning => CAUTION,
        Gravity::Information => CYAN,
    };
    let label = match notice.gravity {
        Gravity::Information => "note",
        gravity => gravity.as_str(),
    };
    let mut node = Node::colored(format!("{label}: "), color).then(&notice.message);
    node.children.extend(notice.hint.iter().map(|hint| Node::colored("hint: ", CYAN).then(hint)));
    node
}

fn resource(change: &ResourceChange, options: &TextOptions) -> Node {
    let color = match change.action {
        Action::Create | Action::Import => GREEN,
        Action::Delete | Action::Replace | Action::Snapshot => RED,
        Action::Update | Action::MayReplace | Action::Retain => YELLOW,
        Action::None => CYAN,
    };
    let outcome = if change.data >= DataRisk::MayBeLost { ALARM } else { color };
    let mut node = Node::colored(format!("{} {}", describe::resource_sign(change), change.logical_id), color)
        .then_colored(format!(" {}", change.type_name), DIM)
        .then(" ")
        .then_colored(describe::action(change), outcome);
    node.children.extend(change.properties.iter().map(|change| property(change, options)));
    node.children.extend(change.causes.iter().map(|cause| {
        let node = Node::plain(describe::cause(cause));
        with_effect(node, describe::effect(cause.effect))
    }));
    if let Some(nested) = &change.nested {
        let mut inner = Node::colored("nested stack", STRONG).then(": ").then(describe::tally(nested));
        inner.children = stack_nodes(nested, options);
        node.children.push(inner);
    }
    node
}

fn with_effect(node: Node, effect: Option<&'static str>) -> Node {
    match effect {
        Some(effect) => node.then_colored(format!(" ({effect})"), if effect == "replaces" { ALARM } else { CAUTION }),
        None => node,
    }
}

fn property(change: &PropertyChange, options: &TextOptions) -> Node {
    let label = describe::label(&change.label).to_owned();
    let effect = describe::effect(change.effect);
    if let (Some(Value::String(before)), Some(Value::String(after))) = (&change.before, &change.after)
        && (before.contains('\n') || after.contains('\n'))
    {
        let mut node = with_effect(Node::plain(label), effect);
        node.children = differing(before, after, options.context).into_iter().map(line).collect();
        return node;
    }
    let (before, after) = (describe::short(change.before.as_ref()), describe::short(change.after.as_ref()));
    let title = if label.is_empty() { String::new() } else { format!("{label}: ") };
    match (&change.before, &change.after) {
        (None, _) => with_effect(Node::plain(title).then_colored(format!("+ {after}"), GREEN), effect),
        (_, None) => with_effect(Node::plain(title).then_colored(format!("- {before}"), RED), effect),
        _ => {
            let texts = [&*title, &*before, " → ", &*after, effect.unwrap_or_default()];
            let length = PROPERTY_INDENT + 3 + texts.into_iter().map(|text| text.chars().count()).sum::<usize>();
            if length <= options.width {
                let node = Node::plain(title).then_colored(before, RED).then(" → ").then_colored(after, GREEN);
                return with_effect(node, effect);
            }
            let mut node = with_effect(Node::plain(label), effect);
            node.children = vec![Node::colored(format!("- {before}"), RED), Node::colored(format!("+ {after}"), GREEN)];
            node
        }
    }
}

fn line(line: Line<'_>) -> Node {
    match line {
        Line::Same(text) => Node::colored(format!("  {text}"), DIM),
        Line::Removed(text) => Node::colored(format!("- {text}"), RED),
        Line::Added(text) => Node::colored(format!("+ {text}"), GREEN),
        Line::Skipped(1) => Node::colored("… 1 line", DIM),
        Line::Skipped(number) => Node::colored(format!("… {number} lines"), DIM),
    }
}

fn access(change: &AccessChange) -> Node {
    let color = match (change.kind, change.is_broadening) {
        (_, true) => CAUTION,
        (ChangeKind::Removed, _) => RED,
        _ => GREEN,
    };
    let sign = describe::sign(change.kind);
    let text = change.rule().map(describe::rule).unwrap_or_default();
    let mut node = Node::colored(format!("{sign} {text}"), color);
    if let Some(note) = describe::access_note(change) {
        node = node.then_colored(format!(" ({note})"), if note == "public" { ALARM } else { CYAN });
    }
    if let (Some(before), Some(_)) = (&change.before, &change.after) {
        node.children.push(Node::colored(format!("before: {}", describe::rule(before)), DIM));
    }
    node
}

fn network(change: &NetworkChange) -> Node {
    let color = match change.kind {
        ChangeKind::Added if change.rule.is_anywhere() => ALARM,
        ChangeKind::Added => CAUTION,
        _ => RED,
    };
    Node::colored(format!("{} {}", describe::sign(change.kind), describe::network(change)), color)
}

fn entry(change: &EntryChange, options: &TextOptions) -> Node {
    let color = match change.kind {
        ChangeKind::Added => GREEN,
        ChangeKind::Removed => RED,
        ChangeKind::Modified => YELLOW,
    };
    let mut node = Node::colored(format!("{} {}", describe::sign(change.kind), change.name), color);
    match (&*change.changes, change.kind) {
        ([only], ChangeKind::Added) => node.then(": ").then(describe::short(only.after.as_ref())),
        ([only], ChangeKind::Removed) => node.then(": ").then(describe::short(only.before.as_ref())),
        ([only], ChangeKind::Modified) if only.label.is_empty() => {
            let inner = property(only, options);
            node.pieces.push((": ".to_owned(), None));
            node.pieces.extend(inner.pieces);
            node.children = inner.children;
            node
        }
        (changes, _) => {
            node.children = changes.iter().map(|change| property(change, options)).collect();
            node
        }
    }
}
