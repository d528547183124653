"""The main program of verify-cluster: runs checks and counts them."""

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from harness.failure import Failure
from harness.fleet import namespaces, runner
from harness.fleet.checks import all_checks

JOBS = 16
"""The most checks that may run at the same time."""


class Options(argparse.Namespace):
    """The arguments of the command line."""

    short: bool
    list: bool
    jobs: int
    again: bool
    inside: str | None
    check: Sequence[str]


def ended(number: int, frame: FrameType | None) -> None:
    """The end of the run ends its nodes, too."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one would interrupt the cleaning up
    raise SystemExit(128 + number)


def options(known: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(
        prog="verify-cluster", description="Shows the promises of a cluster on real nodes behind a real HAProxy.")
    parser.add_argument("--short", action="store_true",
                        help="fewer rounds and clients; without names only those checks that fit CI")
    parser.add_argument("--list", action="store_true", help="names the checks")
    parser.add_argument("--jobs", type=int, default=1, metavar="N",
                        help="runs N checks at the same time (1), each in a network of its own, which needs root")
    parser.add_argument("--again", action="store_true",
                        help="runs checks that failed once more, one after the other")
    parser.add_argument("--inside", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("check", nargs="*", help="checks to run; all by default")
    chosen = parser.parse_args(namespace=Options())
    unknown = [name for name in chosen.check if name not in known]
    if unknown:
        parser.error("no such check: " + ", ".join(unknown))
    if not 1 <= chosen.jobs <= JOBS:
        parser.error(f"--jobs: 1 to {JOBS}")
    return chosen


def at_the_same_time(jobs: int) -> int:
    """The number of checks that can run at once here, at most {jobs}."""
    if jobs > 1:
        try:
            namespaces.isolated([])
        except Failure as no:
            print(f"verify-cluster: one check after the other, since a network of its own for each {no}", flush=True)
            return 1
    return jobs


def main() -> int:
    signal.signal(signal.SIGTERM, ended)
    known = all_checks()
    chosen = options(list(known))
    if chosen.list:
        print("\n".join(known))
        return 0
    if chosen.inside:
        return runner.inside(known[chosen.check[0]], chosen.short, chosen.inside)
    checks = [check for name, check in known.items()
              if (name in chosen.check if chosen.check else check.short or not chosen.short)]
    return runner.run(checks, chosen.short, at_the_same_time(chosen.jobs), chosen.again)


sys.exit(main())
