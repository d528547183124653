"""A machine of its own with a small Debian and systemd, made by mmdebstrap and booted by systemd-nspawn."""

import contextlib
import os
import shutil
import subprocess
import tempfile

from harness.failure import Failure, require
from harness.processes import end_group, finished, run
from harness.waiting import until

PACKAGES = ("default-jre-headless", "systemd-sysv", "adduser", "logrotate", "debconf")
BOOT = 60.0
"""Seconds in which systemd must be up."""
ENDING = 30.0


class Machine:
    """
    Processes, files and a loopback of its own. {root} is its file system as this process sees it. Needs root.
    """

    def __init__(self, *more: str) -> None:
        """@param more: packages of Debian besides those that the server needs"""
        missing = [program for program in ("mmdebstrap", "systemd-nspawn", "nsenter") if not shutil.which(program)]
        if os.geteuid() != 0 or missing:
            raise Failure(f"needs root, mmdebstrap and systemd-container{''.join('; no ' + m for m in missing)}")
        self.directory = tempfile.mkdtemp(prefix="flotilla-machine.")
        self.root = os.path.join(self.directory, "root")
        self._process: subprocess.Popen[bytes] | None = None
        self._leader = 0
        self.packages = (*PACKAGES, *more)

    def __enter__(self) -> "Machine":
        try:
            run("mmdebstrap", "--quiet", "--variant=minbase", "--include=" + ",".join(self.packages), _release(),
                self.root)
            self._boot()
        except BaseException:
            self.close()
            raise
        return self

    def _boot(self) -> None:
        self._process = subprocess.Popen(
            ["systemd-nspawn", "--quiet", f"--directory={self.root}", "--boot", "--register=no", "--keep-unit",
             "--private-network", "--link-journal=no", "--console=pipe"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        until("systemd is up", BOOT, self._is_up, 0.2)

    def _is_up(self) -> bool:
        assert self._process
        require(self._process.poll() is None, "systemd-nspawn has ended: this machine may not boot another one")
        children = finished("pgrep", "-P", str(self._process.pid)).stdout.split()
        if not children:
            return False
        self._leader = int(children[0])
        state = finished(*self.within("systemctl", "is-system-running")).stdout.strip()
        return state in ("running", "degraded")

    def within(self, *command: str) -> list[str]:
        """The command that runs another one as root of this machine."""
        return ["nsenter", "--target", str(self._leader), "--all", "--", "env", "-i", "HOME=/root", "LC_ALL=C.UTF-8",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", *command]

    def near(self, *command: str) -> list[str]:
        """The command that runs one of this process's programs with the network of this machine, as a client does."""
        return ["nsenter", "--target", str(self._leader), "--net", "--", *command]

    def run(self, *command: str, input: str | None = None) -> str:
        """The output of a command there. @raises Failure: when it does not end well"""
        return run(*self.within(*command), input=input)

    def file(self, path: str) -> str:
        """Where this process finds a file of the machine."""
        return os.path.join(self.root, path.lstrip("/"))

    def read(self, path: str) -> str:
        with open(self.file(path)) as file:
            return file.read()

    def write(self, path: str, text: str) -> None:
        os.makedirs(os.path.dirname(self.file(path)), exist_ok=True)
        with open(self.file(path), "w") as file:
            file.write(text)

    def close(self) -> None:
        if self._process:
            if self._leader:
                finished(*self.within("systemctl", "poweroff"))
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(ENDING)
            end_group(self._process, ENDING)
        shutil.rmtree(self.directory, ignore_errors=True)

    def __exit__(self, *_: object) -> None:
        self.close()


def _release() -> str:
    """The name of the release of Debian that this machine has."""
    with contextlib.suppress(OSError), open("/etc/os-release") as file:
        for line in file:
            if line.startswith("VERSION_CODENAME="):
                return line.split("=", 1)[1].strip()
    raise Failure("needs Debian")
