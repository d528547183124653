"""The work of real clients on a fleet, and its results."""

import os
import random
import socket
import ssl
from collections.abc import Callable
from typing import TypeVar

from harness.failure import require
from harness.fleet.checks.observed import downloads
from harness.fleet.fleet import PASSWORD, Fleet
from harness.fleet.node import CONTROL, Node
from harness.ftps import Client
from harness.processes import finished, run
from harness.waiting import parallel, until

T = TypeVar("T")
U = TypeVar("U")

LARGE = 5 << 20
"""Bytes of a file that lftp fetches in four parts; each has a mebibyte or more."""

PART_RATE = 1_000_000
"""Bytes a second of each part, so that none is over before the others begin."""

MIRROR = 300.0
"""Seconds in which a program must have copied all files."""


def _files(fleet: Fleet, name: str, sizes: list[int]) -> tuple[str, str]:
    """Makes files of these sizes; returns their directory, and one for the files that come back."""
    source = os.path.join(fleet.directory, f"{name}-source")
    os.makedirs(source)
    for number, size in enumerate(sizes):
        with open(os.path.join(source, f"f{number}"), "wb") as file:
            file.write(random.randbytes(size))
    return source, os.path.join(fleet.directory, f"{name}-back")


def _same(program: str, source: str, back: str) -> None:
    same = finished("diff", "-r", source, back)
    require(same.returncode == 0, f"{program} brought back other files: {same.stdout[:500]}")


def by_lftp(fleet: Fleet, files: int, tls: str = "1.3", name: str = "lftp") -> int:
    """
    Mirrors files there and back, and fetches a large one with four connections; returns the least number of transfers.
    @param tls: the newest version that lftp may use; name: of the directories that it makes
    """
    name = f"{name}-{tls}"
    source, back = _files(fleet, name, [1000 + 131 * number for number in range(files - 1)] + [LARGE])
    large = back + "-large"
    priority = "NORMAL" if tls == "1.3" else "NORMAL:-VERS-TLS1.3"
    script = (f"set ssl:ca-file {fleet.certificate}; set ssl:check-hostname no; set ftp:ssl-force true; "
              f"set net:max-retries 2; set ssl:priority {priority}; mirror -R --parallel=4 {source} /{name}; "
              f"mirror --parallel=4 /{name} {back}; "
              f"set net:limit-rate {PART_RATE}; pget -n 4 /{name}/f{files - 1} -o {large}")
    run(*fleet.network.clients, "lftp", "-u", f"demo,{PASSWORD}", "-e", script + "; exit",
        f"ftp://{fleet.vip}:{CONTROL}", seconds=MIRROR)
    _same("lftp", source, back)
    _same("lftp pget", os.path.join(source, f"f{files - 1}"), large)
    until("a download of the mirror and four of the parts are logged", 10,
          lambda: downloads(fleet, f"/{name}/f{files - 1}") >= 5)
    return 2 * files + 1


def by_rclone(fleet: Fleet, files: int, connections: int = 4, tls: str = "1.3") -> int:
    """
    Copies files there and back; returns the number of transfers. @param tls: the newest version that rclone may use
    """
    name = f"rclone-{tls}"
    source, back = _files(fleet, name, [2000 + 77 * number for number in range(files)])
    secret = run("rclone", "obscure", PASSWORD).strip()
    remote = (f":ftp,host={fleet.vip},port={CONTROL},user=demo,pass={secret},explicit_tls=true,"
              f"no_check_certificate=true,concurrency={connections},disable_tls13={str(tls != '1.3').lower()}:")
    options = ["--transfers", str(connections), "--checkers", str(connections),
               *(["--check-first"] if connections == 1 else [])]
    for a, b in ((source, remote + name), (remote + name, back)):
        run(*fleet.network.clients, "rclone", "copy", "--config", "/dev/null", *options, a, b, seconds=MIRROR)
    _same("rclone", source, back)
    return 2 * files


def data_on(client: Client, node: Node, command: str) -> ssl.SSLSocket:
    """
    A data connection to a node of one's choice, as a balancer could have made it. It stalls, since nobody reads on.
    """
    port = client.makepasv()[1]
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    raw.connect((node.address, port))
    client.putcmd(command)
    connection = client.wrapped(raw, client.tls_session())
    reply = client.getresp()
    require(reply.startswith("150"), reply)
    return connection


def final(client: Client) -> str:
    """The next reply that is not preliminary, also a refusal."""
    while True:
        reply = client.getmultiline()
        if not reply.startswith("1"):
            return reply


def both(one: Callable[[], T], other: Callable[[], U]) -> tuple[T, U]:
    """The results of two works that run at the same time. @raises Exception: the first one of theirs"""
    got: list[T] = []
    gave: list[U] = []
    for result in parallel([lambda: got.append(one()), lambda: gave.append(other())]):
        if isinstance(result, Exception):
            raise result
    return got[0], gave[0]
