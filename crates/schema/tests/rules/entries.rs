//! Codes SG1201–SG1601: parameters, mappings, conditions, outputs and rules.

use stackgen_schema::Code;

use crate::Case;

pub(crate) const CASES: &[Case] = &[
    (Code::ParameterShape, "
Parameters: {Name: {Type: String, Defualt: x}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}
", "
Parameters: {Name: {Type: String, Default: x, NoEcho: true, MinLength: 1, AllowedPattern: '[a-z]+', ConstraintDescription: letters}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}
"),
    (Code::ParameterShape, "
Parameters: {Name: {Default: x}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}
", "
Parameters: {Name: {Type: AWS::SSM::Parameter::Value<String>, Default: /name}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}
"),
    (Code::ParameterType, "
Parameters: {Name: {Type: Text}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}
", "
Parameters: {Name: {Type: 'AWS::EC2::Subnet::Id'}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}
"),
    (Code::ParameterDefault, "
Parameters: {Name: {Type: String, Default: test, AllowedValues: [dev, prod]}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}
", "
Parameters: {Name: {Type: String, Default: dev, AllowedValues: [dev, prod]}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}
"),
    (Code::ParameterDefault, "
Parameters: {Delay: {Type: Number, Default: 1000, MaxValue: 900}}
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay}}}
", "
Parameters: {Delay: {Type: Number, Default: 900, MaxValue: 900}}
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay}}}
"),
    (Code::ParameterUnused, "
Parameters: {Name: {Type: String}}
Resources: {T: {Type: AWS::SNS::Topic}}
", "
Parameters: {Name: {Type: String}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub 'a-${Name}'}}}
"),
    (Code::MappingShape, "
Mappings: {Names: {dev: a}}
Resources: {T: {Type: AWS::SNS::Topic}}
", "
Mappings: {Names: {dev: {Name: a}}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [Names, dev, Name]}}}
"),
    (Code::MappingMissing, "
Mappings: {Names: {dev: {Name: a}}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [Names, prod, Name]}}}
", "
Mappings: {Names: {dev: {Name: a}, prod: {Name: b}}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [Names, prod, Name]}}}
"),
    (Code::MappingMissing, "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [Names, prod, Name]}}}
", "
Transform: AWS::LanguageExtensions
Mappings: {Names: {dev: {Name: a}}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [Names, prod, Name, {DefaultValue: x}]}}}
"),
    (Code::MappingUnused, "
Mappings: {Names: {dev: {Name: a}}}
Resources: {T: {Type: AWS::SNS::Topic}}
", "
Parameters: {Which: {Type: String}}
Transform: AWS::LanguageExtensions
Mappings: {Names: {dev: {Name: a}}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [!Ref Which, dev, Name]}}}
"),
    (Code::ConditionShape, "
Conditions: {Never: !Join ['', [a]]}
Resources: {T: {Type: AWS::SNS::Topic, Condition: Never}}
", "
Conditions: {Never: !Not [!Equals [!Ref AWS::Region, us-east-1]]}
Resources: {T: {Type: AWS::SNS::Topic, Condition: Never}}
"),
    (Code::ConditionMissing, "
Conditions: {IsDev: !Equals [!Ref AWS::Region, us-east-1]}
Resources:
  T: {Type: AWS::SNS::Topic, Condition: IsDve}
  U: {Type: AWS::SNS::Topic, Condition: IsDev}
", "
Conditions: {IsDev: !Equals [!Ref AWS::Region, us-east-1]}
Resources:
  T: {Type: AWS::SNS::Topic, Condition: IsDev}
  U: {Type: AWS::SNS::Topic, Condition: IsDev}
"),
    (Code::ConditionUnused, "
Conditions: {IsDev: !Equals [!Ref AWS::Region, us-east-1]}
Resources: {T: {Type: AWS::SNS::Topic}}
", "
Conditions: {IsDev: !Equals [!Ref AWS::Region, us-east-1]}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !If [IsDev, a, b]}}}
"),
    (Code::ConditionCycle, "
Conditions:
  A: !Not [!Condition B]
  B: !Not [!Condition A]
Resources: {T: {Type: AWS::SNS::Topic, Condition: A}}
", "
Conditions:
  A: !Not [!Condition B]
  B: !Equals [!Ref AWS::Region, us-east-1]
Resources: {T: {Type: AWS::SNS::Topic, Condition: A}}
"),
    (Code::OutputShape, "
Resources: {T: {Type: AWS::SNS::Topic}}
Outputs: {Arn: {Description: without a value}}
", "
Resources: {T: {Type: AWS::SNS::Topic}}
Outputs: {Arn: {Description: with a value, Value: !Ref T, Export: {Name: !Sub '${AWS::StackName}-arn'}}}
"),
    (Code::OutputShape, "
Resources: {T: {Type: AWS::SNS::Topic}}
Outputs: {Arn: {Value: [!Ref T]}}
", "
Resources: {T: {Type: AWS::SNS::Topic}}
Outputs: {Arn: {Value: !Join [',', [!Ref T]]}}
"),
    (Code::DuplicateExport, "
Resources: {T: {Type: AWS::SNS::Topic}}
Outputs:
  A: {Value: !Ref T, Export: {Name: arn}}
  B: {Value: !Ref T, Export: {Name: arn}}
", "
Conditions: {Is: !Equals [!Ref AWS::Region, us-east-1], Not: !Not [!Condition Is]}
Resources: {T: {Type: AWS::SNS::Topic}}
Outputs:
  A: {Condition: Is, Value: !Ref T, Export: {Name: arn}}
  B: {Condition: Not, Value: !Ref T, Export: {Name: arn}}
"),
    (Code::RuleShape, "
Parameters: {Stage: {Type: String}}
Rules: {Known: {Assert: !Equals [!Ref Stage, dev]}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Stage}}}
", "
Parameters: {Stage: {Type: String}}
Rules:
  Known:
    RuleCondition: !Equals [!Ref AWS::Region, us-east-1]
    Assertions: [{Assert: {'Fn::Contains': [[dev, prod], !Ref Stage]}, AssertDescription: a known stage}]
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Stage}}}
"),
];
