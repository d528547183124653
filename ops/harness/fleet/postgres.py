"""A PostgreSQL of one's own, from the programs that are installed."""

import contextlib
import glob
import os
import re
import shutil
import signal
import socket
import tempfile

from harness.failure import Failure
from harness.processes import run


def _version(path: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path)]


class Postgres:
    """A database server on loopback that can be stopped, frozen and brought back. It never runs as root."""

    def __init__(self) -> None:
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=_version)
        initdb = shutil.which("initdb") or (programs and os.path.join(programs[-1], "initdb"))
        if not initdb:
            raise Failure("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        self.programs = os.path.dirname(os.path.realpath(initdb))
        self.directory = tempfile.mkdtemp(prefix="flotilla-postgres.")
        self.data = os.path.join(self.directory, "data")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        if os.getuid() == 0:
            shutil.chown(self.directory, "nobody")
        self.jdbc = f"jdbc:postgresql://127.0.0.1:{self.port}/postgres?user=flotilla"

    def _run(self, program: str, *arguments: str) -> None:
        somebody = ["runuser", "-u", "nobody", "--"] if os.getuid() == 0 else []
        run(*somebody, os.path.join(self.programs, program), "-D", self.data, *arguments)

    def __enter__(self) -> "Postgres":
        self._run("initdb", "-U", "flotilla", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()
        return self

    def __exit__(self, *unused: object) -> None:
        with contextlib.suppress(OSError, Failure):
            self.signal(signal.SIGCONT)
        with contextlib.suppress(Failure):
            self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def users_like(self, user: str, prefix: str, count: int) -> None:
        """
        Adds users that differ from another one only in name and home: without the start of a command's JVM for each.
        """
        added = (f"DO $$ BEGIN CREATE TEMP TABLE one AS SELECT * FROM accounts WHERE name = '{user}'; "
                 f"FOR n IN 1..{count} LOOP UPDATE one SET name = '{prefix}' || n, home = '{prefix}' || n; "
                 "INSERT INTO accounts SELECT * FROM one; END LOOP; END $$")
        run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "flotilla", "-d", "postgres", "-q", "-c", added)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self._run("pg_ctl", "-w", "-l", os.path.join(self.directory, "log"), "-o", options, "start")

    def stop(self) -> None:
        """Ends it at once: every connection is cut, nobody listens."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to all of its processes: SIGSTOP freezes it, so it takes connections and never answers."""
        with open(os.path.join(self.data, "postmaster.pid")) as file:
            first = int(file.readline())
        with open(f"/proc/{first}/task/{first}/children") as file:
            children = [int(child) for child in file.read().split()]
        for process in [first, *children]:
            os.kill(process, number)
