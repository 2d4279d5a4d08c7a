//! The box around positions.

use serde::Serialize;

/// The box around all positions of a file, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Area {
    /// The southernmost latitude.
    pub lat_min: f64,
    /// The northernmost latitude.
    pub lat_max: f64,
    /// The western end of the shortest arc that contains all longitudes.
    pub lon_west: f64,
    /// The eastern end of that arc.
    pub lon_east: f64,
    /// Whether the arc crosses the antimeridian, so that the western end is the larger number.
    pub crosses_antimeridian: bool,
}

/// How many longitudes are kept before equal ones are dropped.
const CROWD: usize = 1 << 16;

/// Collects positions.
#[derive(Debug, Default)]
pub(crate) struct Positions {
    latitudes: Option<(f64, f64)>,
    longitudes: Vec<f64>,
    crowd: usize,
}

/// A latitude that there is.
pub(crate) fn latitude(number: f64) -> Option<f64> {
    (-90.0..=90.0).contains(&number).then_some(number)
}

/// A longitude between -180 and 180; the file may count eastward up to 360.
pub(crate) fn longitude(number: f64) -> Option<f64> {
    if (-180.0..=180.0).contains(&number) {
        Some(number)
    } else if number > 180.0 && number <= 360.0 {
        // Ten decimals are millimetres; without rounding 263.1409 became -96.85910000000001.
        Some(((number - 360.0) * 1e10).round() / 1e10)
    } else {
        None
    }
}

impl Positions {
    /// Adds a position that [`latitude`] and [`longitude`] accepted.
    pub(crate) fn add(&mut self, latitude: f64, longitude: f64) {
        let (south, north) = self.latitudes.get_or_insert((latitude, latitude));
        *south = south.min(latitude);
        *north = north.max(latitude);
        if self.longitudes.last().is_some_and(|last| last.total_cmp(&longitude).is_eq()) {
            return;
        }
        self.longitudes.push(longitude);
        if self.longitudes.len() > self.crowd.max(CROWD) {
            self.sort();
            self.crowd = self.longitudes.len() * 2;
        }
    }

    fn sort(&mut self) {
        self.longitudes.sort_unstable_by(f64::total_cmp);
        self.longitudes.dedup();
    }

    /// The box, unless there is no position.
    pub(crate) fn area(mut self) -> Option<Area> {
        let (lat_min, lat_max) = self.latitudes?;
        self.sort();
        let (&first, &last) = (self.longitudes.first()?, self.longitudes.last()?);
        // The arc is what the largest gap leaves. The gap across the antimeridian wins a draw.
        let mut largest = first + 360.0 - last;
        let (mut lon_west, mut lon_east) = (first, last);
        for pair in self.longitudes.windows(2) {
            if pair[1] - pair[0] > largest {
                largest = pair[1] - pair[0];
                (lon_west, lon_east) = (pair[1], pair[0]);
            }
        }
        Some(Area { lat_min, lat_max, lon_west, lon_east, crosses_antimeridian: lon_west > lon_east })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn arc(longitudes: &[f64]) -> (f64, f64, bool) {
        let mut positions = Positions::default();
        for &number in longitudes {
            positions.add(1.0, longitude(number).unwrap());
        }
        let area = positions.area().unwrap();
        (area.lon_west, area.lon_east, area.crosses_antimeridian)
    }

    #[test]
    fn the_arc_leaves_out_the_largest_gap() {
        assert_eq!(arc(&[10.0]), (10.0, 10.0, false));
        assert_eq!(arc(&[-5.0, 10.0, 3.0]), (-5.0, 10.0, false));
        assert_eq!(arc(&[179.5, -179.75, 170.0]), (170.0, -179.75, true));
        assert_eq!(arc(&[359.0, 1.0]), (-1.0, 1.0, false));
        assert_eq!(arc(&[181.0, 179.0]), (179.0, -179.0, true));
        assert_eq!(arc(&[-90.0, 90.0]), (-90.0, 90.0, false));
        assert!(Positions::default().area().is_none());
        assert_eq!((latitude(90.1), longitude(-999.0), longitude(f64::NAN)), (None, None, None));
    }

    proptest! {
        #[test]
        fn every_position_lies_on_the_arc(longitudes in proptest::collection::vec(-180.0_f64..360.0, 1..20)) {
            let (west, east, crosses) = arc(&longitudes);
            for number in longitudes {
                let number = longitude(number).unwrap();
                let inside = if crosses { number >= west || number <= east } else { (west..=east).contains(&number) };
                prop_assert!(inside);
            }
        }
    }
}
