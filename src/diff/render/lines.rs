//! Texts of several lines: what differs in them, with lines around it.

/// More pairs of lines than that are not compared with each other.
const PAIR_LIMIT: usize = 4_000_000;

/// A line of two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// In both.
    Same(&'a str),
    /// Only in the old one.
    Removed(&'a str),
    /// Only in the new one.
    Added(&'a str),
    /// That many lines of both are left out.
    Skipped(usize),
}

/// The lines that differ, each with `context` lines around it.
pub(super) fn differing<'a>(before: &'a str, after: &'a str, context: usize) -> Vec<Line<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let all = align(&old, &new);
    let is_near = |index: usize| {
        let window = index.saturating_sub(context)..(index + context + 1).min(all.len());
        all[window].iter().any(|line| !matches!(line, Line::Same(_)))
    };
    let mut lines = Vec::new();
    for (index, line) in all.iter().enumerate() {
        match (line, lines.last_mut()) {
            (Line::Same(_), last) if !is_near(index) => match last {
                Some(Line::Skipped(number)) => *number += 1,
                _ => lines.push(Line::Skipped(1)),
            },
            _ => lines.push(*line),
        }
    }
    lines
}

fn align<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let prefix = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let suffix =
        old[prefix..].iter().rev().zip(new[prefix..].iter().rev()).take_while(|(one, other)| one == other).count();
    let mut lines: Vec<Line<'a>> = old[..prefix].iter().map(|line| Line::Same(line)).collect();
    middle(&old[prefix..old.len() - suffix], &new[prefix..new.len() - suffix], &mut lines);
    lines.extend(old[old.len() - suffix..].iter().map(|line| Line::Same(line)));
    lines
}

fn middle<'a>(old: &[&'a str], new: &[&'a str], lines: &mut Vec<Line<'a>>) {
    let width = new.len() + 1;
    let (mut row, mut column) = (0, 0);
    if old.len().saturating_mul(new.len()) <= PAIR_LIMIT {
        let mut lengths = vec![0u32; (old.len() + 1) * width];
        for row in (0..old.len()).rev() {
            for column in (0..new.len()).rev() {
                lengths[row * width + column] = if old[row] == new[column] {
                    lengths[(row + 1) * width + column + 1] + 1
                } else {
                    lengths[(row + 1) * width + column].max(lengths[row * width + column + 1])
                };
            }
        }
        while row < old.len() && column < new.len() {
            if old[row] == new[column] {
                lines.push(Line::Same(old[row]));
                row += 1;
                column += 1;
            } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
                lines.push(Line::Removed(old[row]));
                row += 1;
            } else {
                lines.push(Line::Added(new[column]));
                column += 1;
            }
        }
    }
    lines.extend(old[row..].iter().map(|line| Line::Removed(line)));
    lines.extend(new[column..].iter().map(|line| Line::Added(line)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_around_a_difference_are_shown() {
        assert_eq!(
            differing("a\nb\nc\nd\ne", "a\nb\nx\nd\ne", 1),
            [
                Line::Skipped(1),
                Line::Same("b"),
                Line::Removed("c"),
                Line::Added("x"),
                Line::Same("d"),
                Line::Skipped(1)
            ]
        );
        assert_eq!(differing("a\nb", "a\nb\nc", 0), [Line::Skipped(2), Line::Added("c")]);
        assert_eq!(differing("", "a", 3), [Line::Added("a")]);
    }
}
