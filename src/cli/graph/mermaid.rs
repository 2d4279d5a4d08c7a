//! The graph for Mermaid, which GitHub draws in Markdown.

use std::fmt::Write as _;

use super::kind::Kind;
use super::model::{Cluster, Edge, Graph};

pub(super) fn write(graph: &Graph) -> String {
    let mut text = String::from("flowchart LR\n");
    for stack in graph.clusters() {
        write_cluster(&mut text, graph, &stack, 1);
    }
    for ((from, to), edge) in &graph.edges {
        let arrow = match edge {
            Edge::Data => "-->",
            Edge::Both => "<-->",
            Edge::Failure => "-. failures .->",
        };
        let _ = writeln!(text, "  {} {arrow} {}", id(graph, *from), id(graph, *to));
    }
    for (class, fill, stroke) in CLASSES {
        let _ = writeln!(text, "  classDef {class} fill:{fill},stroke:{stroke},color:#1b1b1b");
    }
    text
}

/// A class of nodes, its fill and its outline: readable on light and dark pages.
const CLASSES: [(&str, &str, &str); 7] = [
    ("storage", "#dcedc8", "#558b2f"),
    ("channel", "#f8bbd0", "#ad1457"),
    ("compute", "#ffe0b2", "#ef6c00"),
    ("trigger", "#e1bee7", "#6a1b9a"),
    ("entrance", "#bbdefb", "#1565c0"),
    ("watch", "#fff9c4", "#f9a825"),
    ("other", "#eceff1", "#546e7a"),
];

pub(super) const fn class(kind: Kind) -> (&'static str, &'static str, &'static str) {
    let index = match kind {
        Kind::Storage => 0,
        Kind::Channel => 1,
        Kind::Compute => 2,
        Kind::Trigger => 3,
        Kind::Entrance => 4,
        Kind::Watch => 5,
        Kind::Other | Kind::Hidden => 6,
    };
    CLASSES[index]
}

fn write_cluster(text: &mut String, graph: &Graph, cluster: &Cluster, depth: usize) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(text, "{indent}subgraph {}[\"{}\"]", identifier("in", &cluster.id), escape(&cluster.name));
    for node in &cluster.nodes {
        let kind = graph.nodes[*node].kind;
        let (open, close) = match kind {
            Kind::Storage => ("[(", ")]"),
            Kind::Channel => ("[[", "]]"),
            Kind::Trigger => ("{{", "}}"),
            Kind::Entrance => ("([", "])"),
            Kind::Compute | Kind::Watch | Kind::Other | Kind::Hidden => ("[", "]"),
        };
        let label = format!(
            "{}<br/>{}",
            escape(&graph.label(*node, cluster)),
            escape(&short_type(&graph.nodes[*node].type_name))
        );
        let _ = writeln!(text, "{indent}  {}{open}\"{label}\"{close}:::{}", id(graph, *node), class(kind).0);
    }
    for inner in &cluster.clusters {
        write_cluster(text, graph, inner, depth + 1);
    }
    let _ = writeln!(text, "{indent}end");
}

fn id(graph: &Graph, node: usize) -> String {
    let node = &graph.nodes[node];
    identifier(&node.logical_id, &node.stack)
}

/// An identifier of letters, digits and `_`, the same for the same names only.
fn identifier(name: &str, scope: &str) -> String {
    let mut text = String::new();
    for (index, part) in [scope, name].into_iter().enumerate() {
        if index > 0 {
            text.push_str("__");
        }
        for letter in part.chars() {
            match letter {
                '-' => text.push('_'),
                letter if letter.is_ascii_alphanumeric() => text.push(letter),
                letter => drop(write!(text, "_{:x}_", u32::from(letter))),
            }
        }
    }
    text
}

/// `SQS Queue` for `AWS::SQS::Queue`.
pub(super) fn short_type(type_name: &str) -> String {
    let parts: Vec<&str> = type_name.split("::").collect();
    match parts.as_slice() {
        ["AWS", service, resource @ ..] => format!("{service} {}", resource.join(" ")),
        parts => parts.join(" "),
    }
}

fn escape(text: &str) -> String {
    text.replace('#', "#35;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_safe() {
        assert_eq!(identifier("Data", "etl-backend"), "etl_backend__Data");
        assert_eq!(identifier("in", "a/b c"), "a_2f_b_20_c__in");
        assert_eq!(escape("a<\"b\">#c"), "a#lt;#quot;b#quot;#gt;#35;c");
        assert_eq!(short_type("AWS::SQS::Queue"), "SQS Queue");
        assert_eq!(short_type("Custom::Thing"), "Custom Thing");
    }
}
