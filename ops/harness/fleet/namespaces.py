"""A network for a fleet whose links can be cut, made of the kernel's namespaces."""

import os
import shutil
import subprocess

from harness.fleet.fleet import Failure, Loopback, run

NAMES = "/run/netns"


def isolated(command):
    """
    The command that runs another one in namespaces of its own, as {Namespaces} needs it. What it makes there and the processes it
    starts are gone when it ends, or this process, however that happens. Raises Failure where this cannot be done.
    """
    missing = [program for program in ("ip", "unshare", "setpriv") if not shutil.which(program)]
    if os.geteuid() != 0 or missing:
        raise Failure("needs root and the programs ip, unshare and setpriv" + (f"; there is no {', '.join(missing)}" if missing else ""))
    apart = ["unshare", "--net", "--mount", "--pid", "--mount-proc", "--kill-child"]
    tried = subprocess.run([*apart, "true"], capture_output=True, text=True)
    if tried.returncode != 0:
        raise Failure(f"needs namespaces of its own, which are not allowed here: {tried.stderr.strip()}")
    return ["setpriv", "--pdeathsig", "KILL", *apart, *command]


class Namespaces(Loopback):
    """
    Every node in a network namespace of its own. A bridge joins them to this process, and with it to clients, balancer and database.
    Only for processes that {isolated} started, one of these at a time.
    """

    def __init__(self, directory):
        super().__init__(directory)
        self.prefix = "10.77.0"
        self.block = f"{self.prefix}.0/24"
        self.host = self.address(100)
        self.database = ["-tcpAllowOthers"]
        self.names = []
        os.makedirs(NAMES, exist_ok=True)
        if not os.path.ismount(NAMES):
            run("mount", "-t", "tmpfs", "netns", NAMES)
        _ip("link", "set", "lo", "up")
        _ip("link", "add", "fleet", "type", "bridge")
        _ip("address", "add", f"{self.host}/24", "dev", "fleet")
        _ip("link", "set", "fleet", "up")

    def add(self, node):
        self.names.append(node.name)
        _ip("netns", "add", node.name)
        _ip("link", "add", node.name, "type", "veth", "peer", "name", "eth0", "netns", node.name)
        _ip("link", "set", node.name, "master", "fleet", "up")
        _ip("-n", node.name, "address", "add", f"{node.address}/24", "dev", "eth0")
        _ip("-n", node.name, "link", "set", "lo", "up")
        _ip("-n", node.name, "link", "set", "eth0", "up")
        return {**super().add(node), "flotilla.admin.accept-clear-text": "true"}

    def within(self, node, command):
        return ["ip", "netns", "exec", node.name, *command]

    def put_clients_behind_this(self):
        """
        From now on programs of clients run in a namespace of their own, and this process is the router between them and the nodes: whose
        way back to them leads through here, as rules that rewrite destinations need it.
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

    def cut(self, node):
        """Takes a node's link away: packets vanish, nothing is reset."""
        _ip("link", "set", node.name, "down")

    def heal(self, node):
        _ip("link", "set", node.name, "up")

    def close(self):
        for name in self.names:
            _ip("link", "delete", name)
            _ip("netns", "delete", name)
        _ip("link", "delete", "fleet")


def _ip(*arguments):
    run("ip", *arguments)
