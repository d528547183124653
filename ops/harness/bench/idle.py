"""Holds idle logged-in sessions until its standard input ends: PORT USER PASSWORD COUNT. Prints "held N"."""

import queue
import resource
import sys
import threading
import time

from harness.bench import clients

THREADS = 8
KEPT_ALIVE = 20
LONGEST = 280
"""Seconds in which all sessions must be there."""


def main() -> None:
    port, user, password, count = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    tls = clients.context()
    work: queue.SimpleQueue[int] = queue.SimpleQueue()
    probes: list[clients.Ftps] = []
    sockets: list[int] = []
    failures: list[str] = []
    for number in range(count):
        work.put(number)

    def open_sessions() -> None:
        while not failures:
            try:
                number = work.get_nowait()
            except queue.Empty:
                return
            try:
                session = clients.Ftps(port, user, password, tls, source=f"127.0.0.{2 + number % 100}")
            except Exception as problem:
                failures.append(f"session {number}: {problem!r}")
                return
            if number % max(1, count // KEPT_ALIVE) == 0:
                probes.append(session)
            else:
                # The client's TLS state is not needed any more; the connection stays.
                sockets.append(session.socket.detach())

    threads = [threading.Thread(target=open_sessions, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + LONGEST
    for thread in threads:
        thread.join(max(0.1, end - time.monotonic()))
    if failures:
        print("failed " + failures[0], flush=True)
        return
    print(f"held {len(probes) + len(sockets)}", flush=True)
    sys.stdin.readline()
    alive = 0
    for session in probes:
        try:
            session.command("NOOP", "200")
            alive += 1
        except Exception:
            continue
    print(f"alive {alive} of {len(probes)}", flush=True)


main()
