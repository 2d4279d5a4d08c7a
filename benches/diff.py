#!/usr/bin/env python3
"""Times `diff` beside peers: two templates of 400 resources of which 40 differ, as whole processes with their children.

    cargo build --release --package stackgen --example small --example scaled
    python3 benches/peers/bench.py setup WORKDIR     # once, for the peers
    python3 benches/diff.py WORKDIR --runs 15

Without a WORKDIR only ours is timed. Peers that are not installed are left out. The figures are medians; CPU seconds count,
wall time depends on what else the machine does.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLES = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/examples"
SIZE = {"GROUP_COUNT": "40"}


def once(argv, cwd, environment):
    """CPU seconds, wall seconds, peak MiB and exit code of a process."""
    start = time.monotonic()
    process = subprocess.Popen(
        argv, cwd=cwd, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024, process.returncode


def ours(folder):
    templates = []
    for memory in ("256", "512"):
        output = folder / memory
        subprocess.run(
            [EXAMPLES / "scaled", "synth", "-q", "-o", output], check=True, env=os.environ | SIZE | {"MEMORY": memory}
        )
        templates.append(str(output / "Scaled0.template.json"))
    for form in ("text", "markdown", "json"):
        yield f"stackgen diff --format {form}", [EXAMPLES / "small", "diff", "--templates", *templates, "--format", form], folder
    yield "stackgen diff, nothing differs", [EXAMPLES / "small", "diff", "--templates", templates[0], templates[0]], folder


def peers(work):
    cdk = work / "cdk-ts"
    if not (cdk / "node_modules").is_dir():
        return
    for memory, output in (("256", "out-diff-old"), ("512", "out-diff-new")):
        if not (cdk / output / "Scaled0.template.json").exists():
            environment = os.environ | SIZE | {"MEMORY": memory, "CDK_OUTDIR": output}
            subprocess.run(["node", "dist/scaled.js"], cwd=cdk, check=True, stderr=subprocess.DEVNULL, env=environment)
    old, new = "out-diff-old/Scaled0.template.json", "out-diff-new/Scaled0.template.json"
    yield "@aws-cdk/cloudformation-diff alone", ["node", "template-diff.js", old, new], cdk
    command = ["node", "node_modules/aws-cdk/bin/cdk", "diff", "Scaled0", "--no-notices", "--no-version-reporting"]
    yield "cdk diff --template, synthesized before", [*command, "--app", "out-diff-new", "--template", old], cdk
    output = ["--app", "node dist/scaled.js", "-o", "out-diff-synth"]
    yield "cdk diff --template, with synth", [*command, *output, "--template", old], cdk


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workdir", type=pathlib.Path, nargs="?")
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cases = [(*case, arguments.runs) for case in ours(pathlib.Path(folder))]
        if arguments.workdir:
            cases += [(*case, min(arguments.runs, 5)) for case in peers(arguments.workdir.resolve())]
        print(f"{'case':<42} {'cpu s':>7} {'wall s':>7} {'peak MiB':>9}  exit")
        for name, argv, cwd, runs in cases:
            environment = SIZE | {"MEMORY": "512", "CDK_DISABLE_CLI_TELEMETRY": "1"}
            once(argv, cwd, environment)
            results = [once(argv, cwd, environment) for _ in range(runs)]
            cpu, wall, peak = (statistics.median(column) for column in list(zip(*results))[:3])
            codes = sorted({result[3] for result in results})
            print(f"{name:<42} {cpu:>7.4f} {wall:>7.3f} {peak:>9.1f}  {codes}", flush=True)


if __name__ == "__main__":
    main()
