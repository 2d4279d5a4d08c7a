//! The graph for Graphviz.

use std::fmt::Write as _;

use super::kind::Kind;
use super::mermaid::{class, short_type};
use super::model::{Cluster, Edge, Graph};

pub(super) fn write(graph: &Graph) -> String {
    let mut text = String::from(
        "digraph stacks {\n  rankdir=LR\n  compound=true\n  fontname=\"sans-serif\"\n  \
         node [fontname=\"sans-serif\", fontsize=11, style=filled]\n  edge [color=\"#455a64\"]\n",
    );
    for stack in graph.clusters() {
        write_cluster(&mut text, graph, &stack, 1);
    }
    for ((from, to), edge) in &graph.edges {
        let attributes = match edge {
            Edge::Data => "",
            Edge::Both => " [dir=both]",
            Edge::Failure => " [style=dashed, color=\"#c62828\"]",
        };
        let _ = writeln!(text, "  {} -> {}{attributes}", id(graph, *from), id(graph, *to));
    }
    text.push_str("}\n");
    text
}

fn write_cluster(text: &mut String, graph: &Graph, cluster: &Cluster, depth: usize) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(text, "{indent}subgraph {} {{", quoted(&format!("cluster {}", cluster.id)));
    let _ = writeln!(text, "{indent}  label={}", quoted(&cluster.name));
    for node in &cluster.nodes {
        let kind = graph.nodes[*node].kind;
        let shape = match kind {
            Kind::Storage => "cylinder",
            Kind::Channel => "cds",
            Kind::Trigger => "hexagon",
            Kind::Entrance => "oval",
            Kind::Watch => "note",
            Kind::Compute | Kind::Other | Kind::Hidden => "box",
        };
        let (_, fill, stroke) = class(kind);
        let label = format!("{}\n{}", graph.label(*node, cluster), short_type(&graph.nodes[*node].type_name));
        let _ = writeln!(
            text,
            "{indent}  {} [label={}, shape={shape}, fillcolor=\"{fill}\", color=\"{stroke}\"]",
            id(graph, *node),
            quoted(&label)
        );
    }
    for inner in &cluster.clusters {
        write_cluster(text, graph, inner, depth + 1);
    }
    let _ = writeln!(text, "{indent}}}");
}

fn id(graph: &Graph, node: usize) -> String {
    let node = &graph.nodes[node];
    quoted(&format!("{}/{}", node.stack, node.logical_id))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
