"""Starts ministack with what the files beside this one add to it."""

import sys
from pathlib import Path

# The folder of this file is not searched for modules: ministack imports names such as `s3` that a file in it could shadow.
folder = Path(__file__).resolve().parent
sys.path = [entry for entry in sys.path if Path(entry or ".").resolve() != folder]
sys.argv = sys.argv[:1]

from importlib.util import module_from_spec, spec_from_file_location  # noqa: E402

for name in ("transport", "resources", "change_sets", "refactor", "symlinks", "instances"):
    spec = spec_from_file_location(f"stackgen_{name}", folder / f"{name}.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.register()

from ministack.app import main  # noqa: E402

main()
