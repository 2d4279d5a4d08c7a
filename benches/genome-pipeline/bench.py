"""Measures `crispr` beside the C++ programs of Crackling 2 (bmds-lab/Crackling), which are found in the folder that the
variable CRACKLING_BIN names; without them `crispr` runs alone.

Makes a random genome of each size, always the same one, and takes 20,000 of its guides. Each step runs five times; the
median of the CPU time (user and system, loading of the index included) and the largest memory are shown. Both programs
get the same sites, without those that start with T, and print the same scores, which is checked. A genome of 100 Mbp needs
2 GB of disk, with the C++ programs 4 GB.

    cargo build --release -p genome-pipeline --bin crispr
    python3 benches/genome-pipeline/bench.py
    CRACKLING_BIN=folder python3 benches/genome-pipeline/bench.py --sizes 20

The C++ programs are built from `src/ISSL` of Crackling's repository as the heads of its two files say:

    g++ -o isslCreateIndex isslCreateIndex.cpp -O3 -std=c++11 -fopenmp -mpopcnt
    g++ -o isslScoreOfftargets isslScoreOfftargets.cpp -O3 -std=c++11 -fopenmp -mpopcnt -Iinclude -Iparallel_hashmap
"""

import argparse
import os
import pathlib
import random
import re
import statistics
import sys
import time

GUIDES = 20_000
LETTERS = bytes.maketrans(bytes(range(256)), b"ACGT" * 64)


def make_genome(path, size):
    bases = random.Random(size).randbytes(size * 1_000_000).translate(LETTERS)
    with open(path, "wb") as file:
        file.write(b">random\n")
        for start in range(0, len(bases), 80):
            file.write(bases[start : start + 80] + b"\n")
    return bases.decode()


def make_guides(path, bases):
    found = re.finditer(r"(?=([ACG][ACGT]{20}GG))", bases)
    guides = [match[1][:20] for _, match in zip(range(20 * GUIDES), found)]
    path.write_text("".join(guide + "\n" for guide in random.Random(1).sample(guides, GUIDES)))


def measure(arguments, output, runs):
    """Median CPU seconds, median seconds, and most memory in MiB. The C++ programs tell of their progress on both streams."""
    cpu, wall, memory = [], [], []
    for _ in range(runs):
        start = time.perf_counter()
        process = os.fork()
        if process == 0:
            os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            os.execv(arguments[0], [str(argument) for argument in arguments])
        _, status, usage = os.wait4(process, 0)
        if status != 0:
            sys.exit(f"failed: {' '.join(map(str, arguments))}")
        cpu.append(usage.ru_utime + usage.ru_stime)
        wall.append(time.perf_counter() - start)
        memory.append(usage.ru_maxrss / 1024)
    return statistics.median(cpu), statistics.median(wall), max(memory)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crispr", default="target/release/crispr")
    parser.add_argument("--folder", default="target/genome-benchmark", type=pathlib.Path)
    parser.add_argument("--sizes", nargs="+", type=int, default=[2, 20, 100], help="sizes of genomes in Mbp")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    peer = os.environ.get("CRACKLING_BIN")
    if peer is None:
        print("CRACKLING_BIN is not set: crispr runs alone")
    else:
        peer = pathlib.Path(peer).resolve()
    options.folder.mkdir(parents=True, exist_ok=True)

    print(f"{'Mbp':>4} {'step':28} {'threads':>7} {'CPU s':>8} {'s':>8} {'MiB':>7}")
    for size in options.sizes:
        file = lambda suffix: options.folder / f"{size}.{suffix}"
        if not file("fa").exists() or not file("guides").exists():
            make_guides(file("guides"), make_genome(file("fa"), size))
        outputs = []

        def step(name, threads, arguments, output):
            cpu, wall, memory = measure(arguments, output, options.runs)
            print(f"{size:4} {name:28} {threads:7} {cpu:8.2f} {wall:8.2f} {memory:7.0f}", flush=True)

        build = [options.crispr, "index", "build", file("fa"), "--compat"]
        for threads in options.threads:
            end = ["--threads", threads]
            step("crispr index build, v2", threads, [*build, "--format", "v2", "-o", file("issl"), *end], os.devnull)
            step("crispr index build, crx", threads, [*build, "-o", file("crx"), *end], os.devnull)
        for threads in options.threads:
            for index in ("issl", "crx"):
                outputs.append(file(f"{index}.{threads}.scores"))
                arguments = [file("guides"), 4, 75, "and", "--compat", "--threads", threads]
                step(f"crispr score, {index}", threads, [options.crispr, "score", file(index), *arguments], outputs[-1])
        if peer is not None:
            outputs.append(file("peer.scores"))
            measure([options.crispr, "extract", file("fa"), "--compat", "-o", file("sites")], os.devnull, 1)
            arguments = [file("sites"), 20, 8, file("peer.issl")]
            step("isslCreateIndex", 1, [peer / "isslCreateIndex", *arguments], os.devnull)
            os.environ["OMP_NUM_THREADS"] = "1"
            arguments = [file("peer.issl"), file("guides"), 4, 75, "and"]
            step("isslScoreOfftargets", 1, [peer / "isslScoreOfftargets", *arguments], outputs[-1])
        different = [output.name for output in outputs if output.read_bytes() != outputs[0].read_bytes()]
        print(f"{size:4} scores are equal" if not different else f"{size:4} DIFFERENT: {', '.join(different)}")


main()
