"""Checks the component document of the stack genome-ami, and runs its commands in a root of its own.

The document is checked against the rules of Image Builder's runner: phases, actions and their inputs, parameters, sizes. Then its
commands run in order in a root that debootstrap makes, or in one that is given; the program and its checksum are put where the
download puts them. At last the program is spoilt in ways that the document must refuse.

    cargo run --release -- synth
    cargo build --release -p genome-pipeline --features handler --bin genome-worker
    pip install pyyaml==6.0.2
    sudo python tools/check_image.py stackgen.out/genome-ami.template.json target/release/genome-worker

Needs root, for chroot, and debootstrap. Ubuntu 24.04 is the root unless `--suite` and `--mirror` say otherwise; debootstrap checks its
signature with `--keyring`, which Ubuntu's package `ubuntu-keyring` has, and not at all without. With `--no-root` the document is checked
only. Not checked are what such a root does not have: Image Builder itself, the download, the kernel, and the rest of a cloud's image.
"""

import argparse
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

PHASES = ["build", "validate", "test"]
MAX_DATA = 64 * 1024
# The inputs that an action must have, and those that it may have.
DOWNLOAD = ({"source", "destination"}, {"expectedBucketOwner", "overwrite", "caseInsensitive"})
STEP_KEYS = {"name", "action", "inputs", "onFailure", "maxAttempts", "timeoutSeconds", "if", "loop"}
USE = re.compile(r"\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}")


class Fault(Exception):
    """What is wrong with the document, or with how it works."""


def need(condition, fault):
    if not condition:
        raise Fault(fault)


def check_step(step, where):
    need(not step.keys() - STEP_KEYS, f"{where}: unknown keys {sorted(step.keys() - STEP_KEYS)}")
    need(re.fullmatch(r"[A-Za-z0-9_-]{1,128}", step["name"]), f"{where}: the name")
    inputs = step["inputs"]
    if step["action"] == "S3Download":
        required, optional = DOWNLOAD
        for entry in inputs:
            need(required <= entry.keys() <= required | optional, f"{where}: {sorted(entry)}")
            need(entry["destination"].startswith("/"), f"{where}: the destination is no absolute path")
    elif step["action"] == "ExecuteBash":
        need(inputs.keys() == {"commands"} and inputs["commands"], f"{where}: commands")
        need(all(isinstance(command, str) for command in inputs["commands"]), f"{where}: a command is no text")
    else:
        raise Fault(f"{where}: the action {step['action']} is unknown to this check")


def check_document(data, given):
    """The document, when it is valid and uses what the recipe gives."""
    need(len(data.encode()) <= MAX_DATA, f"{len(data.encode())} bytes, of {MAX_DATA} at most")
    document = yaml.safe_load(data)
    known = {"name", "description", "schemaVersion", "parameters", "constants", "phases"}
    need(not document.keys() - known, f"unknown keys {sorted(document.keys() - known)}")
    need(float(document["schemaVersion"]) == 1.0, "the version of the schema")
    declared = {name for entry in document.get("parameters", []) for name in entry}
    need(declared == given, f"the document has the parameters {sorted(declared)}, the recipe gives {sorted(given)}")
    used = set(USE.findall(data))
    need(used == declared, f"the document uses {sorted(used)} and declares {sorted(declared)}")
    names = [phase["name"] for phase in document["phases"]]
    need(names == [name for name in PHASES if name in names], f"phases {names}")
    for phase in document["phases"]:
        steps = [step["name"] for step in phase["steps"]]
        need(steps and len(steps) == len(set(steps)), f"{phase['name']}: steps {steps}")
        for step in phase["steps"]:
            check_step(step, f"{phase['name']}, {step['name']}")
    return document


def read_template(path):
    """The data of the component, and the names of the parameters that the recipe gives."""
    resources = json.loads(path.read_text())["Resources"].values()
    of_type = lambda name: [entry["Properties"] for entry in resources if entry["Type"] == f"AWS::ImageBuilder::{name}"]
    [component], [recipe] = of_type("Component"), of_type("ImageRecipe")
    need(component["Platform"] == "Linux", "the platform of the component")
    [reference] = recipe["Components"]
    return component["Data"], {parameter["Name"] for parameter in reference["Parameters"]}


def run(root, step):
    """Runs the commands of a step as the runner does: each is a script of its own, and the first failure ends the step."""
    for command in step["inputs"]["commands"]:
        script = root / "tmp/step.sh"
        script.write_text(command)
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        outcome = subprocess.run(["chroot", root, "/bin/bash", "/tmp/step.sh"], capture_output=True, text=True, env=environment)
        script.unlink()
        if outcome.returncode != 0:
            raise Fault(f"{step['name']} ended with {outcome.returncode}: {outcome.stderr.strip() or outcome.stdout.strip()}")
        yield outcome.stdout.strip()


def run_document(document, root, objects):
    """Runs all phases; `objects` has the bytes that each parameter stands for."""
    for phase in document["phases"]:
        for step in phase["steps"]:
            if step["action"] == "S3Download":
                for entry in step["inputs"]:
                    [name] = USE.findall(entry["source"])
                    (root / entry["destination"].lstrip("/")).write_bytes(objects[name])
                    print(f"  {phase['name']:9} {step['name']}: {name} to {entry['destination']}")
            else:
                for output in run(root, step):
                    print(f"  {phase['name']:9} {step['name']}: {output or 'done'}")


def installed(root):
    return root / "usr/local/bin/genome-worker"


def check_runs(document, root, program):
    content = program.read_bytes()
    checksum = hashlib.sha256(content).hexdigest().encode()
    print("the program as it is:")
    run_document(document, root, {"Program": content, "Checksum": checksum})
    status = installed(root).stat()
    need(status.st_mode & 0o7777 == 0o755, f"the mode is {status.st_mode:o}")
    need((status.st_uid, status.st_gid) == (0, 0), "the program is not root's")
    need(installed(root).read_bytes() == content, "another program is installed")
    left = [path.name for path in (root / "tmp").iterdir()]
    need(not left, f"left in /tmp: {left}")

    spoilt = bytearray(content)
    spoilt[len(spoilt) // 2] ^= 1
    for name, objects in {
        "one bit of the program flipped": {"Program": bytes(spoilt), "Checksum": checksum},
        "the program cut short": {"Program": content[:-1], "Checksum": checksum},
        "no checksum": {"Program": content, "Checksum": b""},
        "no program, but one that only fails": {"Program": b"#!/bin/false\n", "Checksum": hashlib.sha256(b"#!/bin/false\n").hexdigest().encode()},
    }.items():
        installed(root).unlink(missing_ok=True)
        print(f"{name}:")
        try:
            run_document(document, root, objects)
        except Fault as fault:
            print(f"  refused: {fault}")
        else:
            raise Fault(f"{name}: not refused")


def make_root(folder, options):
    signature = [f"--keyring={options.keyring}"] if options.keyring else ["--no-check-gpg"]
    script = pathlib.Path("/usr/share/debootstrap/scripts") / options.suite
    # Ubuntu's suites are made the same way; older debootstraps know only older ones.
    fallback = [] if script.exists() else ["/usr/share/debootstrap/scripts/gutsy"]
    command = ["debootstrap", "--variant=minbase", *signature, options.suite, folder, options.mirror, *fallback]
    need(shutil.which(command[0]), "no root was made, and no command run: debootstrap is not installed")
    outcome = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if outcome.returncode != 0:
        last = "\n".join(outcome.stdout.splitlines()[-5:])
        raise Fault(f"no root was made, and no command run: debootstrap ended with {outcome.returncode}:\n{last}")
    print(f"a root of {options.suite} from {options.mirror}, {'signed' if options.keyring else 'whose signature was not checked'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("template", type=pathlib.Path)
    parser.add_argument("program", type=pathlib.Path, nargs="?", help="genome-worker, built for x86_64")
    parser.add_argument("--no-root", action="store_true", help="check the document only")
    parser.add_argument("--root", type=pathlib.Path, help="a root to use, which is copied")
    parser.add_argument("--suite", default="noble")
    parser.add_argument("--mirror", default="http://archive.ubuntu.com/ubuntu")
    parser.add_argument("--keyring", default=None, help="file of the keys of the mirror; none: its signature is not checked")
    options = parser.parse_args()
    try:
        document = check_document(*read_template(options.template))
        print("the document is valid")
        if options.no_root:
            print("its commands were not run")
            return
        if options.program is None:
            parser.error("name the program, or give --no-root")
        if os.geteuid() != 0:
            sys.exit("chroot needs root: run it with sudo")
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder) / "root"
            if options.root:
                shutil.copytree(options.root, root, symlinks=True, ignore=lambda path, _: ["dev", "proc", "sys"] if pathlib.Path(path) == options.root else [])
                for name in ["dev", "proc", "sys"]:
                    (root / name).mkdir(exist_ok=True)
            else:
                make_root(root, options)
            for left in (root / "tmp").iterdir():
                left.unlink()
            print(next(line for line in (root / "etc/os-release").read_text().splitlines() if line.startswith("PRETTY_NAME")))
            check_runs(document, root, options.program)
    except Fault as fault:
        sys.exit(f"failed: {fault}")
    print("all is as it should be")


main()
