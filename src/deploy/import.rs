//! Adopts resources that exist already: from then on they belong to a stack.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_cloudformation::types::{Parameter, ResourceToImport};
use stackgen_schema::{Code, Database, Options, Severity, validate};
use stackgen_template::{Map, Section, Template, Value};

use crate::assembly::LoadedStack;

use super::change_set::{self, Purpose, Wanted};
use super::deployed::Condition;
use super::event::{Event, EventKind, Listener, Outcome};
use super::options::{Mode, StackOptions};
use super::template_source::TemplateSource;
use super::watch::Watch;
use super::{Aws, DeployError, DeployErrorKind, DeployedStack, PlannedChange, cause, deployed_template, operator};

/// A resource that exists, and what it is called in the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The logical id.
    pub logical_id: String,
    /// What identifies it: one value for types with one identifying property, else `Name=value` joined by commas.
    pub identifier: String,
}

/// What CloudFormation is asked for.
#[derive(Debug)]
pub struct ImportRequest {
    /// The name of the stack.
    pub stack: String,
    /// The deployed template, and the resources to adopt as the app declares them.
    pub template: Template,
    /// The resources, with the properties that identify them.
    pub resources: Vec<AdoptedResource>,
    /// Values of parameters that the deployed stack has, which stay.
    kept_parameters: Vec<String>,
    tags: BTreeMap<String, String>,
}

/// A resource to adopt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedResource {
    /// The logical id.
    pub logical_id: String,
    /// The type.
    pub type_name: String,
    /// The properties that identify it.
    pub identifier: BTreeMap<String, String>,
}

/// Composes what CloudFormation is to be asked for, and changes nothing.
///
/// CloudFormation takes no other change along with an import: beside the adopted resources the template is the deployed one.
pub async fn plan_import(aws: &Aws, stack: &LoadedStack, adoptions: &[Adoption]) -> Result<ImportRequest, DeployError> {
    let existing = DeployedStack::find(aws, &stack.name).await?;
    let existing = existing.filter(|found| found.condition() != Condition::Planned);
    if let Some(found) = existing.as_ref().filter(|found| found.condition() != Condition::Steady) {
        let message = format!("the stack `{}` is in {}, and takes no import", stack.name, found.status);
        return Err(DeployError::refused(message).hint("`deploy` brings it to a good state, or says what to do"));
    }
    let before = if existing.is_some() { deployed_template(aws, &stack.name).await? } else { None };
    let (template, resources) = compose(stack, before, adoptions)?;
    let kept_parameters = existing.iter().flat_map(|found| found.parameters.keys().cloned()).collect();
    // A stack that is there keeps its tags: others would be a change of their own.
    let tags = existing.map_or_else(|| stack.tags.clone(), |found| found.tags);
    Ok(ImportRequest { stack: stack.name.clone(), template, resources, kept_parameters, tags })
}

/// Adopts the resources, and waits until they are.
pub async fn import(
    aws: &Aws,
    request: &ImportRequest,
    listener: Listener<'_>,
) -> Result<Vec<PlannedChange>, DeployError> {
    let begin = std::time::Instant::now();
    let tell = |kind| listener(Event { stack: request.stack.clone(), kind });
    tell(EventKind::Started);
    let result = adopt(aws, request, listener).await;
    let duration = begin.elapsed();
    tell(match &result {
        Ok(_) => EventKind::Finished { outcome: Outcome::Updated, duration },
        Err(_) => EventKind::Failed { duration },
    });
    result
}

async fn adopt(aws: &Aws, request: &ImportRequest, listener: Listener<'_>) -> Result<Vec<PlannedChange>, DeployError> {
    let name = &request.stack;
    let source = TemplateSource::of(aws, &request.template.to_json()).await?;
    let declared = |key: &String| request.template.parameter(key).is_some();
    let keep = |key: &String| Parameter::builder().parameter_key(key).use_previous_value(true).build();
    let options = StackOptions::default();
    let wanted = Wanted {
        stack: name,
        purpose: Purpose::Update,
        template: &source,
        parameters: request.kept_parameters.iter().filter(|key| declared(key)).map(keep).collect(),
        tags: request.tags.clone().into_iter().collect(),
        options: &options,
        imports: request.resources.iter().map(AdoptedResource::to_request).collect(),
        mode: Mode::Deploy,
    };
    let set = match change_set::create(aws, &wanted).await {
        Ok(Some(set)) => set,
        Ok(None) => return Err(DeployError::refused(format!("there is nothing to import into `{name}`"))),
        Err(error) => {
            // The plan of a new stack leaves an empty one behind.
            change_set::delete_empty_plan(aws, name).await?;
            return Err(error);
        }
    };
    listener(Event {
        stack: name.clone(),
        kind: EventKind::Planned { change_set: set.name.clone(), changes: set.changes.len() },
    });
    let Some(stack) = DeployedStack::find(aws, &set.stack_id).await? else {
        return Err(DeployError::refused(format!("the stack `{name}` was deleted meanwhile")));
    };
    let watch = Watch::before(aws, &stack, listener).await?;
    listener(Event { stack: name.clone(), kind: EventKind::Executing { changes: set.changes.len() } });
    let token = operator::new_token();
    if let Err(error) = change_set::execute(aws, &set, name, &options, &token).await {
        // An earlier try may have been heard, and only its answer lost.
        if !watch.is_begun_by(&token).await? {
            return Err(error);
        }
    }
    let watched = watch.until_end().await?;
    if watched.stack.is_good() {
        return Ok(set.changes);
    }
    let (status, reason) = (&watched.stack.status, watched.stack.reason.as_deref());
    Err(cause::failure(name, status, reason, &watched.events))
}

impl AdoptedResource {
    fn to_request(&self) -> ResourceToImport {
        let identifier: HashMap<_, _> = self.identifier.clone().into_iter().collect();
        ResourceToImport::builder()
            .logical_resource_id(&self.logical_id)
            .resource_type(&self.type_name)
            .set_resource_identifier(Some(identifier))
            .build()
    }
}

/// The deployed template with the adopted resources, and what identifies these.
fn compose(
    stack: &LoadedStack,
    before: Option<Template>,
    adoptions: &[Adoption],
) -> Result<(Template, Vec<AdoptedResource>), DeployError> {
    let name = &stack.name;
    let mut template = before.unwrap_or_default();
    let mut resources = Vec::new();
    for adoption in adoptions {
        let id = &adoption.logical_id;
        if template.resource(id).is_some() {
            let message = format!("`{name}` has the resource `{id}` already, deployed or named twice");
            return Err(DeployError::refused(message));
        }
        let declared = stack.template.section(Section::Resources).and_then(|section| section.get(id));
        let Some(Value::Map(declared)) = declared else {
            let failed = DeployError::refused(format!("the app declares no resource `{id}` in `{name}`"));
            let names: Vec<_> = stack.template.resources().map(|resource| resource.logical_id).collect();
            return Err(match crate::assets::nearest(id, names) {
                Some(near) => failed.hint(format!("did you mean `{near}`?")),
                None => failed.hint(format!("`tree {name}` shows the logical ids")),
            });
        };
        let mut declared = declared.clone();
        // CloudFormation takes no import without it: what is adopted by mistake must not be deleted with the stack.
        declared.entry_or_insert_with("DeletionPolicy", || "Retain".into());
        let type_name = declared.get("Type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let identifier = identifier(&type_name, adoption)?;
        template.insert(Section::Resources, id.clone(), declared);
        resources.push(AdoptedResource { logical_id: id.clone(), type_name, identifier });
    }
    for section in [Section::Parameters, Section::Mappings, Section::Conditions] {
        for (key, value) in stack.template.section(section).into_iter().flat_map(Map::iter) {
            if !template.section(section).is_some_and(|there| there.contains_key(key)) {
                template.insert(section, key.to_owned(), value.clone());
            }
        }
    }
    check(name, &template, adoptions)?;
    Ok((template, resources))
}

/// Refuses what CloudFormation would: adopted resources that refer to some that are not there yet.
fn check(name: &str, template: &Template, adoptions: &[Adoption]) -> Result<(), DeployError> {
    let is_adopted =
        |path: &str| adoptions.iter().any(|adoption| path.starts_with(&format!("Resources/{}/", adoption.logical_id)));
    let findings = validate(template, &Options::new());
    let dangling = findings.iter().find(|finding| {
        finding.severity == Severity::Error
            && matches!(finding.code, Code::ReferenceMissing | Code::DependsOnMissing)
            && is_adopted(&finding.path.to_string())
    });
    match dangling {
        Some(finding) => {
            let message = format!("`{}` cannot be imported into `{name}` yet", finding.path);
            let failed = DeployError::new(DeployErrorKind::Refused, message).cause(finding.message.clone());
            Err(failed.hint("import what it refers to as well, or deploy that first"))
        }
        None => Ok(()),
    }
}

/// The properties that identify a resource of a type, with their values.
fn identifier(type_name: &str, adoption: &Adoption) -> Result<BTreeMap<String, String>, DeployError> {
    let Some(schema) = Database::get().resource_type(type_name) else {
        return Err(DeployError::refused(format!("the type `{type_name}` cannot be imported: it has no schema")));
    };
    let names: Vec<&str> = schema.primary_identifier().collect();
    let (id, given) = (&adoption.logical_id, &adoption.identifier);
    if let [name] = *names
        && !given.starts_with(&format!("{name}="))
    {
        return Ok([(name.to_owned(), given.clone())].into());
    }
    let pairs: Option<BTreeMap<String, String>> = given
        .split(',')
        .map(|pair| pair.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.to_owned())))
        .collect();
    match pairs {
        Some(pairs) if pairs.len() == names.len() && names.iter().all(|name| pairs.contains_key(*name)) => Ok(pairs),
        _ => {
            let example: Vec<_> = names.iter().map(|name| format!("{name}=VALUE")).collect();
            let message = format!("`{id}`, a {type_name}, is identified by {}", names.join(" and "));
            Err(DeployError::refused(message).hint(format!("write it as `{id}={}`", example.join(","))))
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

    use super::*;

    fn adoption(logical_id: &str, identifier: &str) -> Adoption {
        Adoption { logical_id: logical_id.to_owned(), identifier: identifier.to_owned() }
    }

    fn stack(json: &str) -> LoadedStack {
        let Value::Map(map) = stackgen_template::read_json(json).unwrap().value else { panic!("{json}") };
        LoadedStack {
            name: "shop".to_owned(),
            text: json.to_owned(),
            template: map.into(),
            dependencies: Vec::new(),
            environment: crate::core::Environment::default(),
            termination_protection: false,
            tags: BTreeMap::new(),
            moves: Vec::new(),
            assets: Vec::new(),
        }
    }

    const TEMPLATE: &str = r#"{"Conditions": {"Always": {"Fn::Equals": ["a", "a"]}}, "Resources": {
        "Data": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete"},
        "Jobs": {"Type": "AWS::SQS::Queue", "Condition": "Always"},
        "Rights": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Data"}, "PolicyDocument": {}}}
    }}"#;

    #[test]
    fn the_deployed_template_gains_what_is_adopted_and_nothing_else() {
        let before = r#"{"Resources": {"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "old"}}}}"#;
        let before = stack(before).template;
        let (template, resources) =
            compose(&stack(TEMPLATE), Some(before), &[adoption("Jobs", "https://queue/jobs")]).unwrap();
        let ids: Vec<_> = template.resources().map(|resource| resource.logical_id).collect();
        assert_eq!(ids, ["Data", "Jobs"]);
        assert_eq!(template.resource("Data").unwrap().property("BucketName"), Some(&"old".into()));
        assert_eq!(template.resource("Jobs").unwrap().deletion_policy(), Some(&"Retain".into()));
        assert_eq!(template.conditions().count(), 1, "the resource has the condition");
        assert_eq!(resources[0].identifier, [("QueueUrl".to_owned(), "https://queue/jobs".to_owned())].into());
    }

    #[test]
    fn a_policy_of_ones_own_stays() {
        let (template, _) = compose(&stack(TEMPLATE), None, &[adoption("Data", "my-data")]).unwrap();
        assert_eq!(template.resource("Data").unwrap().deletion_policy(), Some(&"Delete".into()));
    }

    #[test]
    fn what_cannot_be_imported_is_told_before_anything_is_asked() {
        let refused = |adoption| compose(&stack(TEMPLATE), None, &[adoption]).unwrap_err();
        let unknown = refused(adoption("Dta", "x"));
        assert_eq!(unknown.hint_text(), Some("did you mean `Data`?"));
        let dangling = refused(adoption("Rights", "x"));
        assert!(dangling.to_string().contains("cannot be imported"), "{dangling}");
        let twice = compose(&stack(TEMPLATE), None, &[adoption("Data", "x"), adoption("Data", "y")]).unwrap_err();
        assert!(twice.to_string().contains("twice"), "{twice}");
    }

    #[test]
    fn several_identifying_properties_are_named() {
        let pair = adoption("Route", "ApiId=a1,RouteId=r1");
        let found = identifier("AWS::ApiGatewayV2::Route", &pair).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found["RouteId"], "r1");
        let error = identifier("AWS::ApiGatewayV2::Route", &adoption("Route", "r1")).unwrap_err();
        assert_eq!(error.hint_text(), Some("write it as `Route=ApiId=VALUE,RouteId=VALUE`"));
        let named = identifier("AWS::S3::Bucket", &adoption("Data", "BucketName=x")).unwrap();
        assert_eq!(named["BucketName"], "x");
    }
}
