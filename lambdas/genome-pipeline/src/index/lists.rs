use super::{
    IndexError,
    crx::CrxFile,
    planes::Planes,
    slice::{Slice, VALUES},
    table::SiteTable,
};

/// The lists of one slice: for each value of it the sites that have it, in the order of their text.
#[derive(Debug)]
pub(crate) struct SliceLists<'a> {
    slice: Slice,
    source: Source<'a>,
}

#[derive(Debug)]
enum Source<'a> {
    Made {
        /// Where the list of each value ends; it begins where the one before ends.
        ends: Vec<usize>,
        rests: Vec<u32>,
    },
    Read(&'a CrxFile),
}

impl<'a> SliceLists<'a> {
    /// Sorts the sites of `table` whose values are `wanted`.
    pub(super) fn made(table: &SiteTable, slice: Slice, wanted: &[bool; VALUES]) -> Self {
        let mut sizes = [0_usize; VALUES];
        table.for_each(|_, site| sizes[usize::from(slice.value(site))] += 1);
        let mut next = 0;
        let mut ends: Vec<usize> = sizes
            .iter()
            .zip(wanted)
            .map(|(size, wanted)| {
                let first = next;
                next += if *wanted { *size } else { 0 };
                first
            })
            .collect();
        let mut rests = vec![0; next];
        table.for_each(|_, site| {
            let value = usize::from(slice.value(site));
            if wanted[value] {
                rests[ends[value]] = slice.rest(site);
                ends[value] += 1;
            }
        });
        Self { slice, source: Source::Made { ends, rests } }
    }

    pub(super) fn read(file: &'a CrxFile, slice: Slice) -> Self {
        Self { slice, source: Source::Read(file) }
    }

    /// Puts the list of a value into `planes`.
    pub(crate) fn load(&self, value: u8, planes: &mut Planes) -> Result<(), IndexError> {
        match &self.source {
            Source::Made { ends, rests } => {
                let value = usize::from(value);
                let first = value.checked_sub(1).map_or(0, |before| ends[before]);
                planes.fill(&rests[first..ends[value]]);
                Ok(())
            }
            Source::Read(file) => file.load_list(self.slice, value, planes),
        }
    }
}
