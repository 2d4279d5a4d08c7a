"""Compares the folding with ViennaRNA: free energies to 0.01 kcal/mol, structures, and whether mm10db accepts.

Folds 10,000 random guides with the scaffold and 1,000 random RNA of 100 bases, always the same ones, and any guides of
the files that are given. Both programs get the same sequences and use one thread. Times are of the processor, so that
they mean something on a busy machine, too; ours has the start of the program in it.

    pip install viennarna==2.7.2
    cargo build --release -p genome-pipeline --example fold
    python tools/compare_folding.py [--fold PROGRAM] [GUIDES...]
"""

import argparse
import random
import re
import resource
import subprocess
import sys
import time

import RNA

SCAFFOLD = "GUUUUAGAGCUAGAAAUAGCAAGUUAAAAUAAGGCUAGUCCGUUAUCAACUUGAAAAAGUGGCACCGAGUCGGUGCUUUU"
INTACT = re.compile(r".{28}\({4}\.{4}\){4}\.{3}\){4}.{21}\({4}\.{4}\){4}\({7}\.{3}\){7}\.{3}")


def accepted(energy, structure):
    return energy >= -30.0 if INTACT.fullmatch(structure) else energy > -18.0


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--fold", default="target/release/examples/fold", help="the program of the example `fold`")
    arguments.add_argument("--count", type=int, default=10_000, help="how many random guides")
    arguments.add_argument("guides", nargs="*", help="files with a guide of 20 bases on each line")
    options = arguments.parse_args()

    generator = random.Random(20)
    lines = ["".join(generator.choices("ACGT", k=20)) for _ in range(options.count)]
    lines += ["".join(generator.choices("ACGU", k=100)) for _ in range(1_000)]
    for path in options.guides:
        lines += open(path).read().split()

    outcome = subprocess.run(
        [options.fold], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True
    )
    ours = [line.split("\t") for line in outcome.stdout.splitlines()]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = (used.ru_utime + used.ru_stime) * 1000 / len(lines)
    print(f"own:       {own:.4f} ms for each fold", flush=True)

    sequences = ["G" + line[1:].replace("T", "U") + SCAFFOLD if len(line) == 20 else line for line in lines]
    start = time.process_time()
    theirs = [RNA.fold(sequence) for sequence in sequences]
    their = (time.process_time() - start) * 1000 / len(lines)
    print(f"ViennaRNA: {their:.4f} ms for each fold, {their / own:.1f} times as long")

    wrong = {"energies": 0, "structures": 0, "decisions": 0}
    for line, (structure, energy), (their_structure, their_energy) in zip(lines, ours, theirs, strict=True):
        their_energy = round(their_energy, 2)
        energy_differs = abs(float(energy) - their_energy) > 0.001
        structure_differs = structure != their_structure
        decision_differs = accepted(float(energy), structure) != accepted(their_energy, their_structure)
        wrong["energies"] += energy_differs
        wrong["structures"] += structure_differs
        wrong["decisions"] += decision_differs
        if energy_differs or structure_differs or decision_differs:
            print(f"{line}\n  {structure} {energy}\n  {their_structure} {their_energy}")
    print(f"{len(lines)} sequences; different:", ", ".join(f"{count} {name}" for name, count in wrong.items()))
    sys.exit(any(wrong.values()))


main()
