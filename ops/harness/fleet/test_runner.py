"""Checks are bounded, counted and told whole."""

import contextlib
import io
import time
import unittest

from harness.failure import Failure
from harness.fleet.checks.registry import Check, Network
from harness.fleet.runner import Result, attempt, longest


def a_check(show: object) -> Check:
    def run(short: bool) -> str:
        if isinstance(show, Exception):
            raise show
        if isinstance(show, float):
            with contextlib.suppress(Exception):
                time.sleep(show)
        return f"measured, short {short}"

    return Check("one", run, True, Network.ANY)


class Attempts(unittest.TestCase):
    def attempt(self, check: Check, seconds: int | None = None) -> Result:
        with contextlib.redirect_stderr(io.StringIO()):
            return attempt(check, True, seconds)

    def test_what_a_check_measured_is_told(self) -> None:
        result = self.attempt(a_check(0.0))
        self.assertEqual((True, "measured, short True"), (result.good, result.told))

    def test_a_check_that_raises_has_failed(self) -> None:
        result = self.attempt(a_check(Failure("no such thing")))
        self.assertEqual((False, "no such thing"), (result.good, result.told))

    def test_a_check_that_hangs_has_failed_after_its_time(self) -> None:
        result = self.attempt(a_check(60.0), 1)
        self.assertEqual((False, "has not ended after 1 s"), (result.good, result.told))
        self.assertLess(result.seconds, 10)

    def test_the_time_of_one_check_does_not_end_the_next(self) -> None:
        self.attempt(a_check(0.0), 1)
        self.assertTrue(self.attempt(a_check(1.2), 20).good)

    def test_a_short_check_has_less_time(self) -> None:
        self.assertLess(longest(True), longest(False))


class Told(unittest.TestCase):
    def test_what_was_printed_meanwhile_comes_with_the_result(self) -> None:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            Result("one", False, 3.4, "it failed", "--- node-1\n").tell()
        self.assertEqual("--- node-1\nFAIL one (3 s): it failed\n", printed.getvalue())


if __name__ == "__main__":
    unittest.main()
