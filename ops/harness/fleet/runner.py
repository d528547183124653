"""Runs checks, one after the other or several at the same time, and tells the result of each."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType

from harness import launcher
from harness.failure import Failure
from harness.fleet import namespaces
from harness.fleet.checks import Check, Network
from harness.fleet.fleet import end_lent
from harness.processes import end_group

LONGEST, LONGEST_SHORT = 7200, 1200
"""Seconds after which a check has failed, beyond those that HISTORY_MINUTES and SOAK_MINUTES ask for."""

ENDING = 60.0
"""Seconds in which a check that was told to end must have ended its fleet."""

LOOK = 0.1
"""Seconds between two looks at checks that run."""


@dataclass(frozen=True)
class Result:
    """The result of a check: its figures or its failure, and the output of it and its nodes meanwhile."""

    name: str
    good: bool
    seconds: float
    told: str
    output: str = ""

    def tell(self) -> None:
        """Prints all of it at once."""
        output = self.output if not self.output or self.output.endswith("\n") else self.output + "\n"
        print(f"{output}{'ok  ' if self.good else 'FAIL'} {self.name} ({self.seconds:.0f} s): {self.told}", flush=True)


def longest(short: bool) -> int:
    """Seconds that a check may take."""
    asked = sum(float(os.environ.get(name, "0")) for name in ("HISTORY_MINUTES", "SOAK_MINUTES"))
    return (LONGEST_SHORT if short else LONGEST) + int(60 * asked)


class Late(BaseException):
    """The time of a check is over. No check takes this for a failure of its own tries."""


@contextlib.contextmanager
def bounded(seconds: int) -> Iterator[None]:
    """@raises Late: in the main thread, which is the one that enters this, after so many seconds"""
    def late(number: int, frame: FrameType | None) -> None:
        raise Late(f"has not ended after {seconds} s")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def attempt(check: Check, short: bool, seconds: int | None = None) -> Result:
    """Runs a check in this process. @param seconds: that it may take, if not {longest}"""
    begin = time.monotonic()
    try:
        with bounded(seconds or longest(short)):
            told = check.show(short)
        return Result(check.name, True, time.monotonic() - begin, told)
    except (Exception, Late) as failure:
        traceback.print_exc()
        return Result(check.name, False, time.monotonic() - begin, str(failure))


class Child:
    """A check that runs in a process and namespaces of its own."""

    def __init__(self, check: Check, short: bool, directory: str) -> None:
        """@param directory: for the files that it writes; raises Failure where there can be no namespaces"""
        self.check = check
        self.seconds = longest(short)
        self.begin = time.monotonic()
        self.told = os.path.join(directory, check.name + ".told")
        self.output = os.path.join(directory, check.name + ".output")
        command = [sys.executable, "-B", "-m", "harness.fleet", "--inside", self.told,
                   *(["--short"] if short else []), check.name]
        environment = dict(os.environ, PYTHONPATH=launcher.MODULES, PYTHONSAFEPATH="1")
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                namespaces.isolated(command, check.network is not Network.MACHINE), stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, env=environment, start_new_session=True)

    def result(self) -> Result | None:
        """None while it runs."""
        took = time.monotonic() - self.begin
        if self.process.poll() is None:
            if took < self.seconds + ENDING:
                return None
            self.end()
            return Result(self.check.name, False, took, f"has not ended after {took:.0f} s", _read(self.output))
        code = self.process.returncode
        told = _read(self.told) or f"its process ended with {code}"
        return Result(self.check.name, code == 0, took, told, _read(self.output))

    def end(self) -> None:
        end_group(self.process, ENDING, whole=True)


def _read(path: str) -> str:
    with contextlib.suppress(FileNotFoundError), open(path, errors="replace") as file:
        return file.read()
    return ""


def inside(check: Check, short: bool, path: str) -> int:
    """The program of a {Child}; returns its exit code. The result is in the file at {path} afterwards."""
    namespaces.prepare()
    try:
        result = attempt(check, short)
        with open(path, "w") as file:
            file.write(result.told)
        return 0 if result.good else 1
    finally:
        end_lent()


def one_by_one(checks: Sequence[Check], short: bool) -> Generator[Result, None, None]:
    """Runs checks in this process, which keeps a fleet for the next check, except those that need their own network."""
    try:
        for check in checks:
            if check.network is Network.OWN:
                yield from at_once([check], short, 1)
            else:
                yield attempt(check, short)
    finally:
        end_lent()


def at_once(checks: Sequence[Check], short: bool, jobs: int) -> Generator[Result, None, None]:
    """
    Runs {jobs} checks at a time, but only one on the machine's network. Yields results in the order of their ends.
    """
    waiting = list(checks)
    running: list[Child] = []
    directory = tempfile.mkdtemp(prefix="flotilla-checks.")
    try:
        while waiting or running:
            busy = any(child.check.network is Network.MACHINE for child in running)
            able = [check for check in waiting if not busy or check.network is not Network.MACHINE]
            if able and len(running) < jobs:
                waiting.remove(able[0])
                try:
                    running.append(Child(able[0], short, directory))
                except Failure as failure:
                    yield Result(able[0].name, False, 0.0, str(failure))
                continue
            for child in list(running):
                result = child.result()
                if result:
                    running.remove(child)
                    yield result
            time.sleep(LOOK)
    finally:
        for child in running:
            child.end()
        shutil.rmtree(directory, ignore_errors=True)


def show(checks: Sequence[Check], short: bool, jobs: int) -> list[Check]:
    """Runs checks and prints their results. @return: those that failed"""
    failed = []
    results = at_once(checks, short, jobs) if jobs > 1 else one_by_one(checks, short)
    with contextlib.closing(results):
        for result in results:
            result.tell()
            failed += [check for check in checks if check.name == result.name and not result.good]
    return failed


def run(checks: Sequence[Check], short: bool, jobs: int, again: bool) -> int:
    """The exit code after all of these checks."""
    failed = show(checks, short, jobs)
    if again and failed:
        first, failed = failed, show(failed, short, 1)
        for check in first:
            if check not in failed:
                print(f"verify-cluster: passed only when run again, to be repaired: {check.name}")
    print(f"verify-cluster: {len(checks) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0
