"""Runs the checks of verify-cluster and counts them."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
import traceback

from harness.fleet import checks, namespaces
from harness.fleet.fleet import Failure, end_lent


def ended(number, frame):
    """Whoever ends the run ends its nodes, too."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one would interrupt the cleaning up
    raise SystemExit(128 + number)


def isolated(name, short):
    """Runs a check in a process of its own that may make networks; what it measured."""
    command = [sys.executable, "-B", "-m", "harness.fleet", "--inside", *(["--short"] if short else []), name]
    child = subprocess.Popen(namespaces.isolated(command), stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        told = child.communicate()[0].strip()
    except BaseException:
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(child.pid, signal.SIGTERM)
            child.wait(15)
        child.kill()
        raise
    if child.returncode != 0:
        raise Failure(told or f"its process ended with {child.returncode}")
    return told


def inside(check, short):
    """What {isolated} started."""
    try:
        print(check(short))
        return 0
    except Exception as failure:
        print(failure)
        traceback.print_exc()
        return 1


def main():
    signal.signal(signal.SIGTERM, ended)
    parser = argparse.ArgumentParser(prog="verify-cluster", description="Shows on real nodes behind a real HAProxy what a cluster promises.")
    parser.add_argument("--short", action="store_true", help="fewer rounds and clients; without names only those checks that fit CI")
    parser.add_argument("--list", action="store_true", help="names the checks")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("check", nargs="*", help="checks to run; all by default")
    options = parser.parse_args()
    known = checks.all_checks()
    if options.list:
        print("\n".join(name for name, check in known.items()))
        return 0
    unknown = [name for name in options.check if name not in known]
    if unknown:
        parser.error("no such check: " + ", ".join(unknown))
    if options.inside:
        return inside(known[options.check[0]], options.short)
    try:
        return run_all(known, options)
    finally:
        end_lent()


def run_all(known, options):
    """The exit code after all checks that were asked for."""
    passed = failed = 0
    for name, check in known.items():
        if options.check and name not in options.check or not options.check and options.short and not check.short:
            continue
        begin = time.monotonic()
        try:
            told = isolated(name, options.short) if check.isolated else check(options.short)
            passed += 1
            print(f"ok   {name} ({time.monotonic() - begin:.0f} s): {told}", flush=True)
        except Exception as failure:
            failed += 1
            print(f"FAIL {name} ({time.monotonic() - begin:.0f} s): {failure}", flush=True)
            traceback.print_exc()
    print(f"verify-cluster: {passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
