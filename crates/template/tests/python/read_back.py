"""Reads cases from standard input, one JSON object a line, and checks that YAML readers see the same data as a JSON reader.

Each case has `json`, and the same document as `long` (plain YAML) and `short` (with the tags of CloudFormation).
"""

import json
import sys

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor as RuamelConstructor
from ruamel.yaml.nodes import ScalarNode as RuamelScalar
from ruamel.yaml.nodes import SequenceNode as RuamelSequence


def call(suffix, argument):
    key = suffix if suffix in ("Ref", "Condition") else "Fn::" + suffix
    if suffix == "GetAtt" and isinstance(argument, str):
        argument = argument.split(".", 1)
    return {key: argument}


def constructor(scalar, sequence):
    def construct(loader, suffix, node):
        if isinstance(node, scalar):
            return call(suffix, loader.construct_scalar(node))
        if isinstance(node, sequence):
            return call(suffix, loader.construct_sequence(node, deep=True))
        return call(suffix, loader.construct_mapping(node, deep=True))

    return construct


class Loader(yaml.SafeLoader):
    pass


class TagConstructor(RuamelConstructor):
    pass


Loader.add_multi_constructor("!", constructor(yaml.ScalarNode, yaml.SequenceNode))
TagConstructor.add_multi_constructor("!", constructor(RuamelScalar, RuamelSequence))


def ruamel(text):
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = TagConstructor
    return reader.load(text)


def same(one, other):
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str) or isinstance(other, str):
        return type(one) is type(other) and one == other
    return one == other


READERS = {
    "PyYAML": lambda text: yaml.load(text, Loader),
    "ruamel.yaml": ruamel,
}

failures = 0
cases = 0
for line in sys.stdin:
    case = json.loads(line)
    expected = json.loads(case["json"])
    for form in ("long", "short"):
        for name, read in READERS.items():
            cases += 1
            try:
                found = read(case[form])
            except Exception as error:  # noqa: BLE001
                found = f"{type(error).__name__}: {error}"
            if not same(expected, found):
                failures += 1
                if failures <= 5:
                    print(f"{name} reads another document:\n{case[form]}\nexpected {expected!r}\nfound    {found!r}\n")
print(f"{cases} readings, {failures} of them wrong")
sys.exit(failures > 0)
