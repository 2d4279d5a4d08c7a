//! Handlers of weather-ingest.
