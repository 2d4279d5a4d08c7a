//! Circles in a graph.

/// An edge of a graph: where it leads, and a number of the caller's for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) to: usize,
    pub(super) label: usize,
}

/// A step of a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) from: usize,
    pub(super) edge: Edge,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

/// Circles of a graph, each as its steps from the node at which the search came upon it: at least one of each group of
/// nodes that reach each other.
///
/// `edges` are those of each node, by its number. The search is in depth, without recursion: a chain may be long.
pub(super) fn circles(edges: &[Vec<Edge>]) -> Vec<Vec<Step>> {
    let mut state = vec![State::New; edges.len()];
    let mut found: Vec<Vec<Step>> = Vec::new();
    for start in 0..edges.len() {
        if state[start] != State::New {
            continue;
        }
        state[start] = State::Open;
        // The nodes on the way, each with the number of the next edge to follow, and the steps between them.
        let mut way = vec![(start, 0)];
        let mut steps: Vec<Step> = Vec::new();
        while let Some((node, next)) = way.last_mut() {
            let from = *node;
            let Some(edge) = edges[from].get(*next).copied() else {
                state[from] = State::Done;
                way.pop();
                steps.pop();
                continue;
            };
            *next += 1;
            match state[edge.to] {
                State::New => {
                    state[edge.to] = State::Open;
                    steps.push(Step { from, edge });
                    way.push((edge.to, 0));
                }
                State::Open => {
                    let begin = way.iter().position(|(node, _)| *node == edge.to).unwrap_or(0);
                    let mut circle = steps[begin..].to_vec();
                    circle.push(Step { from, edge });
                    // Several references between the same nodes make one circle.
                    if !found.iter().any(|other| same_nodes(other, &circle)) {
                        found.push(circle);
                    }
                }
                State::Done => {}
            }
        }
    }
    found
}

fn same_nodes(one: &[Step], two: &[Step]) -> bool {
    one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.from == two.from && one.edge.to == two.edge.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
        let mut graph = vec![Vec::new(); 5];
        for (label, (from, to)) in edges.iter().enumerate() {
            graph[*from].push(Edge { to: *to, label });
        }
        circles(&graph).iter().map(|circle| circle.iter().map(|step| step.from).collect()).collect()
    }

    #[test]
    fn circles_are_found_once() {
        assert_eq!(nodes(&[(0, 1), (1, 2), (0, 2), (3, 0)]), Vec::<Vec<usize>>::new());
        assert_eq!(nodes(&[(0, 0)]), [[0]]);
        assert_eq!(nodes(&[(3, 0), (0, 1), (1, 2), (2, 0), (2, 0)]), [[0, 1, 2]]);
        assert_eq!(nodes(&[(0, 1), (1, 0), (2, 3), (3, 2)]), [[0, 1], [2, 3]]);
    }

    #[test]
    fn a_long_chain_is_no_matter() {
        let length = 200_000;
        let edges: Vec<Vec<Edge>> =
            (0..length).map(|number| vec![Edge { to: (number + 1) % length, label: 0 }]).collect();
        assert_eq!(circles(&edges)[0].len(), length);
    }
}
