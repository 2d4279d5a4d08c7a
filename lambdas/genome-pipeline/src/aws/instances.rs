//! Instances of the worker on EC2, of whose hundreds of calls one is made here: without its SDK, which takes minutes to
//! compile.

use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_sdk_ssm::Client as Ssm;
use aws_sdk_ssm::config::ProvideCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use handler_runtime::{HttpClient, HttpFailure, HttpLimits, ServiceError, code, failed};

use crate::pipeline::services::{Instances, LaunchFailure};

const LIMITS: HttpLimits =
    HttpLimits { connect: Duration::from_secs(5), total: Duration::from_secs(30), body: 1 << 20, redirects: 0 };
const VERSION: &str = "2016-11-15";
const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
const WHAT: &str = "ec2:RunInstances";

/// The launch template of the worker.
#[derive(Debug)]
pub struct Ec2 {
    config: SdkConfig,
    http: HttpClient,
    ssm: Ssm,
    template: String,
    subnets: Vec<String>,
    image_parameter: String,
}

impl Ec2 {
    /// The launch template with this id, in one of these subnets. The parameter holds the id of its image.
    ///
    /// # Errors
    /// When this machine has no certificates that it trusts.
    pub fn new(
        config: SdkConfig,
        template: String,
        subnets: &str,
        image_parameter: String,
    ) -> Result<Self, ServiceError> {
        let http = HttpClient::new("genome-pipeline", LIMITS).map_err(network)?;
        let subnets = subnets.split(',').map(str::to_owned).collect();
        Ok(Self { http, ssm: Ssm::new(&config), config, template, subnets, image_parameter })
    }

    async fn has_image(&self) -> Result<bool, ServiceError> {
        match self.ssm.get_parameter().name(&self.image_parameter).send().await {
            Ok(_) => Ok(true),
            Err(error) if code(&error) == Some("ParameterNotFound") => Ok(false),
            Err(error) => Err(failed(format!("ssm:GetParameter `{}`", self.image_parameter))(error)),
        }
    }

    /// The parameters of the call.
    fn form(&self, job: &str, user_data: &str) -> String {
        // Jobs are spread over the subnets, and a retry goes to the same one.
        let chosen = job.bytes().map(usize::from).sum::<usize>() % self.subnets.len().max(1);
        let parameters = [
            ("Action", "RunInstances"),
            ("Version", VERSION),
            ("MinCount", "1"),
            ("MaxCount", "1"),
            ("ClientToken", job),
            ("LaunchTemplate.LaunchTemplateId", &self.template),
            ("LaunchTemplate.Version", "$Latest"),
            ("SubnetId", self.subnets.get(chosen).map(String::as_str).unwrap_or_default()),
            ("TagSpecification.1.ResourceType", "instance"),
            ("TagSpecification.1.Tag.1.Key", "Name"),
            ("TagSpecification.1.Tag.1.Value", "genome-worker"),
            ("TagSpecification.1.Tag.2.Key", "JobID"),
            ("TagSpecification.1.Tag.2.Value", job),
            ("UserData", &STANDARD.encode(user_data)),
        ];
        parameters.map(|(name, value)| format!("{name}={}", encoded(value))).join("&")
    }

    async fn run(&self, form: String) -> Result<(), ServiceError> {
        let fault = |cause: String| ServiceError::new(WHAT, cause);
        let region = self.config.region().map(ToString::to_string).unwrap_or_default();
        let suffix = if region.starts_with("cn-") { ".cn" } else { "" };
        let own = || format!("https://ec2.{region}.amazonaws.com{suffix}");
        let url =
            format!("{}/", self.config.endpoint_url().map_or_else(own, |url| url.trim_end_matches('/').to_owned()));
        let provider = self.config.credentials_provider().ok_or_else(|| fault("no credentials".to_owned()))?;
        let credentials = provider.provide_credentials().await.map_err(|error| fault(error.to_string()))?;
        let identity = credentials.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&region)
            .name("ec2")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| fault(error.to_string()))?
            .into();
        let headers = [("content-type", FORM)];
        let request = SignableRequest::new("POST", &*url, headers.into_iter(), SignableBody::Bytes(form.as_bytes()));
        let signed = request.and_then(|request| sign(request, &parameters));
        let (instructions, _) = signed.map_err(|error| fault(error.to_string()))?.into_parts();
        let (signature, _) = instructions.into_parts();
        let signature = signature.iter().map(|header| (header.name(), header.value()));
        let headers: Vec<(&str, &str)> = headers.into_iter().chain(signature).collect();
        let answer = self.http.post(&url, &headers, form.into_bytes()).await.map_err(network)?;
        let text = String::from_utf8_lossy(&answer.body);
        if answer.status != 200 {
            let part = |name| element(&text, name).unwrap_or("?");
            return Err(fault(format!("{} {}: {}", answer.status, part("Code"), part("Message"))));
        }
        tracing::info!(instance_id = element(&text, "instanceId"), "instance started");
        Ok(())
    }
}

fn network(failure: HttpFailure) -> ServiceError {
    let cause = match failure {
        HttpFailure::TooLarge => "the answer is too large".to_owned(),
        HttpFailure::Network(cause) => cause,
    };
    ServiceError::new(WHAT, cause)
}

/// The text of the first element of this name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once("</").map(|(text, _)| text)
}

/// A value as forms have it.
fn encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(byte.into()),
            _ => encoded.extend(['%', digit(byte >> 4), digit(byte & 0x0f)]),
        }
    }
    encoded
}

/// The hexadecimal digit of a number below 16.
fn digit(number: u8) -> char {
    char::from_digit(number.into(), 16).unwrap_or_default().to_ascii_uppercase()
}

impl Instances for Ec2 {
    async fn launch(&self, job: &str, user_data: &str) -> Result<(), LaunchFailure> {
        if !self.has_image().await.map_err(LaunchFailure::Service)? {
            return Err(LaunchFailure::NoImage);
        }
        self.run(self.form(job, user_data)).await.map_err(LaunchFailure::Service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_answers() {
        assert_eq!(encoded("$Latest a/b+c=é"), "%24Latest%20a%2Fb%2Bc%3D%C3%A9");
        let answer = "<Response><Errors><Error><Code>X</Code><Message>no y</Message></Error></Errors></Response>";
        assert_eq!((element(answer, "Code"), element(answer, "Message")), (Some("X"), Some("no y")));
        assert_eq!(element(answer, "instanceId"), None);
    }
}
