//! The app: five data systems, one module a stack.

pub mod data_review;
pub mod etl_backend;
pub mod etl_frontend;
mod mailed_topic;
pub mod weather_ingest;

use ::weather_ingest::contract::Location;
use stackgen::core::App;

/// Adds all stacks.
pub fn app(app: &mut App) {
    data_review::data_review(app);
    let figures = etl_backend::etl_backend(app);
    etl_frontend::etl_frontend(app, &figures);
    weather_ingest::weather_ingest(app, &[Location::marysville()]);
}
