"""CPU time and memory of process trees, from /proc."""

import os
import time
from typing import NamedTuple

TICK = os.sysconf("SC_CLK_TCK")


class Resident(NamedTuple):
    """Bytes. Memory that processes share counts once in pss, and once for each of them in rss."""

    pss: int
    rss: int


def _stat(pid: int | str) -> list[bytes]:
    with open(f"/proc/{pid}/stat", "rb") as file:
        return file.read().rpartition(b")")[2].split()


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                children.setdefault(int(_stat(name)[1]), []).append(int(name))
            except (OSError, IndexError):
                continue
    found, queue = [], [pid]
    while queue:
        one = queue.pop()
        found.append(one)
        queue.extend(children.get(one, ()))
    return found


def cpu(pid: int) -> float:
    """Seconds of user and system time of the tree, with children that have ended and were waited for."""
    total = 0
    for one in tree(pid):
        try:
            total += sum(int(field) for field in _stat(one)[11:15])
        except OSError:
            continue
    return total / TICK


def compilers(pid: int) -> float:
    """Seconds of CPU time of a JVM's compiler threads."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/stat", "rb") as file:
                head, _, tail = file.read().rpartition(b")")
            if b"CompilerThre" in head:
                total += sum(int(field) for field in tail.split()[11:13])
        except OSError:
            continue
    return total / TICK


def settle(pid: int, processes: int, seconds: float = 3.0) -> None:
    """Waits until the tree has no more processes than at rest, so the CPU time of all children counts."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and len(tree(pid)) > processes:
        time.sleep(0.02)
    time.sleep(0.03)


def resident(pid: int) -> Resident:
    """Memory of the tree."""
    pss = rss = 0
    for one in tree(pid):
        try:
            with open(f"/proc/{one}/smaps_rollup") as file:
                for line in file:
                    if line.startswith("Pss:"):
                        pss += int(line.split()[1]) * 1024
                    elif line.startswith("Rss:"):
                        rss += int(line.split()[1]) * 1024
        except OSError:
            continue
    return Resident(pss, rss)


def resident_between(pid: int, low: int, high: int) -> int:
    """RSS in bytes of the mappings within these addresses."""
    total, inside = 0, False
    with open(f"/proc/{pid}/smaps") as file:
        for line in file:
            first = line.split(None, 1)[0]
            if not first.endswith(":"):
                start, end = (int(one, 16) for one in first.split("-"))
                inside = start < high and end > low
            elif inside and first == "Rss:":
                total += int(line.split()[1]) * 1024
    return total


class Meter:
    """CPU and wall time of a tree between enter and exit."""

    def __init__(self, pid: int, processes: int) -> None:
        self.pid, self.processes = pid, processes
        self.cpu = self.wall = 0.0

    def __enter__(self) -> "Meter":
        self.cpu0, self.wall0 = cpu(self.pid), time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall = time.monotonic() - self.wall0
        settle(self.pid, self.processes)
        self.cpu = cpu(self.pid) - self.cpu0
