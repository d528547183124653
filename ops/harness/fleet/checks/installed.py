"""What is released, as an administrator meets it: the Debian package on a machine of its own."""

import contextlib
import filecmp
import glob
import json
import os
import random
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator

from harness import launcher, processes
from harness.failure import Failure, require
from harness.fleet.checks import handbook
from harness.fleet.checks.registry import Network, check
from harness.fleet.machine import Machine
from harness.processes import finished, run
from harness.waiting import together, until

VERSION, NEXT = "1.0.0", "1.0.1"
PASSWORD = "correct horse battery"
SOURCES = ("pom.xml", "storage", "cluster", "node", "ops", "kafka", "docs", "README.md", "CHANGELOG.md", "LICENSE")
BUILD = 600.0
LARGE = 24 << 20
"""Bytes of the upload that lasts while the package is upgraded."""
RATE = 3 << 20
"""Bytes a second of that upload."""


@check("package", network=Network.MACHINE)
def package(short: bool) -> str:
    """The package installs, serves, is upgraded under a client, and leaves; two builds have the same bytes."""
    with scratch() as directory:
        first, second = together([lambda: built(directory, "one"), lambda: built(directory, "another")])
        names = sorted(os.listdir(first))
        require(len(names) == 6, f"released: {names}")
        same, different, missing = filecmp.cmpfiles(first, second, names, shallow=False)
        require(not different and not missing, f"two builds differ in {different + missing}")
        run("sha256sum", "--check", *[n for n in names if n.endswith(".sha256")], directory=first)
        deb = os.path.join(first, f"flotilla_{VERSION}_all.deb")
        errors = [line for line in finished("lintian", deb).stdout.splitlines() if line.startswith("E:")]
        require(not errors, f"lintian: {errors}")
        libraries = _libraries(first)
        _archive_runs(directory, first)
        following = _next(directory, deb)
        with Machine(*handbook.CLIENTS) as machine:
            admin = _Administrator(machine, directory)
            admin.install(deb)
            admin.serve()
            admin.keep_logs()
            admin.refuse_a_configuration()
            admin.second_node()
            admin.await_archives()
            admin.hang()
            told = admin.upgrade(following)
            admin.leave(following)
            lines = handbook.follow(machine, deb)
    return (f"{len(same)} files equal in two builds, {libraries} libraries listed; {told}; nothing was left after a "
            f"purge; {lines} lines of docs/guide.md done as written")


@contextlib.contextmanager
def scratch() -> Iterator[str]:
    """A directory that is gone afterwards."""
    directory = tempfile.mkdtemp(prefix="flotilla-release.")
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def built(directory: str, name: str) -> str:
    """Builds a copy of the sources in a directory of its own; the directory of what is released."""
    tree = os.path.join(directory, name, "flotilla")
    os.makedirs(tree)
    for source in SOURCES:
        path = os.path.join(launcher.HOME, source)
        if os.path.isdir(path):
            shutil.copytree(path, os.path.join(tree, source), ignore=shutil.ignore_patterns("target"), symlinks=True)
        else:
            shutil.copy(path, os.path.join(tree, source))
    run(os.path.join(tree, "ops", "bin", "package"), VERSION, seconds=BUILD)
    return os.path.join(tree, "ops", "target", "release")


def _libraries(release: str) -> int:
    """The number of libraries in the list of the release, which names each jar of the archive."""
    with open(os.path.join(release, f"flotilla-{VERSION}-sbom.json")) as file:
        told = json.load(file)
    parts = [told["metadata"]["component"], *told["components"]]
    listed = {(part["name"], part["version"]) for part in parts}
    shown = run("tar", "tzf", os.path.join(release, f"flotilla-{VERSION}.tar.gz"))
    for jar in re.findall(r"/lib/(.*)\.jar$", shown, re.MULTILINE):
        require(any(jar.startswith(f"{name}-{version}") for name, version in listed), f"{jar} is not in the list")
    return len(listed)


def _archive_runs(directory: str, release: str) -> None:
    """The archive needs nothing but Java: a user of this machine unpacks it, and a command answers."""
    run("tar", "xzf", os.path.join(release, f"flotilla-{VERSION}.tar.gz"), "-C", directory)
    home = os.path.join(directory, f"flotilla-{VERSION}")
    told = run(os.path.join(home, "bin", "flotilla"), "--version")
    require(told.strip() == f"flotilla {VERSION}", f"the archive: {told}")
    for part in ("conf/flotilla.conf", "systemd/flotilla.service", "man/man1/flotilla.1", "completion/flotilla.bash"):
        require(os.path.getsize(os.path.join(home, part)) > 0, f"the archive has an empty {part}")


def _next(directory: str, deb: str) -> str:
    """The next version of the package: other names of our own jars, and another number."""
    tree = os.path.join(directory, "next")
    run("dpkg-deb", "--raw-extract", deb, tree)
    for jar in glob.glob(os.path.join(tree, "usr/share/flotilla/lib/flotilla-*.jar")):
        os.rename(jar, jar.replace(VERSION, NEXT))
    control = os.path.join(tree, "DEBIAN", "control")
    with open(control) as file:
        text = file.read()
    with open(control, "w") as file:
        file.write(text.replace(f"Version: {VERSION}", f"Version: {NEXT}"))
    made = os.path.join(directory, f"flotilla_{NEXT}_all.deb")
    run("dpkg-deb", "--build", "-Znone", "--root-owner-group", tree, made)
    return made


class _Administrator:
    """Installs the package on a machine and works with it."""

    def __init__(self, machine: Machine, directory: str) -> None:
        self.machine = machine
        self.directory = directory
        self.ca = os.path.join(directory, "ca.pem")
        self.random = random.Random(1)

    def dpkg(self, *arguments: str, answer: str | None = None) -> None:
        """Runs dpkg without a terminal. @param answer: what debconf is told about the data of users"""
        if answer:
            self.machine.run("debconf-set-selections", input=f"flotilla flotilla/purge-data boolean {answer}\n")
        self.machine.run("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", *arguments)

    def place(self, deb: str) -> str:
        """Copies a package to the machine; where it is there."""
        shutil.copy(deb, self.machine.file("/root"))
        return "/root/" + os.path.basename(deb)

    def state(self, unit: str, name: str) -> str:
        return self.machine.run("systemctl", "show", "--value", "--property", name, unit).strip()

    def install(self, deb: str) -> None:
        self.dpkg("--install", self.place(deb))
        require(self.state("flotilla", "ActiveState") == "active", "not started: " + self.journal())
        require(self.state("flotilla", "StatusText") == "ready", f"status: {self.state('flotilla', 'StatusText')}")
        require(self.machine.run("flotilla", "--version").strip() == f"flotilla {VERSION}", "another version")
        require("first user" not in self.journal(), "a password is in the journal: " + self.journal())
        self.machine.run("systemd-analyze", "verify", "--man=no", "flotilla.service", "flotilla@x.service")
        self.not_root()

    def journal(self, unit: str = "flotilla") -> str:
        return self.machine.run("journalctl", "--unit", unit, "--no-pager")

    def not_root(self) -> None:
        """The server is no root, and may do nothing of root but open ports below 1024."""
        process = self.state("flotilla", "MainPID")
        status = dict(line.split(":\t", 1) for line in self.machine.run("cat", f"/proc/{process}/status").splitlines())
        user = self.machine.run("id", "-u", "flotilla").strip()
        require(status["Uid"].split() == [user] * 4, f"user {status['Uid']}")
        bind = 1 << 10
        require(int(status["CapBnd"], 16) == bind and int(status["CapEff"], 16) == bind, f"may do {status['CapBnd']}")

    def curl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return finished(*self.machine.near("curl", "-sS", "--ssl-reqd", "--cacert", self.ca, "--user",
                                           f"alice:{PASSWORD}", *arguments))

    def file(self, name: str, size: int) -> str:
        path = os.path.join(self.directory, name)
        with open(path, "wb") as file:
            file.write(self.random.randbytes(size))
        return path

    def same(self, path: str, name: str) -> bool:
        """Whether the server has exactly the bytes of a file of this process."""
        return filecmp.cmp(path, self.machine.file(f"/var/lib/flotilla/homes/alice/{name}"), shallow=False)

    def upload(self, name: str, size: int = 100_000) -> None:
        path = self.file(name, size)
        done = self.curl("-T", path, f"ftp://localhost/{name}")
        require(done.returncode == 0 and self.same(path, name), f"upload: {done.stderr}")

    def serve(self) -> None:
        """An account is all that is missing."""
        self.machine.run("flotilla", "user", "add", "alice", "--password-stdin", input=PASSWORD + "\n")
        with open(self.ca, "w") as file:
            file.write(self.machine.run("flotilla", "cert", "export"))
        self.upload("one.bin")
        back = os.path.join(self.directory, "back.bin")
        done = self.curl("-o", back, "ftps://localhost:990/one.bin")
        require(done.returncode == 0 and filecmp.cmp(os.path.join(self.directory, "one.bin"), back, shallow=False),
                f"implicit TLS: {done.stderr}")

    def await_archives(self) -> None:
        """Meanwhile, a unit without a network has made the archives of classes."""
        until("the archive of classes is made", 180, self._has_archives, 0.5)
        require(self.state("flotilla-archive", "Result") == "success", "the archive of classes was not made")

    def _has_archives(self) -> bool:
        made = os.listdir(self.machine.file("/var/cache/flotilla"))
        return len([name for name in made if re.fullmatch(r"(classes|commands)-\S+\.(jsa|aot)", name)]) == 2

    def keep_logs(self) -> None:
        """logrotate gives the log another name, and the server goes on in a new one."""
        self.machine.run("logrotate", "--force", "/etc/logrotate.d/flotilla")
        log = "/var/log/flotilla/flotilla.log"
        require("OK UPLOAD" in self.machine.read(log + ".1"), "the old log is gone")
        self.upload("two.bin")
        until("the new log has the upload", 10, lambda: "two.bin" in self.machine.read(log))

    def restart(self, unit: str = "flotilla") -> None:
        self.machine.run("systemctl", "daemon-reload")
        self.machine.run("systemctl", "restart", unit)

    def hang(self) -> None:
        """systemd replaces a server that gives no sign of life."""
        drop_in = "/etc/systemd/system/flotilla.service.d/watchdog.conf"
        self.machine.write(drop_in, "[Service]\nWatchdogSec=6\nRestartSec=0\n")
        self.restart()
        before = self.state("flotilla", "MainPID")
        self.machine.run("systemctl", "kill", "--kill-who=main", "--signal=STOP", "flotilla")
        until("another process is ready", 90,
              lambda: self.state("flotilla", "MainPID") not in ("0", before)
              and self.state("flotilla", "ActiveState") == "active", 0.5)
        os.unlink(self.machine.file(drop_in))
        self.restart()

    def refuse_a_configuration(self) -> None:
        """A server whose file is refused is not started again and again."""
        path = "/etc/flotilla/flotilla.conf"
        good = self.machine.read(path)
        self.machine.write(path, good.replace("explicit.port = 21", "explicit.prot = 21"))
        tried = finished(*self.machine.within("systemctl", "restart", "flotilla"))
        require(tried.returncode != 0, "a wrong key was taken")
        require(self.state("flotilla", "ExecMainStatus") == "78", "exit " + self.state("flotilla", "ExecMainStatus"))
        require(self.state("flotilla", "ActiveState") == "failed", self.state("flotilla", "ActiveState"))
        require("explicit.prot" in self.journal(), "the journal does not name the key")
        self.machine.write(path, good)
        self.machine.run("systemctl", "start", "flotilla")

    def second_node(self) -> None:
        """Another server beside the first one, from the template."""
        self.machine.write("/etc/flotilla/second.conf", """
            flotilla {
              node.name = second
              data-dir = /var/lib/flotilla/second
              listeners { bind = ["127.0.0.1"], explicit.port = 2121, implicit.port = 9990 }
              passive.ports = "22000-22009"
              users.demo = false
            }
            """)
        started = finished(*self.machine.within("systemctl", "start", "flotilla@second"))
        require(started.returncode == 0, "a second node: " + self.journal("flotilla@second"))
        told = self.machine.run("flotilla", "nodes", "--config", "/etc/flotilla/second.conf")
        require("second" in told, told)
        self.machine.run("systemctl", "stop", "flotilla@second")
        shutil.rmtree(self.machine.file("/var/lib/flotilla/second"))
        os.unlink(self.machine.file("/etc/flotilla/second.conf"))

    def upgrade(self, deb: str) -> str:
        """
        A long upload ends well while the package is upgraded. Others come meanwhile, and try again when nobody
        listens: what was acknowledged is there.
        """
        large = self.file("large.bin", LARGE)
        long = subprocess.Popen(
            self.machine.near("curl", "-sS", "--ssl-reqd", "--cacert", self.ca, "--user", f"alice:{PASSWORD}",
                              "--limit-rate", str(RATE), "-T", large, "ftp://localhost/large.bin"),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        until("the upload has begun", 20, lambda: "transfers 1" in self.machine.run("flotilla", "status"))
        over = threading.Event()
        others = threading.Thread(target=self._others, args=(over,), daemon=True)
        self.acknowledged: list[str] = []
        others.start()
        try:
            self.dpkg("--install", self.place(deb))
        finally:
            over.set()
            others.join(120)
        told = processes.stream(long.stdout).read()
        require(long.wait(60) == 0 and self.same(large, "large.bin"), f"the long upload: {told}")
        wrong = [path for path in self.acknowledged if not self.same(path, os.path.basename(path))]
        require(not wrong, f"acknowledged, but not there: {wrong}")
        require(NEXT in self._jars(), "the server still runs the old version")
        self.upload("three.bin")
        return f"an upgrade under an upload of {LARGE >> 20} MiB, {len(self.acknowledged)} others acknowledged"

    def _jars(self) -> str:
        """The environment of the server, which has its class path."""
        return self.machine.run("cat", f"/proc/{self.state('flotilla', 'MainPID')}/environ")

    def _others(self, over: threading.Event) -> None:
        count = 0
        while not over.is_set():
            count += 1
            path = self.file(f"other-{count}.bin", 10_000)
            done = self.curl("--retry", "60", "--retry-delay", "1", "--retry-connrefused", "-T", path,
                             f"ftp://localhost/{os.path.basename(path)}")
            if done.returncode == 0:
                self.acknowledged.append(path)

    def leave(self, deb: str) -> None:
        """A purge keeps what users have, unless it is told otherwise. Then nothing is left."""
        self.dpkg("--purge", "flotilla")
        require(os.path.exists(self.machine.file("/var/lib/flotilla/homes/alice/large.bin")),
                "a purge has removed files of users without asking")
        require(not os.path.exists(self.machine.file("/var/log/flotilla")), "logs are left")
        self.dpkg("--install", self.place(deb))
        require("large.bin" in self.curl("--list-only", "ftp://localhost/").stdout, "alice's files are not hers again")
        self.dpkg("--purge", "flotilla", answer="true")
        left = [path for path in ("/var/lib/flotilla", "/etc/flotilla", "/var/cache/flotilla", "/usr/share/flotilla",
                                  "/etc/systemd/system/multi-user.target.wants/flotilla.service")
                if os.path.lexists(self.machine.file(path))]
        require(not left, f"left after a purge: {left}")
        if finished(*self.machine.within("id", "flotilla")).returncode == 0:
            raise Failure("the user flotilla is left")
