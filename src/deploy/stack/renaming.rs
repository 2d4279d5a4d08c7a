//! Resources that the app moved: they get their new ids first, and stay the same ones.

use stackgen_template::read_bytes;

use crate::diff::Changes;

use super::super::event::{EventKind, Outcome};
use super::super::options::Mode;
use super::super::renamed_template::{self, Renames};
use super::super::template_source::TemplateSource;
use super::super::{DeployError, comparison, refactor};
use super::{Deployed, StackDeployment};

impl StackDeployment<'_> {
    /// Gives resources that the app moved their new ids, before a change set takes them for others.
    pub(super) async fn rename_moved(
        &self,
        before: &str,
        changes: &Changes,
        renames: &Renames,
    ) -> Result<(), DeployError> {
        let name = &self.stack.name;
        if self.options.mode == Mode::Prepare {
            let message =
                format!("resources of `{name}` were moved, and get their new ids before anything is prepared");
            return Err(DeployError::refused(message).hint("deploy the move by itself first, without `--prepare`"));
        }
        self.decide(&comparison::in_words_of_a_plan(changes), changes, false)?;
        let before = read_bytes(before.as_bytes()).ok().and_then(|document| document.into_template().ok());
        let Some((before, _)) = before else {
            return Err(DeployError::local(format!("the template of `{name}` as it is deployed cannot be read")));
        };
        let template = renamed_template::renamed(&before, renames);
        // Where nothing else differs, the new template is deployed as it will be looked for.
        let text = if template == self.stack.template { self.stack.text.clone() } else { template.to_json() };
        self.tell(EventKind::Renaming { resources: renames.len() });
        refactor::rename(self.aws, name, &TemplateSource::of(self.aws, &text).await?, renames).await
    }
}

/// A stack whose resources got other ids was changed, if nothing else was.
pub(super) fn after_renaming(deployed: Deployed, is_renamed: bool) -> Deployed {
    let outcome = if is_renamed { Outcome::Updated } else { deployed.outcome };
    Deployed { outcome, ..deployed }
}
