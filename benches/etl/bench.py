"""etl: the refresh of a file of 250,000 rows, the answers of the API, and the weight of the page.

    cargo build --profile lambda --package etl --bin etl-replay
    (cd sites/etl && npm ci && npm run build)
    python3 benches/etl/bench.py setup WORKDIR    # a virtual environment, and invented sources
    python3 benches/etl/bench.py run   WORKDIR

The refresh runs beside a script that joins the same sources with pandas, in turns; how many days and cases both found is compared
first. CPU seconds are those of the whole process, user and system, and so is the peak of its memory; medians of all runs. The API
then answers over loopback, from the figures of the refresh; a request is timed from connecting to its last byte.
"""

import argparse
import datetime
import gzip
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from process import make_environment, run  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BIN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "lambda/etl-replay"
FIRST, DAYS, PLACES = datetime.date(2020, 1, 22), 920, 272
PATHS = ["/data", "/daily", "/weekly", "/monthly", "/daily?from=2021-01-01&to=2021-12-31"]


def setup(options):
    """Writes sources with the columns, quotes and oddities of the real ones: decreases, and recoveries that end."""
    make_environment(options.workdir / "venv", HERE / "requirements.txt")
    options.sources.mkdir(exist_ok=True)
    chance = random.Random(1)
    places = [("US", "")] + [
        (f'"Korea, {number}"' if number % 5 == 0 else f"Country {number}", f"Province {number}" if number % 3 else "")
        for number in range(1, PLACES)
    ]
    days = [FIRST + datetime.timedelta(days=day) for day in range(DAYS)]
    with options.jhu.open("w") as jhu, options.nyt.open("w") as nyt:
        jhu.write("Date,Country/Region,Province/State,Lat,Long,Confirmed,Recovered,Deaths\n")
        nyt.write("date,cases,deaths\n2020-01-21,1,0\n")
        for country, province in places:
            confirmed = recovered = deaths = 0
            for number, day in enumerate(days):
                confirmed += chance.randrange(-50, 90_000)
                confirmed, deaths = max(confirmed, 0), deaths + chance.randrange(0, 900)
                recovered += chance.randrange(0, 40_000)
                told = recovered if number < 330 else 0
                jhu.write(f"{day},{country},{province},{10.5},{-20.25},{confirmed},{told},{deaths}\n")
                if country == "US":
                    nyt.write(f"{day},{confirmed},{deaths}\n")


def ours(options):
    cpu, memory, output = run([options.bin, options.sources])
    message = json.loads(output.decode().split("\n", 1)[1])
    return cpu, memory, {"rows": message["added"], "not_reported": message["not_reported"]}


def peer(options):
    cpu, memory, output = run([options.python, HERE / "peer.py", options.nyt, options.jhu])
    found = json.loads(output)
    return cpu, memory, {"rows": found["rows"], "not_reported": found["not_reported"]}


def refresh(options):
    runs = {"etl-replay": [], "pandas": []}
    for _ in range(options.runs):
        mine, theirs = ours(options), peer(options)
        assert mine[2] == theirs[2], (mine[2], theirs[2])
        runs["etl-replay"].append(mine[:2])
        runs["pandas"].append(theirs[:2])
    print(f"\n| refresh of {DAYS * PLACES:,} rows | CPU s | peak MiB |\n| --- | ---: | ---: |")
    for name, figures in runs.items():
        cpu, memory = (statistics.median(values) for values in zip(*figures))
        print(f"| {name} | {cpu:.3f} | {memory:.0f} |")


def api(options):
    """Times warm requests. The replay answers each on a connection of its own."""
    server = subprocess.Popen([options.bin, options.sources, "--serve", "0", "--page", options.page], stdout=subprocess.PIPE)
    try:
        url = next(line.split()[1] for line in map(bytes.decode, server.stdout) if line.startswith("serving"))
        ticks = lambda: sum(map(int, pathlib.Path(f"/proc/{server.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
        print("\n| request | bytes | p50 ms | p95 ms | CPU ms |\n| --- | ---: | ---: | ---: | ---: |")
        for path in PATHS:
            times, before = [], ticks()
            for _ in range(options.requests):
                begin = time.perf_counter()
                with urllib.request.urlopen(url.rstrip("/") + path) as answer:
                    size = len(answer.read())
                times.append((time.perf_counter() - begin) * 1e3)
            cpu = (ticks() - before) * 1e3 / os.sysconf("SC_CLK_TCK") / options.requests
            p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            print(f"| `{path}` | {size:,} | {p50:.1f} | {p95:.1f} | {cpu:.1f} |")
    finally:
        server.kill()
        server.wait()


def page(options):
    files = [path for path in options.page.rglob("*") if path.is_file() and path.name != "404.html"]
    packed = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)
    print(f"\npage: {len(files)} files, {packed / 1e3:.0f} KB compressed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["setup", "run"])
    parser.add_argument("workdir", type=pathlib.Path)
    parser.add_argument("--bin", type=pathlib.Path, default=BIN)
    parser.add_argument("--page", type=pathlib.Path, default=ROOT / "sites/etl/dist")
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--requests", type=int, default=400)
    options = parser.parse_args()
    options.python = options.workdir / "venv/bin/python"
    options.sources = options.workdir / "sources"
    last = FIRST + datetime.timedelta(days=DAYS - 1)
    options.jhu, options.nyt = (options.sources / f"{name}_us_{last}.csv" for name in ("jhu", "nyt"))
    if options.step == "setup":
        setup(options)
    else:
        refresh(options)
        api(options)
        page(options)


if __name__ == "__main__":
    main()
