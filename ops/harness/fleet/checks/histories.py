"""Many clients use the same names while nodes die and stop. Acknowledged changes stay."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Sequence

from harness.failure import Failure, require
from harness.fleet.checks.observed import nothing_held
from harness.fleet.checks.registry import check
from harness.fleet.fleet import Fleet, lent
from harness.fleet.histories import Undecided, Wrong, check_log, check_register
from harness.fleet.recording import Record, Recorder
from harness.waiting import until

CLIENTS = 7
REGISTERS = 3
RESUMED = 2
STOPS = (2, 5, 8, 14, 18)
"""Seconds: less and more than the others wait before they go on without a node."""


class Round:
    """Names that nobody used before; each has a history short enough to be judged."""

    def __init__(self, number: int) -> None:
        self.registers = [Record(f"r{number}-{i}") for i in range(REGISTERS)]
        self.resumed = [Record(f"s{number}-{i}") for i in range(RESUMED)]
        self.log = Record(f"l{number}")


class Workload:
    """Clients that work on the names of the round that is on."""

    def __init__(self, fleet: Fleet, seed: int) -> None:
        self.fleet = fleet
        self.seed = seed
        self.rounds = [Round(0)]
        self.ended = threading.Event()
        self.failures: list[Exception] = []
        self.threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(CLIENTS)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def next_round(self) -> None:
        self.rounds.append(Round(len(self.rounds)))

    def end(self) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join(180)
        require(not any(thread.is_alive() for thread in self.threads), "a client still waits for an answer")
        if self.failures:
            raise self.failures[0]

    def _run(self, number: int) -> None:
        client = Recorder(self.fleet, f"c{number}", self.seed * 1000 + number)
        try:
            while not self.ended.is_set():
                self._step(client, number, self.rounds[-1])
        except Exception as failure:
            self.failures.append(failure)
            self.ended.set()
        finally:
            client.lose()

    def _step(self, client: Recorder, number: int, names: Round) -> None:
        register = client.random.choice(names.registers)
        step = client.random.random()
        if number < RESUMED and step < 0.5:
            client.write(names.resumed[number], resumed=True)
        elif step < 0.6:
            client.read(client.random.choice(names.registers + names.resumed))
        elif step < 0.7:
            client.read_log(names.log)
        elif step < 0.8:
            client.append(names.log)
        elif step < 0.82:
            if number == RESUMED:
                client.rotate(names.log)
            else:
                client.append(names.log)
        else:
            steps: list[Callable[[Record], None]] = [
                client.write, client.write, client.write_by_rename, client.take, client.delete]
            client.random.choice(steps)(register)


@check("histories")
def histories(short: bool) -> str:
    """
    Clients store, read, resume, rename, delete and append the same names through three nodes that are killed, stopped
    and restarted. The order of what they saw must be explicable. FLOTILLA_SEED repeats the kinds and times of the
    disturbances, HISTORY_MINUTES lengthens the run.
    """
    seed = int(os.environ.get("FLOTILLA_SEED", random.randrange(1 << 30)))
    minutes = float(os.environ.get("HISTORY_MINUTES", "2" if short else "30"))
    print(f"     histories: FLOTILLA_SEED={seed}", flush=True)
    source = random.Random(seed)
    with lent() as fleet:
        workload = Workload(fleet, seed)
        workload.start()
        done: list[str] = []
        end = time.monotonic() + 60 * minutes
        try:
            while time.monotonic() < end and not workload.ended.is_set():
                workload.ended.wait(source.uniform(2, 5))
                done.append(_disturb(fleet, source))
                workload.ended.wait(source.uniform(1, 3))
                workload.next_round()
        finally:
            workload.end()
        counted = _judge(fleet, workload.rounds)
        nothing_held(fleet, 20)
        return f"{counted} while {', '.join(done)}; each order is explicable"


def _disturb(fleet: Fleet, source: random.Random) -> str:
    """Something happens to one node, which is well again afterwards."""
    node = source.choice(fleet.nodes)
    kind = source.choice(("killed", "ended", "stopped", "stopped"))
    if kind == "killed":
        node.kill()
    elif kind == "ended":
        node.signal(signal.SIGTERM)
        node.exit_code(60)
    else:
        seconds = source.choice(STOPS)
        kind = f"stopped {seconds} s"
        node.signal(signal.SIGSTOP)
        time.sleep(seconds)
        node.signal(signal.SIGCONT)
        time.sleep(1)  # until then it may look well
        until(f"{node.name} is well again or has left", 120,
              lambda: not node.is_alive() or fleet.agrees(len(fleet.nodes)), 0.5)
        if node.is_alive():
            return f"{node.name} {kind}"
        require(node.process.returncode == 4, f"{node.name} ended with {node.process.returncode} after it was stopped")
        kind += " and left"
    time.sleep(source.uniform(0, 3))
    node.start()
    node.await_ready()
    fleet.await_members(len(fleet.nodes), 120)
    return f"{node.name} {kind}"


def _judge(fleet: Fleet, rounds: Sequence[Round]) -> str:
    reader = Recorder(fleet, "last", 0)
    operations = lines = undecided = 0
    for names in rounds:
        for record in names.registers + names.resumed:
            reader.read(record, surely=True)
            operations += len(record.operations)
            try:
                check_register(record.operations)
            except Undecided:
                undecided += 1
            except Wrong as wrong:
                raise Failure(f"{record.name}: {wrong}") from None
        log = names.log
        files = [f"{log.name}.{number}" for number in range(len(log.rotations))] + [log.name]
        try:
            check_log(log.appends, log.rotations, log.seen, [reader.lines(name) for name in files])
        except Wrong as wrong:
            raise Failure(f"{log.name}: {wrong}") from None
        operations += len(log.seen) + len(log.rotations)
        lines += len(log.appends)
    reader.lose()
    require(undecided * 20 <= len(rounds), f"{undecided} histories are too long to be judged")
    return f"{operations} operations on {len(rounds) * (REGISTERS + RESUMED + 1)} names and {lines} appended lines"
