"""Starts ministack with the resource types of resources.py beside its own."""

import sys
from pathlib import Path

# The folder of this file is not searched for modules: ministack imports names such as `s3` that a file in it could shadow.
folder = Path(__file__).resolve().parent
sys.path = [entry for entry in sys.path if Path(entry or ".").resolve() != folder]
sys.argv = sys.argv[:1]

from importlib.util import module_from_spec, spec_from_file_location  # noqa: E402

spec = spec_from_file_location("stackgen_resources", folder / "resources.py")
resources = module_from_spec(spec)
spec.loader.exec_module(resources)
resources.register()

from ministack.app import main  # noqa: E402

main()
