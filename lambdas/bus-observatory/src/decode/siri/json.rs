//! SIRI as JSON, as a stream: what was read before an error stays.

use std::fmt;

use serde::Deserialize as _;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{ACTIVITY, Activity, Delivered, ERROR_CONDITION, RESPONSE_TIME};

/// Where in the document one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Document,
    Service,
    Delivery,
    Activity,
    Time,
}

/// What was met so far.
#[derive(Debug, Default)]
struct Met {
    delivered: Delivered,
    /// Whether there is a service's delivery at all.
    service: bool,
    /// The first activity of the delivery that is being read, and its time.
    first_of_delivery: usize,
    delivery_time: Option<String>,
    text: Option<String>,
}

/// Reads a document; none when it is no SIRI.
pub(super) fn read(text: &str) -> Option<Delivered> {
    let mut met = Met::default();
    let mut document = serde_json::Deserializer::from_str(text);
    let read = Walk { met: &mut met, level: Level::Document }.deserialize(&mut document);
    if !met.service {
        return None;
    }
    met.end_delivery();
    if let Err(error) = read {
        met.delivered.partial = true;
        // Text that ends early has lost what it lost; other text has a corrupt place, and nothing after it can be read.
        met.delivered.rejected += u64::from(!error.is_eof());
    }
    Some(met.delivered)
}

impl Met {
    /// Gives the activities of the delivery its time, which may stand after them.
    fn end_delivery(&mut self) {
        let time = self.delivery_time.take();
        for activity in &mut self.delivered.activities[self.first_of_delivery..] {
            activity.time.clone_from(&time);
        }
        self.first_of_delivery = self.delivered.activities.len();
    }
}

/// Reads one value of a level. A list is as many values of the same level.
struct Walk<'m> {
    met: &'m mut Met,
    level: Level,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a part of SIRI")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        while values.next_element_seed(Walk { met: self.met, level: self.level })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        match self.level {
            Level::Activity => {
                let value = Value::deserialize(MapAccessDeserializer::new(fields))?;
                self.met.delivered.activities.push(Activity { value, time: None });
                return Ok(());
            }
            Level::Service => self.met.service = true,
            Level::Delivery => self.met.end_delivery(),
            Level::Document | Level::Time => {}
        }
        while let Some(name) = fields.next_key::<String>()? {
            let level = match (self.level, name.as_str()) {
                (Level::Document, "Siri") => Level::Document,
                (Level::Document, "ServiceDelivery") => Level::Service,
                (Level::Service, "VehicleMonitoringDelivery") => Level::Delivery,
                (Level::Delivery, ACTIVITY) => Level::Activity,
                (Level::Service | Level::Delivery, RESPONSE_TIME) => Level::Time,
                (Level::Service | Level::Delivery, ERROR_CONDITION) => {
                    self.met.delivered.failed = true;
                    fields.next_value::<IgnoredAny>()?;
                    continue;
                }
                _ => {
                    fields.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            fields.next_value_seed(Walk { met: self.met, level })?;
            if level == Level::Time {
                let time = self.met.text.take();
                match self.level {
                    Level::Service => self.met.delivered.time = time,
                    _ => self.met.delivery_time = time,
                }
            }
        }
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        match self.level {
            Level::Time => self.met.text = Some(text.trim().to_owned()),
            Level::Activity => self.met.delivered.rejected += 1,
            _ => {}
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.visit_other()
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.visit_other()
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.visit_other()
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.visit_other()
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.visit_other()
    }
}

impl Walk<'_> {
    /// A value that has no parts: as an activity it is a bad one.
    #[expect(clippy::unnecessary_wraps, reason = "what visitors return")]
    fn visit_other<E>(self) -> Result<(), E> {
        self.met.delivered.rejected += u64::from(self.level == Level::Activity);
        Ok(())
    }
}
