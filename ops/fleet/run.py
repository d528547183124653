"""Runs the checks of verify-cluster and counts them."""

import argparse
import signal
import sys
import time
import traceback

import checks


def ended(number, frame):
    """Whoever ends the run ends its nodes, too."""
    raise SystemExit(128 + number)


def main():
    signal.signal(signal.SIGTERM, ended)
    parser = argparse.ArgumentParser(prog="verify-cluster", description="Shows on real nodes behind a real HAProxy what a cluster promises.")
    parser.add_argument("--short", action="store_true", help="fewer rounds and clients; without names only those checks that fit CI")
    parser.add_argument("--list", action="store_true", help="names the checks")
    parser.add_argument("check", nargs="*", help="checks to run; all by default")
    options = parser.parse_args()
    known = checks.all_checks()
    if options.list:
        print("\n".join(name for name, check in known.items()))
        return 0
    unknown = [name for name in options.check if name not in known]
    if unknown:
        parser.error("no such check: " + ", ".join(unknown))
    passed = failed = 0
    for name, check in known.items():
        if options.check and name not in options.check or not options.check and options.short and not check.short:
            continue
        begin = time.monotonic()
        try:
            told = check(options.short)
            passed += 1
            print(f"ok   {name} ({time.monotonic() - begin:.0f} s): {told}", flush=True)
        except Exception as failure:
            failed += 1
            print(f"FAIL {name} ({time.monotonic() - begin:.0f} s): {failure}", flush=True)
            traceback.print_exc()
    print(f"verify-cluster: {passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
