//! The steps of a run that holds the lock.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};
use std::time::Duration;

use super::{Refresh, rfc3339};
use crate::api::stored_figures;
use crate::contract::store::keys;
use crate::contract::{
    Failure, FailureClass, FetchStatus, Outcome, RefreshEvent, RunMessage, Source, SourceReport, Stage,
};
use crate::difference::Difference;
use crate::fetch::{Got, fetch, jittered};
use crate::reject::Rejects;
use crate::series::{Figures, Series, amount, bounds, not_reported};
use crate::services::{Clock, Fetch, Publish, ServiceError, State, Store, StoredFigures};
use crate::snapshot::{read_snapshot, write_snapshot};
use crate::source::{JhuReading, Refused, read_jhu, read_nyt};
use crate::transform::join;

/// Items of a batch.
const BATCH: usize = 25;
/// How often a batch is tried.
const BATCH_ATTEMPTS: u32 = 8;
/// The first wait before a batch is tried again; each next one is twice as long.
const BATCH_WAIT: Duration = Duration::from_millis(100);

/// A run that holds the lock.
pub(super) struct Work<'r, 'a, F, S, P, C> {
    refresh: &'r Refresh<'a, F, S, P, C>,
    event: RefreshEvent,
    started: Timestamp,
    message: RunMessage,
}

/// A source's body.
struct Body {
    content: Vec<u8>,
    etag: Option<String>,
    is_new: bool,
}

impl<'r, 'a, F: Fetch, S: Store, P: Publish, C: Clock> Work<'r, 'a, F, S, P, C> {
    pub(super) fn new(
        refresh: &'r Refresh<'a, F, S, P, C>,
        event: RefreshEvent,
        run_id: &str,
        started: Timestamp,
    ) -> Self {
        let skipped = SourceReport { status: FetchStatus::Skipped, rows: 0, etag: None };
        let message = RunMessage {
            run_id: run_id.to_owned(),
            started_at: rfc3339(started),
            finished_at: rfc3339(started),
            outcome: Outcome::Failed,
            added: 0,
            revised: 0,
            unchanged: 0,
            vanished: 0,
            rejected: 0,
            not_reported: 0,
            warnings: 0,
            date_min: None,
            date_max: None,
            nyt: skipped.clone(),
            jhu: skipped,
            rejects: Vec::new(),
            failure: None,
        };
        Self { refresh, event, started, message }
    }

    /// Does all and tells how it went.
    pub(super) async fn run(mut self) -> RunMessage {
        match self.steps().await {
            Ok(outcome) => self.message.outcome = outcome,
            Err(failure) => self.message.failure = Some(failure),
        }
        self.message
    }

    async fn steps(&mut self) -> Result<Outcome, Failure> {
        let store = self.refresh.store;
        let state = store.state().await.map_err(failed(Stage::Extract))?.unwrap_or_default();
        let snapshot = store.get(keys::LATEST).await.map_err(failed(Stage::Extract))?;
        let snapshot = snapshot.and_then(|content| read_snapshot(&content).ok());
        self.tell_dates(&state);

        let (nyt, jhu) = (self.ask(Source::Nyt, &state).await?, self.ask(Source::Jhu, &state).await?);
        if let (Got::NotModified, Got::NotModified, Some(stored)) = (&nyt, &jhu, &snapshot) {
            self.tell_stored(stored);
            return Ok(Outcome::NoChange);
        }
        let nyt = self.body(Source::Nyt, nyt, &state).await?;
        let jhu = self.body(Source::Jhu, jhu, &state).await?;

        let (new, archive) = self.transform(&nyt, &jhu).await?;
        let stored = match snapshot {
            Some(series) => series,
            None => stored_figures(store).await.map_err(failed(Stage::Transform))?,
        };
        if Difference::is_shrunk(&stored, &new) {
            self.tell_stored(&stored);
            let message = format!(
                "the sources have {} dates in common, under 90 % of the {} that are stored: nothing was written",
                new.len(),
                stored.len()
            );
            return Err(Failure { stage: Stage::Transform, error_class: FailureClass::SourceShrunk, message });
        }
        let difference = Difference::between(&stored, &new);
        self.load(&difference).await?;
        self.tell_difference(&difference);
        self.keep(&difference, state, nyt, jhu, archive).await.map_err(failed(Stage::Snapshot))?;
        Ok(if difference.is_empty() { Outcome::NoChange } else { Outcome::Success })
    }

    /// Asks for a source, unless it is still as it was.
    async fn ask(&mut self, source: Source, state: &State) -> Result<Got, Failure> {
        let etag = if self.event.ignore_etag { None } else { stored_etag(source, state) };
        self.fetch(source, etag).await
    }

    async fn fetch(&mut self, source: Source, etag: Option<&str>) -> Result<Got, Failure> {
        let url = match source {
            Source::Nyt => self.refresh.nyt_url,
            Source::Jhu => self.refresh.jhu_url,
        };
        let got = fetch(self.refresh.fetch, self.refresh.clock, source, url, etag).await;
        let (status, etag) = match &got {
            Ok(Got::Body(_, etag)) => (FetchStatus::Fetched, etag.clone()),
            Ok(Got::NotModified) => (FetchStatus::NotModified, etag.map(str::to_owned)),
            Err(_) => (FetchStatus::Failed, None),
        };
        *self.report(source) = SourceReport { status, rows: 0, etag };
        got
    }

    /// The body of a source: a new one, or the archived one if that is still current.
    async fn body(&mut self, source: Source, got: Got, state: &State) -> Result<Body, Failure> {
        let key = match source {
            Source::Nyt => keys::NYT,
            Source::Jhu => keys::JHU,
        };
        if let Got::Body(content, etag) = got {
            return Ok(Body { content, etag, is_new: true });
        }
        if let Some(content) = self.refresh.store.get(key).await.map_err(failed(Stage::Extract))? {
            let etag = stored_etag(source, state).map(str::to_owned);
            return Ok(Body { content, etag, is_new: false });
        }
        match self.fetch(source, None).await? {
            Got::Body(content, etag) => Ok(Body { content, etag, is_new: true }),
            // Without an ETag, the fetch takes this for a failure already.
            Got::NotModified => Ok(Body { content: Vec::new(), etag: None, is_new: true }),
        }
    }

    /// Reads and joins both sources. Also gives the archive of source B.
    async fn transform(&mut self, nyt: &Body, jhu: &Body) -> Result<(Series, Vec<u8>), Failure> {
        let today = date_of(self.started);
        let (nyt, jhu) = (read_nyt(&nyt.content, today), read_jhu(&jhu.content, today));
        let (nyt_rows, nyt_rejects) = match &nyt {
            Ok(reading) => (reading.rows, reading.rejects.clone()),
            Err(refused) => (refused.rows, refused.rejects.clone()),
        };
        let (jhu_rows, jhu_rejects) = match &jhu {
            Ok(jhu) => (jhu.reading.rows, jhu.reading.rejects.clone()),
            Err(refused) => (refused.rows, refused.rejects.clone()),
        };
        self.message.nyt.rows = nyt_rows;
        self.message.jhu.rows = jhu_rows;
        self.tell_rejects(&nyt_rejects.joined(jhu_rejects)).await?;

        let refusal = |refused: Box<Refused>| refused.failure;
        let nyt = nyt.map_err(refusal)?;
        let JhuReading { reading: jhu, archive } = jhu.map_err(refusal)?;
        let joined = join(&nyt.values, &jhu.values);
        self.message.warnings = amount(joined.decreases.len());
        if joined.series.is_empty() {
            let message = "the sources have no date in common".to_owned();
            return Err(Failure { stage: Stage::Transform, error_class: FailureClass::JoinEmpty, message });
        }
        Ok((joined.series, archive))
    }

    async fn tell_rejects(&mut self, rejects: &Rejects) -> Result<(), Failure> {
        self.message.rejected = rejects.count;
        self.message.rejects = rejects.told();
        if rejects.count == 0 {
            return Ok(());
        }
        let key = format!("{}{}.json", keys::REJECTS, self.message.run_id);
        self.refresh.store.put(&key, rejects.to_json()).await.map_err(failed(Stage::Transform))
    }

    /// Writes added and revised dates.
    async fn load(&self, difference: &Difference) -> Result<(), Failure> {
        let dates: Vec<Date> = difference.added.iter().chain(&difference.revised).copied().collect();
        for batch in dates.chunks(BATCH) {
            let items = batch.iter().filter_map(|date| Some(self.item(*date, difference.result.get(date)?))).collect();
            self.write(items).await.map_err(failed(Stage::Load))?;
        }
        Ok(())
    }

    async fn write(&self, mut items: Vec<StoredFigures>) -> Result<(), ServiceError> {
        let clock = self.refresh.clock;
        for attempt in 0..BATCH_ATTEMPTS {
            if attempt > 0 {
                clock.wait(jittered(BATCH_WAIT * (1 << (attempt - 1)), clock.chance())).await;
            }
            items = self.refresh.store.write(items).await?;
            if items.is_empty() {
                return Ok(());
            }
        }
        let cause = format!("the table did not take {} of them in {BATCH_ATTEMPTS} attempts", items.len());
        Err(ServiceError::new("write items", cause))
    }

    fn item(&self, date: Date, figures: &Figures) -> StoredFigures {
        StoredFigures {
            date: date.to_string(),
            cases: figures.cases,
            deaths: figures.deaths,
            recoveries: figures.recoveries,
            updated_at: self.message.started_at.clone(),
            run_id: self.message.run_id.clone(),
        }
    }

    /// Writes snapshot and archive, and then the state.
    async fn keep(
        &self,
        difference: &Difference,
        state: State,
        nyt: Body,
        jhu: Body,
        archive: Vec<u8>,
    ) -> Result<(), ServiceError> {
        let store = self.refresh.store;
        let (date_min, date_max) = bounds(&difference.result);
        let row_count = amount(difference.result.len());
        let mut state = State { last_run_id: self.message.run_id.clone(), row_count, date_min, date_max, ..state };
        if !difference.is_empty() || state.changed_run_id.is_none() {
            // What changed is told before the snapshot is written: with the snapshot, the change is gone for the next run.
            state.changed_run_id = Some(self.message.run_id.clone());
            state.changed_at = Some(self.message.started_at.clone());
            store.write_state(&state).await?;
        }
        store.put(keys::LATEST, write_snapshot(&difference.result)).await?;
        if nyt.is_new {
            store.put(keys::NYT, nyt.content).await?;
        }
        if jhu.is_new {
            store.put(keys::JHU, archive).await?;
        }
        store.write_state(&State { etag_a: nyt.etag, etag_b: jhu.etag, ..state }).await
    }

    fn report(&mut self, source: Source) -> &mut SourceReport {
        match source {
            Source::Nyt => &mut self.message.nyt,
            Source::Jhu => &mut self.message.jhu,
        }
    }

    fn tell_dates(&mut self, state: &State) {
        self.message.date_min.clone_from(&state.date_min);
        self.message.date_max.clone_from(&state.date_max);
    }

    /// Tells of what stays as it is.
    fn tell_stored(&mut self, stored: &Series) {
        self.message.unchanged = amount(stored.len());
        self.message.not_reported = not_reported(stored);
        (self.message.date_min, self.message.date_max) = bounds(stored);
    }

    fn tell_difference(&mut self, difference: &Difference) {
        self.message.added = amount(difference.added.len());
        self.message.revised = amount(difference.revised.len());
        self.message.unchanged = amount(difference.unchanged);
        self.message.vanished = amount(difference.vanished);
        self.message.not_reported = not_reported(&difference.result);
        (self.message.date_min, self.message.date_max) = bounds(&difference.result);
    }
}

fn stored_etag(source: Source, state: &State) -> Option<&str> {
    match source {
        Source::Nyt => state.etag_a.as_deref(),
        Source::Jhu => state.etag_b.as_deref(),
    }
}

fn date_of(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

/// Makes the error of a service the failure of a stage.
fn failed(stage: Stage) -> impl Fn(ServiceError) -> Failure {
    move |error| Failure { stage, error_class: FailureClass::StorageFailed, message: error.to_string() }
}
