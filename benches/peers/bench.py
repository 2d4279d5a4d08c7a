#!/usr/bin/env python3
"""Builds stackgen's apps, installs the peers' apps of this folder into a work folder, and times all of them.

    python3 bench.py setup  WORKDIR            build and install everything (minutes)
    python3 bench.py setup  WORKDIR --skip rusty-cdk,stratosphere
    python3 bench.py run    WORKDIR            time every case
    python3 bench.py run    WORKDIR --only stackgen --runs 15 --large
    python3 bench.py build  WORKDIR            time a cold build of an app on the library, and a rebuild

What is not installed is left out.

A case is run once to warm up and then RUNS times; the figures are whole-process and come
from the operating system (wait4): median CPU seconds (user + system, children included),
median wall seconds, and the largest peak memory of a single process.
"""
from __future__ import annotations

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
APPS = ["cdk-ts", "cdk-python", "troposphere", "rusty-cdk", "stratosphere"]


def sh(*args: str, cwd: pathlib.Path) -> None:
    print("+", " ".join(args), flush=True)
    subprocess.run(args, cwd=cwd, check=True)


def setup(work: pathlib.Path, skipped: list[str]) -> None:
    sh("cargo", "build", "--release", cwd=ROOT)
    sh("cargo", "build", "--release", "--package", "stackgen", "--example", "small", "--example", "scaled", cwd=ROOT)
    for app in APPS:
        shutil.copytree(HERE / app, work / app, dirs_exist_ok=True)
    sh("npm", "install", "--no-fund", "--no-audit", cwd=work / "cdk-ts")
    sh("npx", "tsc", "-p", ".", cwd=work / "cdk-ts")
    sh(sys.executable, "-m", "venv", str(work / "venv"), cwd=work)
    pip = str(work / "venv/bin/pip")
    for app in ("cdk-python", "troposphere"):
        sh(pip, "install", "-q", "-r", "requirements.txt", cwd=work / app)
    for app in ("stratosphere", "rusty-cdk"):
        if app in skipped:
            continue
        start = time.monotonic()
        sh("cargo", "build", "--release", cwd=work / app)
        print(f"  cold release build of {app}: {time.monotonic() - start:.1f} s wall")


def cases(work: pathlib.Path, large: bool):
    """(name, argv, env, cwd), one per timed command."""
    yield from stackgen_cases(work, large)
    ts, python = work / "cdk-ts", str(work / "venv/bin/python")
    cdk = ["node", "node_modules/aws-cdk/bin/cdk"]
    quiet = ["--no-notices", "--no-version-reporting"]
    yield "cdk-ts small, node app.js", ["node", "dist/small.js"], {"CDK_OUTDIR": "out-small"}, ts
    yield "cdk-ts small, cdk synth (prebuilt js)", [*cdk, "synth", "-q", *quiet, "--app", "node dist/small.js"], {}, ts
    yield ("cdk-ts small, cdk synth (tsc + tsx, as cdk init writes it)",
           [*cdk, "synth", "-q", *quiet, "--app", "npx tsc && npx tsx small.ts"], {}, ts)
    yield "cdk-ts, cdk --version", [*cdk, "--version"], {}, ts
    sizes = [1, 10] + ([100] if large else [])
    for n in sizes:
        env = {"STACKS": str(n)}
        yield f"cdk-ts L2 {n} x 100, node app.js", ["node", "dist/scaled.js"], env | {"CDK_OUTDIR": f"out-l2-{n}"}, ts
        yield f"cdk-ts L1 {n} x 100, node app.js", ["node", "dist/scaled-l1.js"], env | {"CDK_OUTDIR": f"out-l1-{n}"}, ts
        yield (f"cdk-ts L2 {n} x 100, cdk synth",
               [*cdk, "synth", "-q", *quiet, "-o", f"out-synth-{n}", "--app", "node dist/scaled.js"], env, ts)
    yield "cdk-python small, python app.py", [python, "small.py"], {"CDK_OUTDIR": "out-small"}, work / "cdk-python"
    for n in sizes[:2]:
        yield (f"cdk-python L2 {n} x 100, python app.py", [python, "scaled.py"],
               {"STACKS": str(n), "CDK_OUTDIR": f"out-{n}"}, work / "cdk-python")
    yield "troposphere small", [python, "small.py"], {}, work / "troposphere"
    for n in sizes:
        yield f"troposphere {n} x 100", [python, "scaled.py"], {"STACKS": str(n), "OUT": f"out-{n}"}, work / "troposphere"
        yield (f"stratosphere {n} x 100", ["target/release/peer-bench-stratosphere"],
               {"STACKS": str(n), "OUT": f"out-{n}"}, work / "stratosphere")
    yield "rusty-cdk small (7 resources)", ["target/release/peer-bench-rusty-cdk"], {}, work / "rusty-cdk"
    # The diff: two templates of 400 resources that differ in 40 functions.
    if not (ts / "dist").exists():
        return
    for name, memory in (("old", "256"), ("new", "512")):
        out = ts / f"out-diff-{name}"
        if not (out / "Scaled0.template.json").exists():
            subprocess.run(["node", "dist/scaled.js"], cwd=ts, check=True, stderr=subprocess.DEVNULL,
                           env=os.environ | {"GROUP_COUNT": "40", "MEMORY": memory, "CDK_OUTDIR": out.name})
    old, new = "out-diff-old/Scaled0.template.json", "out-diff-new/Scaled0.template.json"
    yield "diff of 2 x 400 resources, library alone", ["node", "template-diff.js", old, new], {}, ts
    yield ("diff of 2 x 400 resources, cdk diff --template on a synthesized assembly",
           [*cdk, "diff", "Scaled0", *quiet, "--app", "out-diff-new", "--template", old], {}, ts)
    yield ("diff of 2 x 400 resources, cdk diff --template with synth",
           [*cdk, "diff", "Scaled0", *quiet, "--app", "node dist/scaled.js", "-o", "out-diff-synth", "--template", old],
           {"GROUP_COUNT": "40", "MEMORY": "512"}, ts)


def stackgen_cases(work: pathlib.Path, large: bool):
    small, scaled = (str(TARGET / "release/examples" / name) for name in ("small", "scaled"))
    out = work / "stackgen"
    out.mkdir(exist_ok=True)
    yield "stackgen --version", [str(TARGET / "release/stackgen"), "--version"], {}, out
    for what, options in (("", []), (", no validation", ["--no-validation"])):
        yield f"stackgen small{what}", [small, "synth", *options, "-o", "out-small"], {}, out
        for n in [1, 10] + ([100] if large else []):
            argv = [scaled, "synth", *options, "-o", f"out-{n}"]
            yield f"stackgen {n} x 100{what}", argv, {"STACKS": str(n)}, out
    subprocess.run([scaled, "synth", "-o", "out-400"], cwd=out, check=True, stderr=subprocess.DEVNULL,
                   env=os.environ | {"GROUP_COUNT": "40"})
    template = "out-400/Scaled0.template.json"
    yield "stackgen validate, 400 resources", [small, "validate", "--template", template], {}, out
    cfn_lint = work / "venv/bin/cfn-lint"
    yield "cfn-lint, 400 resources", [str(cfn_lint), template], {}, out


def build(work: pathlib.Path) -> None:
    """Times a cold release build of an app of its own on the library, without and with the command line, and a rebuild
    after an edit, in CPU seconds of cargo and all compilers. Downloads are not counted."""
    main = """mod group;
use std::path::Path;
use stackgen::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut app = App::new();
    group::add_group(&mut app.stack("Small"), "App", Int::try_from(256)?);
    stackgen::assembly::Assembly::new(&app.synthesize(), Path::new("."))?.write(Path::new("out"))?;
    Ok(())
}
"""
    for name, default_features in (("library", "false"), ("library and command line", "true")):
        app = work / "stackgen-build"
        shutil.rmtree(app, ignore_errors=True)
        (app / "src/group").mkdir(parents=True)
        (app / "src/main.rs").write_text(main)
        shutil.copy(ROOT / "examples/group/mod.rs", app / "src/group/mod.rs")
        shutil.copy(ROOT / "Cargo.lock", app)
        (app / "Cargo.toml").write_text(f"""[package]
name = "app"
version = "0.1.0"
edition = "2024"
[dependencies]
stackgen = {{ path = "{ROOT}", default-features = {default_features} }}
[workspace]
[profile.release]
debug = false
strip = true
panic = "abort"
lto = "off"
[profile.release.package.app]
opt-level = 0
""")
        env = {"CARGO_TARGET_DIR": str(app / "target")}
        argv = ["cargo", "build", "--release", "--offline"]
        subprocess.run(["cargo", "fetch"], cwd=app, check=True, stderr=subprocess.DEVNULL)
        cpu, wall, _, code = once(argv, env, app)
        print(f"cold release build, {name}: {cpu:.1f} CPU s, {wall:.1f} s wall, exit {code}", flush=True)
        times = []
        for memory in (512, 1024, 2048):
            (app / "src/main.rs").write_text(main.replace("256", str(memory)))
            times.append(once(argv, env, app))
        cpu, wall = (statistics.median(column) for column in list(zip(*times))[:2])
        print(f"rebuild after an edit, {name}: {cpu:.2f} CPU s, {wall:.2f} s wall", flush=True)


def once(argv: list[str], env: dict[str, str], cwd: pathlib.Path) -> tuple[float, float, float, int]:
    full = os.environ | {"CDK_DISABLE_CLI_TELEMETRY": "1"} | env
    start = time.monotonic()
    process = subprocess.Popen(argv, cwd=cwd, env=full, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, process.returncode


def run(work: pathlib.Path, wanted: str, runs: int, large: bool) -> None:
    print(f"{'case':<78} {'cpu s':>8} {'wall s':>8} {'peak MiB':>9}  exit")
    for name, argv, env, cwd in cases(work, large):
        if wanted not in name:
            continue
        program = pathlib.Path(argv[0])
        script = cwd / argv[1] if argv[0] in ("node",) else cwd / program if "/" in argv[0] else cwd
        if not script.exists():
            print(f"{name:<78} not installed", flush=True)
            continue
        once(argv, env, cwd)
        results = [once(argv, env, cwd) for _ in range(runs)]
        cpu, wall, peak = (statistics.median(column) for column in list(zip(*results))[:3])
        codes = sorted({code for *_, code in results})
        print(f"{name:<78} {cpu:>8.3f} {wall:>8.3f} {peak:>9.1f}  {codes}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["setup", "run", "build"])
    parser.add_argument("workdir", type=pathlib.Path)
    parser.add_argument("--only", default="", metavar="TEXT", help="only the cases whose name contains TEXT")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--large", action="store_true", help="also 100 stacks of 100 resources")
    parser.add_argument("--skip", default="", metavar="PEERS", help="setup: peers that are not built, with commas")
    args = parser.parse_args()
    work = args.workdir.resolve()
    work.mkdir(parents=True, exist_ok=True)
    if args.action == "setup":
        setup(work, args.skip.split(","))
    elif args.action == "build":
        build(work)
    else:
        run(work, args.only, args.runs, args.large)


if __name__ == "__main__":
    main()
