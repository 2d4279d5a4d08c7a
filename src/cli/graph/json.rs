//! The graph as JSON.

use stackgen_template::{Map, Value, to_json};

use super::model::{Edge, Graph};

/// Nodes, and edges between their ids: `stack/LogicalId`.
pub(super) fn write(graph: &Graph) -> String {
    let id = |node: usize| format!("{}/{}", graph.nodes[node].stack, graph.nodes[node].logical_id);
    let nodes: Vec<Value> = graph
        .nodes
        .iter()
        .enumerate()
        .map(|(index, node)| {
            Map::from([
                ("id", id(index)),
                ("stack", node.stack.clone()),
                ("path", node.path.join("/")),
                ("logicalId", node.logical_id.clone()),
                ("type", node.type_name.clone()),
            ])
            .into()
        })
        .collect();
    let edges: Vec<Value> = graph
        .edges
        .iter()
        .map(|((from, to), edge)| {
            let flow = match edge {
                Edge::Data => "data",
                Edge::Both => "both",
                Edge::Failure => "failures",
            };
            Map::from([("from", id(*from)), ("to", id(*to)), ("flow", flow.to_owned())]).into()
        })
        .collect();
    to_json(&Map::from([("nodes", Value::from(nodes)), ("edges", edges.into())]).into()) + "\n"
}
