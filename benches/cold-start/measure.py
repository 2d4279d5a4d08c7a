"""How long functions take from the start of their process to their first request for an event, and how large they are.

    cargo build --profile lambda --package data-review --features handler --bins
    python3 benches/cold-start/measure.py --environment STATS_TABLE=s,FAILURES_TABLE=f target/lambda/ctd-handler ...

Starts each program as Lambda does: an almost empty environment, and a runtime API, here on loopback, whose first request ends
the measurement. Prints a table: wall time to that request, CPU time and memory until then (medians of `--runs`), size of the
program, and of the deflated archive that Lambda gets. Variables that a program does not read do no harm.
"""

import argparse
import http.server
import io
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import threading
import time
import zipfile

NEXT = "/2018-06-01/runtime/invocation/next"


class Api(http.server.BaseHTTPRequestHandler):
    """Tells of the first request for an event, and never answers it."""

    polled = threading.Event()
    at = 0.0
    failure = b""

    def do_GET(self):
        if self.path == NEXT:
            Api.at = time.perf_counter()
            Api.polled.set()
            time.sleep(60)

    def do_POST(self):
        # The program could not start, and says why.
        Api.failure = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(202)
        self.end_headers()
        Api.polled.set()

    def log_message(self, *arguments):
        pass


def start(program, address, variables):
    """Wall and CPU milliseconds until the first request, and MiB of memory then."""
    environment = {
        "AWS_LAMBDA_RUNTIME_API": address, "AWS_LAMBDA_FUNCTION_NAME": "measured", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/measured",
        "AWS_LAMBDA_LOG_STREAM_NAME": "1", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "measured",
        "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token", "PATH": "/usr/bin:/bin", **variables,
    }
    Api.polled.clear()
    Api.failure = b""
    begin = time.perf_counter()
    child = subprocess.Popen([program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    polled = Api.polled.wait(30)
    # Of a program that has ended, nothing is told of its memory.
    fields = pathlib.Path(f"/proc/{child.pid}/status").read_text() if polled else ""
    child.send_signal(signal.SIGKILL)
    output = child.stdout.read()
    _, _, usage = os.wait4(child.pid, 0)
    child.returncode = -signal.SIGKILL
    if "VmHWM" not in fields or Api.failure:
        sys.exit(f"{program} did not start: {(Api.failure or output).decode()}")
    memory = int(next(line for line in fields.splitlines() if line.startswith("VmHWM")).split()[1])
    return (Api.at - begin) * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, memory / 1024


def zipped(program):
    """Bytes of an archive with the program, deflated."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.write(program, "bootstrap")
    return len(buffer.getvalue())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="+", type=pathlib.Path)
    parser.add_argument("--environment", default="", help="variables of the programs: NAME=VALUE,NAME=VALUE")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    variables = dict(pair.split("=", 1) for pair in options.environment.split(",") if pair)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"127.0.0.1:{server.server_address[1]}"
    print("| function | to the first poll, ms | CPU ms | memory MiB | program MB | zip MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for program in options.programs:
        runs = [start(program.resolve(), address, variables) for _ in range(options.runs)]
        wall, cpu, memory = (statistics.median(values) for values in zip(*runs))
        size, packed = program.stat().st_size / 1e6, zipped(program) / 1e6
        print(f"| `{program.name}` | {wall:.0f} | {cpu:.0f} | {memory:.0f} | {size:.1f} | {packed:.1f} |", flush=True)


if __name__ == "__main__":
    main()
