"""Tests of the runner, with checks that do nothing."""

import contextlib
import io
import unittest

from harness.failure import Failure
from harness.fleet import runner
from harness.fleet.checks import Check, Network


class Runs(unittest.TestCase):
    """Each check tells how often it was run."""

    def setUp(self) -> None:
        self.times = 0

    def after_one_failure(self, short: bool) -> str:
        self.times += 1
        if self.times == 1:
            raise Failure("not yet")
        return "held"

    def never(self, short: bool) -> str:
        self.times += 1
        raise Failure("broken")

    def run_checks(self, checks: list[Check], again: bool) -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
            code = runner.run(checks, True, 1, again)
        return code, said.getvalue()

    def test_a_failure_is_one(self) -> None:
        code, said = self.run_checks([Check("late", self.after_one_failure, True, Network.MACHINE)], False)
        self.assertEqual((1, 1), (code, self.times))
        self.assertTrue(said.endswith("verify-cluster: 0 passed, 1 failed\n"), said)

    def test_a_check_that_passes_when_run_again_is_named(self) -> None:
        code, said = self.run_checks([Check("late", self.after_one_failure, True, Network.MACHINE)], True)
        self.assertEqual((0, 2), (code, self.times))
        self.assertIn("passed only when run again, to be repaired: late", said)
        self.assertTrue(said.endswith("verify-cluster: 1 passed, 0 failed\n"), said)

    def test_a_check_that_fails_twice_has_failed(self) -> None:
        code, said = self.run_checks([Check("broken", self.never, True, Network.MACHINE)], True)
        self.assertEqual((1, 2), (code, self.times))
        self.assertTrue(said.endswith("verify-cluster: 0 passed, 1 failed\n"), said)


if __name__ == "__main__":
    unittest.main()
