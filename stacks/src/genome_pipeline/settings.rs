//! What a deployment of genome-pipeline may choose.

use std::str::FromStr;

use genome_pipeline::contract::limits;
use stackgen::prelude::*;

/// What a deployment may choose. The command line sets it: `-c max_sequence=10000`.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Genomes of more MiB than this go to an instance: `ec2_cutoff_mib`.
    pub ec2_cutoff_mib: u32,
    /// The instances of the worker: `instance_type`. They need a local disk and an x86 processor.
    pub instance_type: InstanceType,
    /// The most letters that a sequence may have: `max_sequence`.
    pub max_sequence: u32,
    /// The name of the secret that holds the token of uploads: `upload_token_secret`. Without it there are no uploads.
    pub upload_token_secret: Option<SecretName>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ec2_cutoff_mib: limits::DEFAULT_EC2_CUTOFF_MIB,
            instance_type: instance_type!("r6id.2xlarge"),
            max_sequence: limits::DEFAULT_MAX_SEQUENCE,
            upload_token_secret: None,
        }
    }
}

/// The longest sequence whose row and whose request the services still take: a row of DynamoDB has 400 KB.
const LONGEST_SEQUENCE: u32 = 300_000;
/// The shortest sequence that can have a guide.
const SHORTEST_SEQUENCE: u32 = 23;

impl Settings {
    /// The context values of the app, each with its default. Reports what is no value of its setting.
    pub fn from_context(app: &mut App) -> Self {
        let mut settings = Self::default();
        if let Some(mebibytes) = number(app, "ec2_cutoff_mib") {
            settings.ec2_cutoff_mib = mebibytes;
        }
        if let Some(letters) = number(app, "max_sequence") {
            settings.max_sequence = letters;
        }
        if let Some(name) = named(app, "instance_type") {
            settings.instance_type = name;
        }
        settings.upload_token_secret = named(app, "upload_token_secret");
        settings.check(app);
        settings
    }

    /// Reports what a service or the worker would fail on.
    fn check(&self, app: &mut App) {
        if !(SHORTEST_SEQUENCE..=LONGEST_SEQUENCE).contains(&self.max_sequence) {
            let message = format!("context `max_sequence`: {} is not from 23 to 300000", self.max_sequence);
            app.report(
                Problem::error(message).hint("a guide has 23 letters, and a job must fit into one row of a table"),
            );
        }
        if let Some(lack) = lack(self.instance_type.as_str()) {
            let message = format!("context `instance_type`: `{}` {lack}", self.instance_type.as_str());
            app.report(Problem::error(message).hint("choose a type such as `r6id.2xlarge`"));
        }
    }
}

/// What instances of a type lack that the worker needs, as far as the name of the type tells: the digits of its family come
/// before `g` for a processor of Arm and `d` for a local disk.
fn lack(instance_type: &str) -> Option<&'static str> {
    /// Families whose types all have local disks.
    const WITH_DISKS: [&str; 6] = ["d", "h", "i", "is", "im", "x"];

    let family = instance_type.split('.').next().unwrap_or_default();
    let series = family.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let letters = family.len() - series.len();
    let options = series.trim_start_matches(|digit: char| digit.is_ascii_digit());
    if options.contains('g') || family == "a1" {
        Some("has a processor of Arm, and the image of the worker is for x86")
    } else if options.contains('d') || WITH_DISKS.contains(&&family[..letters]) {
        None
    } else {
        Some("has no local disk for the genome")
    }
}

fn number(app: &mut App, key: &str) -> Option<u32> {
    let text = app.context(key)?.to_owned();
    let number = u32::from_str(&text).ok();
    if number.is_none() {
        let problem = Problem::error(format!("context `{key}`: `{text}` is not a whole number"));
        app.report(problem.hint("give digits only, such as `650`"));
    }
    number
}

fn named<N: TryFrom<String, Error: ToString>>(app: &mut App, key: &str) -> Option<N> {
    let text = app.context(key)?.to_owned();
    match N::try_from(text) {
        Ok(name) => Some(name),
        Err(error) => {
            app.report(Problem::error(format!("context `{key}`: {}", error.to_string())));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[(&str, &str)]) -> (Settings, Vec<String>) {
        let mut app = App::new();
        for (key, value) in values {
            app.set_context(*key, *value);
        }
        let settings = Settings::from_context(&mut app);
        (settings, app.synthesize().problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn what_is_not_said_is_the_default() {
        let (settings, problems) = of(&[]);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!((settings.ec2_cutoff_mib, settings.max_sequence), (650, 20_000));
        assert_eq!(settings.instance_type.as_str(), "r6id.2xlarge");
        assert_eq!(settings.upload_token_secret, None);
    }

    #[test]
    fn context_values_are_read() {
        let (settings, problems) = of(&[
            ("ec2_cutoff_mib", "0"),
            ("max_sequence", "23"),
            ("instance_type", "i4i.large"),
            ("upload_token_secret", "genome/token"),
        ]);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!((settings.ec2_cutoff_mib, settings.max_sequence), (0, 23));
        assert_eq!(settings.instance_type.as_str(), "i4i.large");
        assert_eq!(settings.upload_token_secret.as_ref().map(SecretName::as_str), Some("genome/token"));
    }

    #[test]
    fn what_cannot_be_is_reported() {
        for (key, value, fault) in [
            ("ec2_cutoff_mib", "-1", "`-1` is not a whole number"),
            ("max_sequence", "many", "`many` is not a whole number"),
            ("max_sequence", "22", "22 is not from 23 to 300000"),
            ("instance_type", "r6id", "`r6id` cannot be the name"),
            ("instance_type", "r6gd.2xlarge", "has a processor of Arm"),
            ("instance_type", "t3.small", "has no local disk"),
            ("upload_token_secret", "no blanks", "`no blanks` cannot be the name"),
        ] {
            let (_, problems) = of(&[(key, value)]);
            let [problem] = &problems[..] else { panic!("{key}={value}: {problems:?}") };
            assert!(problem.starts_with(&format!("context `{key}`: ")) && problem.contains(fault), "{problem}");
        }
    }

    #[test]
    fn families_tell_of_disks() {
        for with in
            ["r6id.2xlarge", "c5ad.large", "g4dn.xlarge", "i3en.large", "d3.xlarge", "x2iedn.large", "x1e.large"]
        {
            assert_eq!(lack(with), None, "{with}");
        }
        for without in ["r6i.large", "m5.large", "a1.large", "x2gd.large", "im4gn.large", "t4g.small"] {
            assert!(lack(without).is_some(), "{without}");
        }
    }
}
