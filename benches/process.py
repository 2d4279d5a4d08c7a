"""What benchmarks share: whole processes, measured, and the virtual environments of peers."""

import os
import subprocess
import sys
import venv


def run(command, **options):
    """Runs a program. Gives CPU seconds (user and system), peak MiB, and what it wrote."""
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, **options)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command}: exit code {child.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def make_environment(folder, requirements):
    """Makes a virtual environment with what a file of requirements names, unless it is there."""
    if not folder.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "-q", "-r", requirements], check=True)
