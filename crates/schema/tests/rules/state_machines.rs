//! Codes SG4401–SG4404: definitions of state machines.

use stackgen_schema::Code;

use crate::Case;

pub(crate) const CASES: &[Case] = &[
    (Code::StateMachineShape, "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: A, States: {A: {Type: Task, End: true}}}
", "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: A, States: {A: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName: f}, End: true}}}
"),
    // JSONata has other fields than JSONPath.
    (Code::StateMachineShape, "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {QueryLanguage: JSONata, StartAt: A, States: {A: {Type: Pass, Parameters: {a: b}, End: true}}}
", "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition:
        QueryLanguage: JSONata
        StartAt: A
        States:
          A: {Type: Choice, Choices: [{Condition: '{% $states.input.ok %}', Next: B}], Default: C}
          B: {Type: Pass, Output: '{% $states.input %}', End: true}
          C: {Type: Pass, QueryLanguage: JSONPath, Parameters: {'a.$': $.b}, Next: D}
          D: {Type: Succeed}
"),
    // The definition as text, with what a deployment puts in.
    (Code::StateMachineShape, "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      DefinitionString: '{\"States\": {\"A\": {\"Type\": \"Succeed\"}}}'
", "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      DefinitionString: !Sub '{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"arn:${AWS::Partition}:states:::sns:publish\", \"End\": true}}}'
  N:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      DefinitionString: '{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Wait\", \"Seconds\": ${seconds}, \"Next\": \"${next}\"}, \"B\": {\"Type\": \"Succeed\"}}}'
      DefinitionSubstitutions: {seconds: 5, next: B}
"),
    (Code::StateMissing, "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: A, States: {A: {Type: Choice, Choices: [{Variable: $.a, BooleanEquals: true, Next: Done}], Default: Dnoe}, Done: {Type: Succeed}}}
", "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: A, States: {A: {Type: Pass, Next: Done}, Done: {Type: Succeed}}}
"),
    // No branch of a parallel state goes on with a state outside of it.
    (Code::StateMissing, "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: A, States: {A: {Type: Parallel, Branches: [{StartAt: B, States: {B: {Type: Pass, Next: D, Catch: [{ErrorEquals: [States.ALL], Next: C}]}, D: {Type: Succeed}}}], Next: C}, C: {Type: Succeed}}}
", "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: A, States: {A: {Type: Parallel, Branches: [{StartAt: B, States: {B: {Type: Pass, End: true}}}], Catch: [{ErrorEquals: [States.ALL], Next: D}], Next: C}, C: {Type: Succeed}, D: {Type: Fail}}}
"),
    (Code::StateUnreachable, "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: A, States: {A: {Type: Succeed}, B: {Type: Succeed}}}
", "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: A, States: {A: {Type: Choice, Choices: [{Variable: $.a, BooleanEquals: true, Next: B}], Default: C}, B: {Type: Succeed}, C: {Type: Fail}}}
"),
    (Code::StateTerminal, "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: A, States: {A: {Type: Pass, Next: B}, B: {Type: Wait, Seconds: 5, Next: A}}}
", "
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: A, States: {A: {Type: Map, ItemProcessor: {StartAt: B, States: {B: {Type: Pass, End: true}}}, Next: C}, C: {Type: Wait, Seconds: 5, End: true}}}
"),
];
