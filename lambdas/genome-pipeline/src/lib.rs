//! Handlers of genome-pipeline.
