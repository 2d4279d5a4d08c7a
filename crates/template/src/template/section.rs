//! The sections of a template.

macro_rules! sections {
    ($($(#[$meta:meta])* $variant:ident $key:literal;)*) => {
        /// A section of a template: a key of its root.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Section {
            $($(#[$meta])* $variant,)*
        }

        impl Section {
            /// Every section, in the order in which a template is written.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The section of a key; none when CloudFormation knows no such section.
            pub fn of_key(key: &str) -> Option<Self> {
                match key {
                    $($key => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// The key in the template.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)*
                }
            }
        }
    };
}

sections! {
    /// The version of the template format, of which there is one: `2010-09-09`.
    FormatVersion "AWSTemplateFormatVersion";
    /// What the template is for, at most 1,024 bytes.
    Description "Description";
    /// Data about the template, such as how a console shows its parameters.
    Metadata "Metadata";
    /// The macros that process the whole template.
    Transform "Transform";
    /// Defaults of all resources of a kind, in templates of the serverless transform only.
    Globals "Globals";
    /// The values that a deployment gives.
    Parameters "Parameters";
    /// Checks of the parameters.
    Rules "Rules";
    /// Constants under two keys.
    Mappings "Mappings";
    /// Named conditions.
    Conditions "Conditions";
    /// What the stack consists of. The only section that must be there.
    Resources "Resources";
    /// What happens beside a deployment, such as a blue-green switch.
    Hooks "Hooks";
    /// What the stack tells others.
    Outputs "Outputs";
}

impl std::fmt::Display for Section {
    /// Writes the key.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.key())
    }
}
