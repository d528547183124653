"""A network for a fleet whose links can be cut, made of the kernel's namespaces."""

import os
import shutil
import subprocess

from fleet import Failure, Loopback, run

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
