"""The benchmark's main program; ops/bin/bench runs it. See docs/explanation/benchmark.md."""

import argparse
import datetime
import os
import platform
import signal
import sys
import time
from collections.abc import Mapping
from types import FrameType

from harness import launcher
from harness.bench import cold
from harness.bench import fetch
from harness.bench import rows
from harness.bench import servers
from harness.failure import Failure
from harness.figures import load


class Options(argparse.Namespace):
    """The arguments of the command line."""

    rows: list[str]
    rounds: int
    servers: list[str]
    quick: bool
    scratch: str


def names_of_servers(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def options() -> Options:
    parser = argparse.ArgumentParser(prog="bench", description="Measures Flotilla beside other FTPS servers.")
    names = [row.name for row in rows.ROWS] + [row.name for row in cold.ROWS] + ["start", "idle"]
    parser.add_argument("rows", nargs="*", metavar="row",
                        help="rows to measure: " + ", ".join(names) + "; all by default")
    parser.add_argument("--rounds", type=int, default=0, metavar="N", help="rounds of each row (5, quick 3)")
    parser.add_argument("--servers", type=names_of_servers, default=list(servers.ALL), metavar="a,b",
                        help="which servers: " + ",".join(servers.ALL))
    parser.add_argument("--quick", action="store_true", help="smaller files, fewer rounds: about 8 minutes")
    parser.add_argument("--scratch", required=True, help=argparse.SUPPRESS)
    chosen = parser.parse_args(namespace=Options())
    chosen.rows = chosen.rows or names
    for name in chosen.rows:
        if name not in names:
            parser.error(f"no row {name}; there are {', '.join(names)}")
    for name in chosen.servers:
        if name not in servers.ALL:
            parser.error(f"no server {name}; there are {', '.join(servers.ALL)}")
    if chosen.rounds < 0 or chosen.rounds > 1000:
        parser.error("--rounds: 1 to 1000")
    return chosen


def make_data(directory: str, plan: rows.Plan, wanted: set[str]) -> None:
    os.mkdir(directory)
    os.chmod(directory, 0o755)
    block = os.urandom(1 << 20)
    if wanted & {"download", "upload", "parallel"}:
        with open(os.path.join(directory, "big.bin"), "wb") as file:
            for _ in range(plan.big >> 20):
                file.write(block)
    for name, count, size in (("small", plan.files, plan.small), ("many", plan.entries, 0)):
        if not wanted & ({"small-down"} if name == "small" else {"mlsd"}):
            continue
        os.mkdir(os.path.join(directory, name))
        for number in range(count):
            with open(os.path.join(directory, name, f"f{number:05d}"), "wb") as file:
                file.write(block[:size])
    for where, _, files in os.walk(directory):
        os.chmod(where, 0o755)
        for name in files:
            os.chmod(os.path.join(where, name), 0o644)


def verdict(good: bool) -> str:
    return "met" if good else "NOT met"


def scale(row: rows.Row) -> tuple[float, str]:
    """The factor for seconds, and the name of the unit that it makes."""
    return (1.0, "s") if row.unit == "GiB" else (1000.0, "ms")


def report(row: rows.Row, results: rows.Results) -> list[str]:
    """Prints the row; returns its lines for the summary."""
    factor, unit = scale(row)
    values = {name: rows.Cost(rows.median([one.cpu for one in got]), rows.median([one.wall for one in got]))
              for name, got in results.items() if got}
    spread = {name: (min(one.cpu for one in got), max(one.cpu for one in got))
              for name, got in results.items() if got}
    base = values.get("pure-ftpd")
    print(f"\n{row.title}: per {row.unit}, median of {row.plan.rounds} rounds, load {load()}")
    print(f"  {'server':<12}{'CPU ' + unit:>10}{'(least-most)':>18}{'wall ' + unit:>10}{'CPU ratio':>11}"
          f"{'wall ratio':>12}")
    for name, (cpu, wall) in values.items():
        least, most = spread[name]
        ratios = f"{cpu / base[0]:>11.2f}{wall / base[1]:>12.2f}" if base and base[0] else f"{'-':>11}{'-':>12}"
        between = f"{least * factor:.3f}-{most * factor:.3f}"
        print(f"  {name:<12}{cpu * factor:>10.3f}{between:>18}{wall * factor:>10.3f}{ratios}")
    lines = []
    for goal in row.goals:
        if "flotilla" not in values or goal.against not in values:
            continue
        ours, index = values["flotilla"], 1 if goal.by_wall else 0
        now = goal.ratio(ours, values[goal.against])
        sign = "≥" if goal.by_wall else "≤"
        must, aim = (f"{sign} {bound:g} ×: {verdict(goal.reached(now, bound))}" for bound in (goal.must, goal.aim))
        measured = " / ".join(f"{values[name][index] * factor:.3g}" if name in values else "-" for name in servers.ALL)
        lines.append(f"| {row.title}, {'wall' if goal.by_wall else 'CPU'} {unit} per {row.unit} | {measured} "
                     f"| {now:.2f} to {goal.against}{' (rate)' if goal.by_wall else ''} | {must} | {aim} |")
        print(f"  {'rate' if goal.by_wall else 'CPU'}: {now:.2f} × {goal.against}; must be {must}; aim {aim}")
    for note in row.notes:
        print("  note: " + note)
    sys.stdout.flush()
    return lines


def report_idle(row: rows.Idle, results: Mapping[str, rows.Held]) -> list[str]:
    """Prints the row; returns its lines for the summary."""
    print(f"\n{row.title}, KiB each, load {load()}")
    print(f"  {'server':<20}{'sessions':>9}{'PSS each':>10}{'RSS each':>10}{'heap each':>11}{'other each':>11}"
          f"{'RSS MiB':>9}{'opened in':>11}{'CPU s':>8}  probes")
    for label, got in results.items():
        print(f"  {label:<20}{got.sessions:>9}{got.pss:>10.1f}{got.rss:>10.1f}{got.heap:>11.1f}{got.outside:>11.1f}"
              f"{got.total:>9.0f}{got.took:>10.1f}s{got.cpu:>8.1f}  {got.alive}")
    lines = []
    for label, got in results.items():
        if label.startswith("flotilla"):
            must = f"≤ {row.must:.0f} KiB: {verdict(got.judged <= row.must)}"
            aim = f"≤ {row.aim:.0f} KiB: {verdict(got.judged <= row.aim)}"
            others = " / ".join(f"{results[name].pss:.3g}" if name in results else "-" for name in servers.ALL[1:])
            lines.append(f"| {got.sessions} idle sessions{label[8:]}, KiB each | {got.judged:.3g} / {others} | - "
                         f"| {must} | {aim} |")
            print(f"  {label}: {got.judged:.1f} KiB each; must be {must}; aim {aim}")
    for note in row.notes:
        print("  note: " + note)
    sys.stdout.flush()
    return lines


def machine() -> str:
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as file:
            model = next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{os.cpu_count()} × {model}, Linux {platform.release()}"


def ended(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def main() -> None:
    for which in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, ended)
    chosen = options()
    began = time.monotonic()
    plan = rows.Plan(chosen.quick, chosen.rounds)
    print(f"{datetime.date.today()}, {machine()}, load {load()}", flush=True)
    root = fetch.fetch(os.path.join(launcher.HOME, "ops/target/bench"), chosen.servers)
    groups = servers.Groups(os.path.join(chosen.scratch, "groups"))
    lines = []
    try:
        fleet = servers.Fleet(chosen.scratch, root, groups)
        fleet.make_certificate()
        make_data(os.path.join(chosen.scratch, "data"), plan, set(chosen.rows))
        running: list[servers.Server] = []
        names: list[str] = []
        for name in chosen.servers:
            try:
                started = fleet.start(name)
                names.append(name)
                running.append(started)
            except (Failure, RuntimeError, OSError) as problem:
                print(f"bench: without {name}: {problem}", flush=True)
        for kind in rows.ROWS:
            if kind.name in chosen.rows:
                row = kind(plan)
                lines += report(row, row.run(running))
        for server in running:
            fleet.stop(server)
        for fresh in cold.ROWS:
            if fresh.name in chosen.rows:
                first = fresh(plan.cold)
                lines += first.report(first.run(fleet, [name for name in names if name != "reference"]))
        if "start" in chosen.rows and "flotilla" in names:
            start = cold.Start(plan.rounds)
            lines += start.report(start.run(fleet))
        if "idle" in chosen.rows:
            idle = rows.Idle(plan, groups)
            lines += report_idle(idle, idle.run(fleet, names))
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        groups.stop_all()
    if lines:
        print("\n| Row | " + " / ".join(servers.ALL) + " | ratio | must be | aim |\n|---|---|---|---|---|")
        print("\n".join(lines))
    print(f"\n{time.monotonic() - began:.0f} s, load {load()}")


main()
