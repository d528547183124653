"""Certificates and keys that are replaced while clients work."""

import os
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from harness.failure import require
from harness.fleet.checks.changes import looping, none_failed, restart
from harness.fleet.checks.registry import check
from harness.fleet.fleet import Fleet
from harness.fleet.node import HAZELCAST, IMPLICIT, REMOTING, Node
from harness.ftps import unverified
from harness.launcher import flotilla
from harness.waiting import until

SOON = 10  # seconds until a node has read a file that was replaced; it promises five


class Files:
    """The files of one node, replaced at once each, as an operator's tool does it."""

    def __init__(self, node: Node) -> None:
        self.directory = os.path.join(node.directory, "keys")
        os.makedirs(self.directory)
        node.settings.update({
            "flotilla.tls.certificate": self.path("server.pem"),
            "flotilla.cluster.key-file": self.path("cluster.key"),
            "flotilla.cluster.tls.ca": self.path("ca.pem"),
            "flotilla.cluster.tls.certificate": self.path("node.pem"),
            "flotilla.cluster.tls.private-key": self.path("node.key"),
        })

    def path(self, name: str) -> str:
        return os.path.join(self.directory, name)

    def put(self, name: str, *texts: str) -> None:
        new = self.path(name + ".new")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("".join(texts))
        os.replace(new, self.path(name))


class Authority:
    """An authority of the cluster and the certificates that it gave to the nodes."""

    def __init__(self, fleet: Fleet, name: str) -> None:
        self.directory = os.path.join(fleet.directory, name)
        flotilla("cert", "cluster-ca", self.directory)
        for node in fleet.nodes:
            flotilla("cert", "node", "--ca", self.directory, "--ip", node.address, node.name)
        self.text = _read(self.directory, "cluster-ca.pem")

    def certificate(self, node: Node) -> str:
        return _read(self.directory, node.name + ".pem")

    def give(self, node: Node, files: Files) -> None:
        files.put("node.key", _read(self.directory, node.name + ".key"))
        files.put("node.pem", self.certificate(node))

    def presented_by(self, node: Node, visitor: Node) -> str | None:
        """
        The certificate with which a node answers another one that has a certificate of this authority, at both of its
        ports; None when they refuse it or differ.
        """
        presented = {self._presented_at(port, node, visitor) for port in (REMOTING, HAZELCAST)}
        return presented.pop() if len(presented) == 1 else None

    def _presented_at(self, port: int, node: Node, visitor: Node) -> str | None:
        context = unverified()
        context.load_cert_chain(os.path.join(self.directory, visitor.name + ".pem"),
                                os.path.join(self.directory, visitor.name + ".key"))
        try:
            with (socket.create_connection((node.address, port), 5, (visitor.address, 0)) as raw,
                  context.wrap_socket(raw) as connection):
                presented = ssl.DER_cert_to_PEM_cert(connection.getpeercert(True) or b"")
                connection.settimeout(0.5)
                try:  # with TLS 1.3 the refusal comes after the handshake
                    return presented if connection.recv(1) else None
                except TimeoutError:
                    return presented
        except OSError:
            return None


def _read(*path: str) -> str:
    with open(os.path.join(*path)) as file:
        return file.read()


def _first(text: str) -> str:
    """The first certificate of a PEM text, as ssl writes it."""
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    return ssl.DER_cert_to_PEM_cert(ssl.PEM_cert_to_DER_cert(begin + text.split(begin, 1)[1].split(end, 1)[0] + end))


def _presents(node: Node, text: str) -> bool:
    """Whether a node answers clients with the first certificate of a PEM text."""
    return ssl.get_server_certificate((node.address, IMPLICIT)).strip() == _first(text).strip()


def _replace_server_certificate(fleet: Fleet, files: Mapping[Node, Files], text: str) -> None:
    """Sessions that began with the old certificate go on; new ones see the new one."""
    old = [fleet.login(host=node.address) for node in fleet.nodes]
    for each in files.values():
        each.put("server.pem", text)
    for node in fleet.nodes:
        until(f"{node.name} presents its new certificate", SOON, partial(_presents, node, text), 0.2)
    for number, client in enumerate(old):
        client.upload(f"across-{number}", b"x" * 10_000)
        require(client.download(f"across-{number}") == b"x" * 10_000, "another content")
        client.quit()


def _replace_authority(fleet: Fleet, files: Mapping[Node, Files], old: Authority, new: Authority) -> None:
    one, two, three = fleet.nodes
    for node in fleet.nodes:
        files[node].put("ca.pem", old.text, new.text)
    for node in fleet.nodes:
        until(f"{node.name} trusts both authorities", SOON, partial(new.presented_by, node, one), 0.2)
    for node in fleet.nodes:
        new.give(node, files[node])
        until(f"{node.name} has its new certificate", SOON, partial(_has_moved, node, one, old, new), 0.2)
        if node is one:
            restart(fleet, three)  # it has a certificate of the old authority, its peers of both
    for node in fleet.nodes:
        files[node].put("ca.pem", new.text)
    for node in fleet.nodes:
        until(f"{node.name} refuses the old authority", SOON, partial(_refuses, node, one, old), 0.2)
        require(new.presented_by(node, one) is not None, f"{node.name} refuses the new authority")
    restart(fleet, two)


def _has_moved(node: Node, visitor: Node, old: Authority, new: Authority) -> bool:
    """Whether a node answers a visitor of the old authority with its certificate of the new one."""
    return old.presented_by(node, visitor) == _first(new.certificate(node))


def _refuses(node: Node, visitor: Node, authority: Authority) -> bool:
    return authority.presented_by(node, visitor) is None


def _replace_key(fleet: Fleet, files: Mapping[Node, Files], lines: Sequence[str], new: str) -> None:
    """The new key is below the old one, then above it, then alone. All nodes start anew after each step."""
    *head, old = lines
    for keys in ((old, new), (new, old), (new,)):
        for node in fleet.nodes:
            files[node].put("cluster.key", *head, *keys)
            restart(fleet, node)


class Prepared(NamedTuple):
    """The files of each node, and their replacements: server certificates, authorities, lines of key files."""

    files: Mapping[Node, Files]
    server: tuple[str, str]
    authorities: tuple[Authority, Authority]
    keys: tuple[list[str], list[str]]


def _prepared(fleet: Fleet) -> Prepared:
    """Gives each node files of its own."""
    files = {node: Files(node) for node in fleet.nodes}
    following = fleet.certificate + ".next"
    fleet.new_certificate(following, "following.localhost")
    server = (_read(fleet.certificate), _read(following))
    with open(fleet.certificate, "a") as both:  # the certificate that clients trust
        both.write(server[1])
    authorities = (Authority(fleet, "old-authority"), Authority(fleet, "new-authority"))
    keys = (_new_key(fleet, "old.key"), _new_key(fleet, "new.key"))
    for node in fleet.nodes:
        files[node].put("server.pem", server[0])
        files[node].put("ca.pem", authorities[0].text)
        files[node].put("cluster.key", *keys[0])
        authorities[0].give(node, files[node])
    return Prepared(files, server, authorities, keys)


def _new_key(fleet: Fleet, name: str) -> list[str]:
    """The lines of its file."""
    flotilla("cert", "cluster-key", os.path.join(fleet.directory, name))
    return _read(fleet.directory, name).splitlines(True)


@check("rotation", short=False)
def rotation(short: bool) -> str:
    """The server's certificate, the cluster's authority and its key are replaced under clients that never stop."""
    fleet = Fleet(settings={"flotilla.tls.data-session-reuse": "require"})
    try:
        files, server, authorities, keys = _prepared(fleet)
        fleet.start()
        took: list[float] = []

        def during() -> None:
            steps: list[Callable[[], None]] = [
                partial(_replace_server_certificate, fleet, files, server[1]),
                partial(_replace_authority, fleet, files, *authorities),
                partial(_replace_key, fleet, files, keys[0], keys[1][-1])]
            for step in steps:
                begin = time.monotonic()
                step()
                took.append(time.monotonic() - begin)

        loopers = looping(fleet, 4 if short else 12, during)
        rounds = none_failed(fleet, loopers)
        return (f"{rounds} rounds of {len(loopers)} clients, none failed, while the server's certificate "
                f"({took[0]:.0f} s), the cluster's authority ({took[1]:.0f} s) and its key ({took[2]:.0f} s) were "
                "replaced; older sessions went on with the new certificate")
    finally:
        fleet.stop()
