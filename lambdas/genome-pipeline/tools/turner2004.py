"""Writes the energy parameters of `src/folding/turner2004.txt`.

The numbers are the published Turner 2004 parameters (Mathews et al., PNAS 2004; Turner and Mathews, Nucleic Acids
Research 2010, the nearest-neighbour database), as the parameter file of the Python package `viennarna` has them.

    pip install viennarna==2.7.2
    python tools/turner2004.py > src/folding/turner2004.txt
"""

import re
import tempfile

import RNA

COUNTS = {
    "stack": 49,
    **{f"mismatch_{kind}": 175 for kind in ("hairpin", "internal", "internal_1n", "internal_23", "multi", "exterior")},
    "dangle5": 35,
    "dangle3": 35,
    "int11": 1225,
    "int21": 6125,
    "int22": 9216,
    "hairpin": 31,
    "bulge": 31,
    "internal": 31,
}
SPECIAL = ("Triloops", "Tetraloops", "Hexaloops")
NUMBERS_PER_LINE = 24


def blocks():
    with tempfile.NamedTemporaryFile(suffix=".par") as file:
        RNA.params_save(file.name)
        text = re.sub(r"/\*.*?\*/", " ", open(file.name).read(), flags=re.S)
    for block in re.split(r"^# ", text, flags=re.M)[1:]:
        name, _, content = block.partition("\n")
        yield name.strip(), content


def main():
    found = dict(blocks())
    print("; Turner 2004 energy parameters at 37 degrees Celsius in 0.01 kcal/mol (Mathews et al., PNAS 2004;")
    print("; Turner and Mathews, Nucleic Acids Research 2010), as the package viennarna 2.7.2 has them.")
    print("; Written by tools/turner2004.py. INF forbids.")
    for name, count in COUNTS.items():
        numbers = ["-50" if number == "DEF" else number for number in found[name].split()]
        assert len(numbers) == count, (name, len(numbers))
        print("#", name)
        for start in range(0, count, NUMBERS_PER_LINE):
            print(*numbers[start : start + NUMBERS_PER_LINE])
    for name in SPECIAL:
        print("#", name)
        for line in found[name].strip().splitlines():
            print(*line.split()[:2])


main()
