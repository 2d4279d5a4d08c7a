//! `tree`: the constructs of the stacks, with the types and logical ids of resources.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::ArgMatches;
use stackgen_template::{Map, Value, to_json};

use crate::core::{App, SynthesizedStack};

use super::console::{Console, Palette, Style};
use super::context::Context;
use super::error::Failure;
use super::outcome::BuildOutcome;

pub(super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let look = context.look(own, console)?;
    let trees: Vec<Node> = look.synthesis.stacks.iter().map(tree_of).collect();
    if own.get_flag("json") {
        let list: Vec<Value> = trees.iter().map(|tree| tree.describe().into()).collect();
        writeln!(console.output(), "{}", to_json(&list.into()))?;
    } else {
        let palette = console.output_palette();
        for (index, tree) in trees.iter().enumerate() {
            if index > 0 {
                writeln!(console.output())?;
            }
            writeln!(console.output(), "{}", palette.styled(&tree.name, Style::Strong))?;
            tree.write_children(console.output(), palette, "")?;
        }
    }
    Ok(ExitCode::from(u8::from(look.has_errors)))
}

/// A construct, or a stack.
#[derive(Debug, Default)]
struct Node {
    name: String,
    type_name: Option<String>,
    logical_id: Option<String>,
    children: Vec<Node>,
}

/// The tree of a stack. What is called `Default` is one with the construct around it.
fn tree_of(stack: &SynthesizedStack) -> Node {
    let mut root = Node { name: stack.name.clone(), ..Node::default() };
    for node in &stack.tree {
        let mut at = &mut root;
        for name in node.path.split('/').filter(|name| *name != "Default") {
            let index = at.children.iter().position(|child| child.name == name).unwrap_or_else(|| {
                at.children.push(Node { name: name.to_owned(), ..Node::default() });
                at.children.len() - 1
            });
            at = &mut at.children[index];
        }
        if let Some(type_name) = &node.type_name {
            at.type_name = Some(type_name.to_string());
        }
        if node.logical_id.is_some() {
            at.logical_id.clone_from(&node.logical_id);
        }
    }
    root
}

impl Node {
    fn write_children(&self, output: &mut impl Write, palette: Palette, indent: &str) -> io::Result<()> {
        for (index, child) in self.children.iter().enumerate() {
            let is_last = index + 1 == self.children.len();
            let (branch, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            write!(output, "{}{}", palette.styled(format_args!("{indent}{branch}"), Style::Dim), child.name)?;
            if let Some(type_name) = &child.type_name {
                write!(output, "  {}", palette.styled(type_name, Style::Hint))?;
            }
            if let Some(logical_id) = child.logical_id.as_ref().filter(|id| **id != child.name) {
                write!(output, "  {}", palette.styled(logical_id, Style::Dim))?;
            }
            writeln!(output)?;
            child.write_children(output, palette, &format!("{indent}{below}"))?;
        }
        Ok(())
    }

    fn describe(&self) -> Map {
        let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
        let children: Vec<Value> = self.children.iter().map(|child| child.describe().into()).collect();
        Map::from([
            ("name", Value::from(self.name.clone())),
            ("type", text(&self.type_name)),
            ("logicalId", text(&self.logical_id)),
            ("children", children.into()),
        ])
    }
}
