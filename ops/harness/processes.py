"""Programs that run to their end, and processes that must end."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping
from typing import IO, AnyStr

from harness.failure import Failure

KILLED = 5.0
"""Seconds in which the kernel ends a process that was killed."""

LONGEST = 600.0
"""Seconds that a program may take unless its caller says otherwise."""


def run(*command: str, input: str | None = None, environment: Mapping[str, str] | None = None,
        seconds: float = LONGEST, directory: str | None = None) -> str:
    """The output of a command. @raises Failure: with its error output, when it does not end well or not in time"""
    done = finished(*command, input=input, environment=environment, seconds=seconds, directory=directory)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}: {done.returncode}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def finished(*command: str, input: str | None = None, environment: Mapping[str, str] | None = None,
             seconds: float = LONGEST, directory: str | None = None) -> subprocess.CompletedProcess[str]:
    """A command that has ended, well or not. @raises Failure: when it did not in time"""
    try:
        return subprocess.run(command, input=input, env=environment, capture_output=True, text=True, timeout=seconds,
                              cwd=directory)
    except subprocess.TimeoutExpired:
        raise Failure(f"{' '.join(command)}: has not ended after {seconds:.0f} s") from None


def end_group(process: subprocess.Popen[bytes] | subprocess.Popen[str], grace: float, whole: bool = False) -> None:
    """
    Ends a process that leads a group of its own: asks it, and kills all of the group when it has ended, or when it does
    not end in time.
    @param grace: seconds; whole: whether all of the group is asked
    """
    with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
        if whole:
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.send_signal(signal.SIGTERM)
        process.wait(grace)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(KILLED)


def stream(given: IO[AnyStr] | None) -> IO[AnyStr]:
    """A stream of a process that was started with one."""
    if given is None:
        raise Failure("the process was started without this stream")
    return given
