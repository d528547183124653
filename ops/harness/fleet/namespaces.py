"""A network for a fleet whose links can be cut, made of the kernel's namespaces."""

import os
import pwd
import shutil

from harness.failure import Failure
from harness.fleet.fleet import Fleet
from harness.fleet.networks import Loopback, Member
from harness.launcher import Settings
from harness.processes import finished, run

NAMES = "/run/netns"
PERFORMANCE = "/tmp/hsperfdata_"
"""
Begin of the directory in which the JVMs of a user have a file each, named by the number that a process has in its
namespace.
"""


def isolated(command: list[str], network: bool = True) -> list[str]:
    """
    The command that runs another one in namespaces of its own, as {Namespaces} needs it; without a network of its own
    when {network} is false. Everything that it makes there and all processes that it starts are gone when it ends, and
    when this process ends, for any reason. The other command calls {prepare} first. @raises Failure: where this cannot
    be done
    """
    missing = [program for program in ("ip", "unshare", "setpriv") if not shutil.which(program)]
    if os.geteuid() != 0 or missing:
        raise Failure("needs root and the programs ip, unshare and setpriv"
                      + (f"; there is no {', '.join(missing)}" if missing else ""))
    apart = ["unshare", *(["--net"] if network else []), "--mount", "--pid", "--mount-proc", "--kill-child"]
    tried = finished(*apart, "true")
    if tried.returncode != 0:
        raise Failure(f"needs namespaces of its own, which are not allowed here: {tried.stderr.strip()}")
    return ["setpriv", "--pdeathsig", "KILL", *apart, *command]


def prepare() -> None:
    """
    Called once by the command that {isolated} started. Brings up the loopback, and puts empty directories over those
    that processes of two namespaces would share by names and numbers that are the same in both.
    """
    _ip("link", "set", "lo", "up")
    os.makedirs(NAMES, exist_ok=True)
    run("mount", "-t", "tmpfs", "netns", NAMES)
    performance = PERFORMANCE + pwd.getpwuid(os.geteuid()).pw_name
    os.makedirs(performance, 0o755, exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", "mode=0755,size=16m", "performance", performance)


class Namespaces(Loopback):
    """
    Every node in a network namespace of its own. A bridge joins them to this process, and with it to clients, balancer
    and database. Only for processes that {isolated} started, one of these at a time.
    """

    def __init__(self, directory: str) -> None:
        super().__init__(directory)
        self.prefix = "10.77.0"
        self.block = f"{self.prefix}.0/24"
        self.host = self.address(100)
        self.database = ["-tcpAllowOthers"]
        self.names: list[str] = []
        _ip("link", "add", "fleet", "type", "bridge")
        _ip("address", "add", f"{self.host}/24", "dev", "fleet")
        _ip("link", "set", "fleet", "up")

    def add(self, node: Member) -> Settings:
        self.names.append(node.name)
        _ip("netns", "add", node.name)
        _ip("link", "add", node.name, "type", "veth", "peer", "name", "eth0", "netns", node.name)
        _ip("link", "set", node.name, "master", "fleet", "up")
        _ip("-n", node.name, "address", "add", f"{node.address}/24", "dev", "eth0")
        _ip("-n", node.name, "link", "set", "lo", "up")
        _ip("-n", node.name, "link", "set", "eth0", "up")
        return {**super().add(node), "flotilla.admin.accept-clear-text": "true"}

    def within(self, node: Member, command: list[str]) -> list[str]:
        return ["ip", "netns", "exec", node.name, *command]

    def put_clients_behind_this(self) -> None:
        """
        From now on programs of clients run in a namespace of their own, and this process is the router between them
        and the nodes. The nodes' way back to them leads through here, as rules that rewrite destinations need it.
        """
        name = "clients"
        self.clients = ["ip", "netns", "exec", name]
        _ip("netns", "add", name)
        _ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("address", "add", "10.78.0.1/24", "dev", name)
        _ip("link", "set", name, "up")
        _ip("-n", name, "address", "add", "10.78.0.2/24", "dev", "eth0")
        _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", name, "link", "set", "eth0", "up")
        _ip("-n", name, "route", "add", "default", "via", "10.78.0.1")
        for node in self.names:
            _ip("-n", node, "route", "add", "default", "via", self.host)
        self.names.append(name)
        with open("/proc/sys/net/ipv4/ip_forward", "w") as forward:
            forward.write("1")

    def cut(self, node: Member) -> None:
        """Takes a node's link away: packets vanish, nothing is reset."""
        _ip("link", "set", node.name, "down")

    def heal(self, node: Member) -> None:
        _ip("link", "set", node.name, "up")

    def close(self) -> None:
        for name in self.names:
            _ip("link", "delete", name)
            _ip("netns", "delete", name)
        _ip("link", "delete", "fleet")


def links(fleet: Fleet) -> Namespaces:
    """The network of a fleet that was made with {Namespaces}."""
    network = fleet.network
    if not isinstance(network, Namespaces):
        raise Failure("the fleet has no network of its own")
    return network


def _ip(*arguments: str) -> None:
    run("ip", *arguments)
