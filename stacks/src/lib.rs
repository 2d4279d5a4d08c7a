//! The app: five data systems, one module a stack.

pub mod bus_observatory;
pub mod ci_roles;
pub mod data_review;
pub mod etl_backend;
pub mod etl_frontend;
pub mod genome_ami;
pub mod genome_pipeline;
mod mailed_topic;
pub mod weather_ingest;

use ::weather_ingest::contract::Location;
use stackgen::core::App;

/// Adds all stacks; the one of [`ci_roles`] only with `-c ci=true`.
pub fn app(app: &mut App) {
    data_review::data_review(app);
    let figures = etl_backend::etl_backend(app);
    etl_frontend::etl_frontend(app, &figures);
    bus_observatory::bus_observatory(app);
    weather_ingest::weather_ingest(app, &Location::all());
    let worker = genome_ami::genome_ami(app);
    let settings = genome_pipeline::Settings::from_context(app);
    genome_pipeline::genome_pipeline(app, &worker, &settings);
    if app.context(ci_roles::SWITCH) == Some("true") {
        ci_roles::ci_roles(app);
    }
}
