"""The state of a JVM, as the JDK's own tools show it."""

import os
import re
import shutil
import time
from typing import NamedTuple

from harness.failure import Failure
from harness.processes import finished

PATIENCE = 60.0
"""Seconds in which a JVM must have answered."""


class Heap(NamedTuple):
    """Used bytes, and the addresses between which the heap lies."""

    used: int
    low: int
    high: int


def jcmd(pid: int, *command: str) -> str:
    """Asks a JVM with the jcmd of its own JDK, or the one on the path where that has none."""
    beside = os.path.join(os.path.dirname(os.readlink(f"/proc/{pid}/exe")), "jcmd")
    program = beside if os.access(beside, os.X_OK) else shutil.which("jcmd")
    if not program:
        raise Failure("there is no jcmd")
    done = finished(program, str(pid), *command, seconds=PATIENCE)
    return done.stdout + done.stderr


def collected(pid: int) -> Heap:
    """The heap after a whole collection; a second one takes objects that finalizers of the first released."""
    for _ in range(2):
        jcmd(pid, "GC.run")
        time.sleep(0.5)
    said = jcmd(pid, "GC.heap_info")
    used = sum(int(one) for one in re.findall(r"total \d+K, used (\d+)K", said)) * 1024
    ranges = " ".join(re.findall(r"used \d+K (\[.*)", said))
    bounds = [int(one, 16) for one in re.findall(r"0x([0-9a-f]+)", ranges)]
    if not used or not bounds:
        raise Failure("jcmd GC.heap_info: " + said)
    return Heap(used, min(bounds), max(bounds))
