//! Pages as cells.

use std::ops::Range;

use super::hybrid::{self, early};
use super::{Coded, Column, each};
use crate::file::{File, Levels, Page, Pages, Room, Unreadable};
use crate::table::Table;

impl Coded {
    /// Adds all rows of a file, or none when it cannot be read.
    pub(crate) fn append(&mut self, file: &File, room: &mut Room) -> Result<(), Unreadable> {
        let before = self.rows;
        for group in 0..file.groups() {
            if let Err(reason) = self.append_group(file, group, room) {
                self.truncate(before);
                return Err(reason);
            }
        }
        Ok(())
    }

    /// Adds the rows of a row group. When it cannot be read, some of its cells stay: these rows are of no use any more.
    pub(crate) fn append_group(&mut self, file: &File, group: usize, room: &mut Room) -> Result<(), Unreadable> {
        if file.feed_type() != self.layout.feed_type() {
            return Err(Unreadable::new("its rows have another format than the newest file's"));
        }
        let rows = file.rows_of(group);
        for (index, column) in self.columns.iter_mut().enumerate() {
            column.append(&mut file.pages(group, index)?, rows, room)?;
        }
        self.rows += rows;
        Ok(())
    }

    /// Adds rows of a table of the same format.
    pub(crate) fn add(&mut self, table: &Table, rows: Range<usize>) -> Result<(), Unreadable> {
        for (column, cells) in self.columns.iter_mut().zip(table.columns()) {
            column.take(cells, rows.clone())?;
        }
        self.rows += rows.len();
        Ok(())
    }
}

impl Column {
    /// Adds the cells of all pages, which must be `rows`.
    pub(crate) fn append(&mut self, pages: &mut Pages, rows: usize, room: &mut Room) -> Result<(), Unreadable> {
        each!(self, cells => cells.begin());
        let end = self.len() + rows;
        while self.append_page(pages, end - self.len(), room)? {}
        if self.len() == end { Ok(()) } else { Err(Unreadable::new("a column ends early")) }
    }

    /// Reads the next page: a dictionary, or at most `most` cells. False when there is none.
    pub(crate) fn append_page(&mut self, pages: &mut Pages, most: usize, room: &mut Room) -> Result<bool, Unreadable> {
        match pages.next(room)? {
            None => return Ok(false),
            Some(Page::Dictionary { count, body }) => each!(self, cells => cells.learn(count, body))?,
            Some(Page::Data { count, encoding, levels, body }) => {
                if count > most {
                    return Err(Unreadable::new("a column with more cells than rows"));
                }
                let present = Present::read(levels, count)?;
                each!(self, cells => cells.read(encoding, &present, body))?;
            }
        }
        Ok(true)
    }
}

/// Which cells of a page are there.
#[derive(Debug)]
pub(super) enum Present {
    /// All of so many, or none of them.
    Uniform(bool, usize),
    /// Those whose level is 1.
    Some(Vec<u32>),
}

impl Present {
    fn read(levels: Levels<'_>, count: usize) -> Result<Self, Unreadable> {
        match levels {
            Levels::Hybrid(levels) => {
                if let Some(level) = hybrid::uniform(levels, 1, count) {
                    return Ok(Self::Uniform(level == 1, count));
                }
                let mut all = Vec::new();
                hybrid::decode(levels, 1, count, &mut all)?;
                Ok(Self::Some(all))
            }
            Levels::Bits(bits) => {
                let all = bits.iter().flat_map(|byte| (0..8).rev().map(move |bit| u32::from(byte >> bit & 1)));
                let all: Vec<u32> = all.take(count).collect();
                if all.len() == count { Ok(Self::Some(all)) } else { Err(early()) }
            }
        }
    }

    /// How many cells are there.
    pub(super) fn values(&self) -> usize {
        match self {
            Self::Uniform(true, count) => *count,
            Self::Uniform(false, _) => 0,
            Self::Some(levels) => levels.iter().filter(|level| **level == 1).count(),
        }
    }

    /// Spreads the values that `cells` ends with, with `null` between them where there is none.
    pub(super) fn spread<T: Copy>(&self, cells: &mut Vec<T>, null: T) {
        match self {
            Self::Uniform(true, _) => {}
            Self::Uniform(false, count) => cells.resize(cells.len() + count, null),
            Self::Some(levels) => {
                let values = cells.split_off(cells.len() - self.values());
                let mut values = values.into_iter();
                let cell = |level: &u32| if *level == 1 { values.next().unwrap_or(null) } else { null };
                cells.extend(levels.iter().map(cell));
            }
        }
    }

    /// Adds for each cell whether it is there. Gives how many are not.
    pub(super) fn mark(&self, cells: &mut Vec<bool>) -> usize {
        match self {
            Self::Uniform(present, count) => {
                cells.resize(cells.len() + count, *present);
                if *present { 0 } else { *count }
            }
            Self::Some(levels) => {
                cells.extend(levels.iter().map(|level| *level == 1));
                levels.len() - self.values()
            }
        }
    }
}
