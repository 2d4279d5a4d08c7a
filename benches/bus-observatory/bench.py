"""bus-observatory against a Python script that does the same with pandas and pyarrow.

    cargo build --profile lambda --package bus-observatory --bins
    python3 benches/bus-observatory/bench.py setup WORKDIR     # a virtual environment, the bodies of a day, lakes of a day
    python3 benches/bus-observatory/bench.py run   WORKDIR     # all figures

`--bin FOLDER` names the folder of the built programs, `--vehicles N` the size of the city, `--minutes N` a shorter day.
CPU seconds are those of the whole process, user and system, and so is the peak of its memory.
"""

import argparse
import datetime
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from process import make_environment, run  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
# 2023-05-01T00:00 in UTC.
START = 1_682_899_200
FEED = "mbta_all"


def time_text(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def bodies(options):
    folder = options.workdir / "bodies"
    folder.mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen(
        [options.bin / "bus-feeds", "--vehicles", str(options.vehicles)], stdout=subprocess.PIPE, text=True
    )
    try:
        url = server.stdout.readline().strip()
        for minute in range(options.minutes):
            path = folder / f"{minute:04}.pb"
            if not path.exists():
                path.write_bytes(urllib.request.urlopen(f"{url}/gtfsrt?time={START + minute * 60}").read())
    finally:
        server.kill()
    return folder


def ours(options, *arguments):
    return run([options.bin / "bus-local", *arguments], cwd=HERE.parent.parent)


def grab_ours(options, lake, minute):
    time = time_text(START + minute * 60)
    body = options.workdir / "bodies" / f"{minute:04}.pb"
    return ours(options, "grab", lake, FEED, "--source", body, "--scheduled", time, "--fetched", time)


def grab_peer(options, lake, minute):
    body = options.workdir / "bodies" / f"{minute:04}.pb"
    lake.mkdir(parents=True, exist_ok=True)
    return run([options.python, HERE / "peer.py", "grab", lake, body, START + minute * 60])


def setup(options):
    make_environment(options.workdir / "venv", HERE / "requirements.txt")
    bodies(options)
    lake = options.workdir / "day"
    shutil.rmtree(lake, ignore_errors=True)
    for minute in range(options.minutes):
        grab_ours(options, lake, minute)


def median(figures):
    return statistics.median(cpu for cpu, _, _ in figures), max(peak for _, peak, _ in figures), figures[-1][2]


def medians(measure, runs):
    return median([measure() for _ in range(runs)])


def in_turns(runs, *measures):
    """The medians of each of the measures, which are taken in turns: what else the machine does is the same for all."""
    return [median(figures) for figures in zip(*([measure() for measure in measures] for _ in range(runs)))]


def show(what, figures, peer=None):
    cpu, peak, output = figures
    factor = f"  {peer[0] / cpu:6.1f} x" if peer else ""
    print(f"{what:44} {cpu:9.3f} s {peak:8.0f} MiB{factor}  {output.decode().strip()[:60]}", flush=True)


def fresh(options, name):
    """A copy of the lake of a day, before anything was merged."""
    copy = options.workdir / name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(options.workdir / "day", copy)
    return copy


def measure_grab(options):
    minutes = {grab: iter(range(1000)) for grab in (grab_ours, grab_peer)}

    def measure(grab, name):
        return lambda: grab(options, options.workdir / name, next(minutes[grab]))

    for grab, name in [(grab_ours, "grab-ours"), (grab_peer, "grab-peer")]:
        lake = options.workdir / name
        shutil.rmtree(lake, ignore_errors=True)
        # The first one has no grab before it.
        grab(options, lake, next(minutes[grab]))
    one, peer = in_turns(options.runs, measure(grab_ours, "grab-ours"), measure(grab_peer, "grab-peer"))
    show("grab, ours", one, peer)
    show("grab, Python", peer)


def compact_ours(options, lake, first, last):
    hours = [time_text(START + hour * 3600) for hour in (first, last)]
    return ours(options, "compact", lake, FEED, "--from", hours[0], "--to", hours[1])


def compact_peer(options, lake):
    return run([options.python, HERE / "peer.py", "compact", lake / "lake" / f"feed={FEED}"])


def measure_compact(options):
    hours = -(-options.minutes // 60)
    lakes = [options.workdir / name for name in ("merged-ours", "merged-peer")]
    one, peer = in_turns(
        options.few,
        # Vehicles of the first minute reported in the hour before.
        lambda: compact_ours(options, fresh(options, "merged-ours"), -1, hours - 1),
        lambda: compact_peer(options, fresh(options, "merged-peer")),
    )
    show("compaction of a day, ours", one, peer)
    show("compaction of a day, Python", peer)
    compared = [lake / "lake" / f"feed={FEED}" for lake in lakes]
    print(run([options.python, HERE / "peer.py", "compare", *compared])[2].decode().strip(), flush=True)


def whole_day_in_an_hour(options):
    """All files of the day as if they were of one hour: the largest merge that there could be."""
    lake = options.workdir / "one-hour"
    shutil.rmtree(lake, ignore_errors=True)
    day = options.workdir / "day" / "lake" / f"feed={FEED}"
    target = lake / "lake" / f"feed={FEED}" / "dt=2023-05-01" / "hr=00"
    target.mkdir(parents=True)
    for path in sorted(day.glob("dt=*/hr=*/incoming-*.parquet")):
        shutil.copy(path, target / path.name)
    return lake


def measure_large(options):
    figures = medians(lambda: compact_ours(options, whole_day_in_an_hour(options), 0, 0), options.few)
    show("compaction of a day in one hour, ours", figures)


def measure_query(options):
    """Needs the lakes that the measurements of compaction leave."""
    for name, lake in [("of 24 merged hours", "merged-ours"), ("of one merged hour of a day's rows", "one-hour")]:
        lake = options.workdir / lake
        path = "/buses/bulk/mbta_all/M5/2023/5/1/0"
        show(f"a route-hour {name}", medians(lambda: ours(options, "get", lake, path), options.runs))
        path += "?format=csv"
        show(f"a route-hour {name}, CSV", medians(lambda: ours(options, "get", lake, path), options.runs))
    show("start of the program", medians(lambda: ours(options, "get", options.workdir / "empty", "/feeds"), options.runs))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["setup", "run"])
    parser.add_argument("workdir", type=lambda path: pathlib.Path(path).resolve())
    target = os.environ.get("CARGO_TARGET_DIR", HERE.parent.parent / "target")
    parser.add_argument("--bin", type=lambda path: pathlib.Path(path).resolve(), default=pathlib.Path(target) / "lambda")
    parser.add_argument("--vehicles", type=int, default=2500)
    parser.add_argument("--minutes", type=int, default=1440)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--few", type=int, default=5)
    parser.add_argument("--only", choices=["grab", "compact", "large", "query"])
    options = parser.parse_args()
    options.workdir.mkdir(parents=True, exist_ok=True)
    options.python = options.workdir / "venv" / "bin" / "python"
    if options.command == "setup":
        setup(options)
        return
    measures = {"grab": measure_grab, "compact": measure_compact, "large": measure_large, "query": measure_query}
    for name, measure in measures.items():
        if options.only in (None, name):
            measure(options)


main()
