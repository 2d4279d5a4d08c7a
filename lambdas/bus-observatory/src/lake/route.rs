//! The rows of one route.

use std::collections::HashMap;
use std::ops::Range;

use super::{HourFiles, ReadError};
use crate::file::{File, Unreadable};
use crate::table::{Cells, Identity, Layout, Table};

/// A row of a file: the indices of its file, row group and row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    file: usize,
    group: usize,
    row: usize,
}

/// The columns of a row group that tell rows apart; the others are empty.
struct Keys {
    file: usize,
    group: usize,
    table: Table,
    rows: usize,
}

/// The rows of a route and of `times`, in microseconds since 1970, from the files of an hour: each observation once.
///
/// Of an observation with several rows the first in the order of files counts, as it does for merged rows. A row of
/// another route may be that one.
pub fn route_rows(files: &HourFiles, layout: Layout, route: &str, times: &Range<i64>) -> Result<Table, ReadError> {
    files.readable(layout, |readable, compacted| read(readable, compacted, layout, route, times))
}

fn read(
    readable: &[&File],
    compacted: usize,
    layout: Layout,
    route: &str,
    times: &Range<i64>,
) -> Result<Table, (usize, Unreadable)> {
    // Merged rows have no observation twice, so that most of them need no look.
    let alone = readable.len() == 1 && compacted == 1;
    let mut keys = Vec::new();
    for (index, file) in readable.iter().enumerate() {
        for group in 0..file.groups() {
            let skipped = alone && !file.may_hold(group, (layout.route(), route), (layout.timestamp(), times));
            if !skipped {
                keys.push(Keys::read(file, index, group, layout).map_err(|reason| (index, reason))?);
            }
        }
    }
    let mut chosen: Vec<Place> = if alone {
        keys.iter().flat_map(|keys| keys.matching(layout, route, times).map(|row| keys.place(row))).collect()
    } else {
        winners(&keys, layout, route, times).into_values().collect()
    };
    chosen.sort_unstable();
    let mut table = Table::new(layout.feed_type());
    for places in chosen.chunk_by(|left, right| (left.file, left.group) == (right.file, right.group)) {
        let (first, last) = (places[0], places[places.len() - 1]);
        let range = first.row..last.row + 1;
        let mut part = Table::new(layout.feed_type());
        readable[first.file].read(first.group, &range, &mut part).map_err(|reason| (first.file, reason))?;
        let rows: Vec<usize> = places.iter().map(|place| place.row - first.row).collect();
        table.append(if rows.len() == range.len() { part } else { part.pick(&rows) });
    }
    let mut order: Vec<usize> = (0..table.len()).collect();
    order.sort_by(|left, right| layout.by_time((&table, *left), (&table, *right)));
    Ok(table.pick(&order))
}

/// Of each observation of the route the row that counts, unless a row of another route does.
fn winners(keys: &[Keys], layout: Layout, route: &str, times: &Range<i64>) -> HashMap<Identity, Place> {
    let mut winners = HashMap::new();
    for keys in keys {
        for row in keys.matching(layout, route, times) {
            winners.entry(layout.identity(&keys.table, row)).or_insert(keys.place(row));
        }
    }
    if winners.is_empty() {
        return winners;
    }
    for keys in keys {
        let earlier = (0..keys.rows).filter(|row| keys.route(layout, *row) < route.as_bytes());
        for row in earlier {
            winners.remove(&layout.identity(&keys.table, row));
        }
    }
    winners
}

impl Keys {
    fn read(file: &File, index: usize, group: usize, layout: Layout) -> Result<Self, Unreadable> {
        let rows = file.rows_of(group);
        let mut table = Table::new(layout.feed_type());
        for column in [layout.route(), layout.timestamp()].into_iter().chain(layout.vehicle().iter().copied()) {
            table.columns_mut()[column] = file.column(group, column, &(0..rows))?;
        }
        Ok(Self { file: index, group, table, rows })
    }

    fn route(&self, layout: Layout, row: usize) -> &[u8] {
        self.table.columns()[layout.route()].text(row).unwrap_or_default()
    }

    fn matching(&self, layout: Layout, route: &str, times: &Range<i64>) -> impl Iterator<Item = usize> {
        let stamps = match &self.table.columns()[layout.timestamp()] {
            Cells::Timestamp(stamps) => stamps.as_slice(),
            _ => &[],
        };
        (0..stamps.len()).filter(move |row| {
            stamps[*row].is_some_and(|time| times.contains(&time)) && self.route(layout, *row) == route.as_bytes()
        })
    }

    fn place(&self, row: usize) -> Place {
        Place { file: self.file, group: self.group, row }
    }
}
