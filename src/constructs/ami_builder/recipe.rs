//! The recipe of an image and the components in it, which are immutable once they exist.

use stackgen_template::{Map, Value};

use super::component::ImageComponent;
use super::program::ShippedProgram;
use crate::assets::Digest;
use crate::constructs::{EbsVolume, MachineImage};
use crate::core::{Problem, Scope};
use crate::resources::imagebuilder::{self, component};

/// The longest name that Image Builder takes.
const LONGEST_NAME: usize = 128;
/// The largest number of a version, of 30 bits.
const LARGEST_PATCH: u32 = (1 << 30) - 1;

/// What an image is made from.
pub(super) struct Recipe {
    pub(super) name: String,
    pub(super) prefix: String,
    pub(super) base: MachineImage,
    pub(super) root: EbsVolume,
    pub(super) programs: Vec<ShippedProgram>,
    pub(super) components: Vec<ImageComponent>,
}

impl Recipe {
    /// Whether a component tries the finished image.
    pub(super) fn has_tests(&self) -> bool {
        let shipped = self.programs.iter().map(|program| &program.component);
        shipped.chain(&self.components).any(ImageComponent::has_tests)
    }

    /// Adds the recipe and its components.
    pub(super) fn add(self, scope: &mut Scope<'_>) -> imagebuilder::ImageRecipeRef {
        let hash = self.short_hash();
        let mut parts = Vec::new();
        for program in &self.programs {
            let name = format!("{}-{}-{}", self.prefix, program.component.name(), program.short_hash());
            let arn = add_component(scope, name, &program.component);
            let parameters = program
                .parameters()
                .map(|(name, value)| Map::from([("Name", Value::from(name)), ("Value", Value::List(vec![value]))]));
            parts.push(Map::from([("ComponentArn", arn), ("Parameters", parameters.into())]));
        }
        for component in &self.components {
            let name = format!("{}-{}-{hash}", self.prefix, component.name());
            let arn = add_component(scope, name, component);
            parts.push(Map::from([("ComponentArn", arn)]));
        }
        let (base, root) = (self.base.for_recipe(), self.root.into_value());
        let documents: Vec<_> = self
            .programs
            .iter()
            .map(|program| program.component.to_yaml())
            .chain(self.components.iter().map(ImageComponent::to_yaml))
            .collect();
        let version = version_of([format!("{base:?}"), format!("{root:?}")].iter().chain(&documents));
        let name = format!("{}-{hash}", self.prefix);
        check_length(&name, scope);
        let recipe = imagebuilder::ImageRecipe::new()
            .name(name)
            .version(version)
            .parent_image(stackgen_template::Expression::raw(base))
            .description(format!("how the image {} is built", self.name))
            .raw("BlockDeviceMappings", vec![root])
            .raw("Components", parts);
        scope.add("Recipe", recipe)
    }

    /// Eight digits of the hash of the programs; of the only program when it is one.
    fn short_hash(&self) -> String {
        match self.programs.as_slice() {
            [only] => only.short_hash(),
            programs => {
                let mut digest = Digest::new("programs of an image");
                for program in programs {
                    digest.entry(program.component.name(), program.short_hash().as_bytes());
                }
                digest.finish().chars().take(8).collect()
            }
        }
    }
}

/// Reports a name that Image Builder does not take.
fn check_length(name: &str, scope: &mut Scope<'_>) {
    if name.len() > LONGEST_NAME {
        let problem = Problem::error(format!(
            "`{name}` has more than {LONGEST_NAME} characters, too many for a name of Image Builder"
        ));
        scope.report(problem.hint("give the stack, the image or the component a shorter name"));
    }
}

fn add_component(scope: &mut Scope<'_>, name: String, component: &ImageComponent) -> Value {
    check_length(&name, scope);
    component.check(scope);
    let document = component.to_yaml();
    let version = version_of([&document]);
    let id = format!("Component{}", camel(component.name()));
    let component = imagebuilder::Component::new()
        .name(name)
        .version(version)
        .platform(component::Platform::Linux)
        .description(component.description().to_owned())
        .data(document);
    scope.add(id, component).arn().into()
}

/// A version that every other text has another of. Versions are three numbers, so the hash is in the last.
fn version_of<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    let mut digest = Digest::new("version of an image");
    for text in texts {
        digest.entry("part", text.as_bytes());
    }
    let hash = digest.finish();
    let number = hash.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default();
    format!("1.0.{}", number & LARGEST_PATCH)
}

/// `genome-worker` as a name of a construct: `GenomeWorker`.
fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    for word in name.split(|character: char| !character.is_ascii_alphanumeric()) {
        let mut characters = word.chars();
        camel.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(characters.as_str());
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_text_has_another_version() {
        let version = |text: &str| version_of([&text.to_owned()]);
        assert_eq!(version("a"), version("a"));
        assert_ne!(version("a"), version("b"));
        let patch: Option<u32> = version("a").strip_prefix("1.0.").and_then(|patch| patch.parse().ok());
        assert!(patch.is_some_and(|patch| patch <= LARGEST_PATCH));
    }

    #[test]
    fn constructs_have_names_of_letters() {
        assert_eq!(camel("genome-worker2"), "GenomeWorker2");
    }
}
