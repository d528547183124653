"""Waiting: for conditions, for servers, for work on threads."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from harness.failure import Failure

T = TypeVar("T")

THREADS = 64
"""The number of works of {Running} that run at once unless its caller says otherwise."""

LONGEST = 1800.0
"""Seconds that works of {Running} may take unless its caller says otherwise."""


def until(what: str, seconds: float, condition: Callable[[], object], pause: float = 0.05) -> float:
    """Waits for a condition that no event tells of; returns the seconds. @raises Failure: after so many seconds"""
    begin = time.monotonic()
    while True:
        if condition():
            return time.monotonic() - begin
        if time.monotonic() - begin > seconds:
            raise Failure(f"not within {seconds} s: {what}")
        time.sleep(pause)


def greets(host: str, port: int, seconds: float = 5.0) -> bool:
    """Whether an FTP server greets a client there within this time."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), 1) as probe:
        probe.settimeout(seconds)
        return probe.recv(3) == b"220"
    return False


class Running(Generic[T]):
    """Functions that run on threads, a limited number at once."""

    def __init__(self, works: Sequence[Callable[[], T]], limit: int = THREADS) -> None:
        self._results: list[T | Exception] = [Failure("did not run")] * len(works)
        self._gate = threading.Semaphore(limit)
        self._threads = [threading.Thread(target=self._run, args=(i, w), daemon=True) for i, w in enumerate(works)]
        for thread in self._threads:
            thread.start()

    def __len__(self) -> int:
        return len(self._threads)

    def _run(self, index: int, work: Callable[[], T]) -> None:
        with self._gate:
            try:
                self._results[index] = work()
            except Exception as failure:  # told to the caller
                self._results[index] = failure

    def ended(self, seconds: float = LONGEST) -> list[T | Exception]:
        """
        Their results, or the exceptions that they raise, in order; a Failure for each that has not ended after
        {seconds}.
        """
        end = time.monotonic() + seconds
        results: list[T | Exception] = []
        for index, thread in enumerate(self._threads):
            thread.join(max(0.0, end - time.monotonic()))
            late = Failure(f"has not ended after {seconds:.0f} s")
            results.append(late if thread.is_alive() else self._results[index])
        return results


def parallel(works: Sequence[Callable[[], T]], limit: int = THREADS, seconds: float = LONGEST) -> list[T | Exception]:
    """The results of works of {Running}, or their exceptions, after all of them have ended."""
    return Running(works, limit).ended(seconds)


def together(works: Sequence[Callable[[], T]], limit: int = THREADS, seconds: float = LONGEST) -> list[T]:
    """As {parallel}. @raises Exception: the first one of the works, in their order, after all of them have ended"""
    return all_of(parallel(works, limit, seconds))


def all_of(results: Sequence[T | Exception]) -> list[T]:
    """The results of {parallel}. @raises Exception: the first one among it"""
    good: list[T] = []
    for result in results:
        if isinstance(result, Exception):
            raise result
        good.append(result)
    return good


def failed(results: Sequence[T | Exception]) -> list[Exception]:
    """The exceptions among the results of {parallel}."""
    return [result for result in results if isinstance(result, Exception)]
