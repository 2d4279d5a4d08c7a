"""Runs a program on a terminal, types and presses Ctrl-C as a script says, and prints what the terminal showed as JSON.

The script is a JSON list of steps: `{"see": TEXT, "then": KEYS}` waits until the text was shown and types the keys.
"""

import json
import os
import pty
import select
import struct
import sys
import termios
import time
from fcntl import ioctl

script, command = json.loads(sys.argv[1]), sys.argv[2:]
process, terminal = pty.fork()
if process == 0:
    os.execvp(command[0], command)
ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
shown, seen, deadline = b"", 0, time.monotonic() + 150
while time.monotonic() < deadline:
    if script:
        at = shown.find(script[0]["see"].encode(), seen)
        if at >= 0:
            seen = at + 1
            os.write(terminal, script.pop(0)["then"].encode())
    ready, _, _ = select.select([terminal], [], [], 0.1)
    if ready:
        try:
            more = os.read(terminal, 65536)
        except OSError:
            break
        if not more:
            break
        shown += more
else:
    os.kill(process, 9)
_, status = os.waitpid(process, 0)
print(json.dumps({"code": os.waitstatus_to_exitcode(status), "shown": shown.decode(errors="replace"), "left": len(script)}))
