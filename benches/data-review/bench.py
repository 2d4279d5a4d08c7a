"""data-review against a Python script that does the same with pandas.

    cargo build --profile lambda --package data-review --bin review-folder
    python3 benches/data-review/bench.py setup WORKDIR             # a virtual environment
    python3 benches/data-review/bench.py run   WORKDIR CTD_ZIP...  # both, in turns, on archives of CTD casts

`--bin PROGRAM` names the built program, `--runs N` how often. Both write all they found as JSON, which is compared first. CPU
seconds are those of the whole process, user and system, and so is the peak of its memory; medians of all runs.
"""

import argparse
import json
import math
import os
import pathlib
import shutil
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from process import make_environment, run  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
BIN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent.parent / "target")) / "lambda/review-folder"


def setup(options):
    make_environment(options.workdir / "venv", HERE / "requirements.txt")


def ours(options):
    return run([options.bin, options.folder, "--json", "-"])


def peer(options):
    # One thread: a function of this size has one core.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return run([options.python, HERE / "peer.py", *sorted(options.folder.iterdir())], env=environment)


def check(ours, theirs):
    """Stops when the two do not tell the same."""
    for entry, other in zip(json.loads(ours), json.loads(theirs), strict=True):
        review = entry["review"]
        summary = review["summary"]
        for name in ("observations", "stations", "date_min", "date_max", "lat_min", "lat_max", "lon_west", "lon_east"):
            assert math.isclose(summary[name], other[name], rel_tol=1e-9), (entry["file"], name)
        assert [cast["rows"] for cast in review["casts"]] == [cast["rows"] for cast in other["casts"]], entry["file"]
        parameters = {parameter["parameter"]: parameter for parameter in review["parameters"]}
        for parameter in other["parameters"]:
            mine = parameters.pop(parameter["parameter"])
            for name in ("n", "fill", "invalid", "flags", "good", "unit"):
                assert mine[name] == parameter[name], (entry["file"], parameter["parameter"], name)
            for name in ("min", "max", "mean"):
                pair = mine[name], parameter[name]
                assert None in pair and pair[0] == pair[1] or math.isclose(*pair, rel_tol=1e-9), (entry["file"], name, pair)
        assert not parameters, parameters
        found = {(it["code"], it["parameter"]): it["count"] for it in review["findings"] if "parameter" in it}
        others = {(code, it["parameter"]): count for it in other["parameters"] for code, count in it["findings"].items()}
        assert found == others, (entry["file"], found, others)


def measure(options):
    options.folder = options.workdir / "archives"
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    for archive in options.archives:
        shutil.copy(archive, options.folder)
    check(ours(options)[2], peer(options)[2])
    rows = sum(entry["review"]["summary"]["observations"] for entry in json.loads(ours(options)[2]))
    figures = {"data-review": [], "pandas": []}
    for _ in range(options.runs):
        figures["data-review"].append(ours(options)[:2])
        figures["pandas"].append(peer(options)[:2])
    (cpu, memory), (peer_cpu, peer_memory) = (
        [statistics.median(values) for values in zip(*figures[name])] for name in ("data-review", "pandas")
    )
    print(f"{len(options.archives)} archives, {rows:,} rows, medians of {options.runs} runs\n")
    print("| | CPU s | peak MiB |\n| --- | ---: | ---: |")
    print(f"| `review-folder`, one process | {cpu:.3f} | {memory:.0f} |")
    print(f"| pandas, one process | {peer_cpu:.2f} | {peer_memory:.0f} |")
    print(f"| | {peer_cpu / cpu:.1f} × | {peer_memory / memory:.1f} × |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["setup", "run"])
    parser.add_argument("workdir", type=pathlib.Path)
    parser.add_argument("archives", nargs="*", type=pathlib.Path)
    parser.add_argument("--bin", type=pathlib.Path, default=BIN)
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    options.workdir = options.workdir.resolve()
    options.python = options.workdir / "venv/bin/python"
    (setup if options.step == "setup" else measure)(options)


if __name__ == "__main__":
    main()
