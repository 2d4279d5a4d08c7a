//! Codes SG1001–SG1008: the outermost shape.

use stackgen_schema::Code;

use crate::Case;

pub(crate) const CASES: &[Case] = &[
    (
        Code::UnknownSection,
        "
Resource: {}
Resources: {T: {Type: AWS::SNS::Topic}}
",
        "
AWSTemplateFormatVersion: '2010-09-09'
Description: All sections
Metadata: {Owner: us}
Parameters: {Stage: {Type: String, Default: dev}}
Rules: {Known: {Assertions: [{Assert: !Equals [!Ref Stage, dev]}]}}
Mappings: {Sizes: {dev: {Count: 1}}}
Conditions: {IsDev: !Equals [!Ref Stage, dev]}
Transform: AWS::LanguageExtensions
Resources: {T: {Type: AWS::SNS::Topic, Condition: IsDev, Properties: {DisplayName: !FindInMap [Sizes, dev, Count]}}}
Outputs: {Arn: {Condition: IsDev, Value: !Ref T}}
",
    ),
    (
        Code::TemplateShape,
        "
Description: [text]
Resources: {T: {Type: AWS::SNS::Topic}}
",
        "
Description: text
Resources: {T: {Type: AWS::SNS::Topic}}
",
    ),
    (
        Code::TemplateShape,
        "
Globals: {Function: {Timeout: 10}}
Resources: {T: {Type: AWS::SNS::Topic}}
",
        "
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Timeout: 10}}
Resources: {T: {Type: AWS::SNS::Topic}}
",
    ),
    (
        Code::TemplateShape,
        "
Parameters: [Stage]
Resources: {T: {Type: AWS::SNS::Topic}}
",
        "
Parameters: {}
Resources: {T: {Type: AWS::SNS::Topic}}
",
    ),
    (
        Code::NoResources,
        "
Description: nothing
Resources: {}
",
        "
Transform: SomeMacro
Resources: {}
",
    ),
    (
        Code::LogicalId,
        "
Resources: {my-topic: {Type: AWS::SNS::Topic}}
",
        "
Resources: {MyTopic1: {Type: AWS::SNS::Topic}}
",
    ),
    (
        Code::FormatVersion,
        "
AWSTemplateFormatVersion: '2012-10-17'
Resources: {T: {Type: AWS::SNS::Topic}}
",
        "
AWSTemplateFormatVersion: 2010-09-09
Resources: {T: {Type: AWS::SNS::Topic}}
",
    ),
    (
        Code::Suppression,
        "
Resources:
  T:
    Type: AWS::SNS::Topic
    Metadata: {stackgen: {suppress: [{code: SG2005}]}}
",
        "
Resources:
  T:
    Type: AWS::SNS::Topic
    Metadata: {stackgen: {suppress: [{code: SG2005, reason: the variable is kept for later}]}}
",
    ),
    (
        Code::Suppression,
        "
Resources:
  T:
    Type: AWS::SNS::Topic
    Metadata: {stackgen: {suppress: [{code: sub-variable-unsed, reason: later}]}}
",
        "
Resources:
  T:
    Type: AWS::SNS::Topic
    Metadata: {stackgen: {suppress: [{code: sub-variable-unused, reason: later}]}}
",
    ),
    (
        Code::DuplicateName,
        "
Parameters: {Topic: {Type: String}}
Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Topic}}}
",
        "
Parameters: {Name: {Type: String}}
Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}
",
    ),
    (
        Code::NullValue,
        "
Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: null}}}
",
        "
Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref AWS::NoValue}}}
",
    ),
];
