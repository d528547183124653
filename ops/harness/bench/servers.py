"""Starts and stops the servers: loopback only, one user, TLS required on control and data."""

import ctypes
import os
import pwd
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO

from harness import launcher, processes
from harness.bench import fetch, measure
from harness.waiting import greets

USER, PASSWORD = "bench", "bench-password-1"
FILES = 65536
FORKING = ("vsftpd", "proftpd", "pure-ftpd")
ALL = ("flotilla", "pure-ftpd", "vsftpd", "proftpd", "pyftpdlib", "reference")


def child_setup() -> None:
    """Runs in the child, which then dies with the benchmark and may open many files."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, max(FILES, hard)))
    except (ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Groups:
    """Process groups that must end with the benchmark; also written down for the shell script's trap."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, command: list[str], stdin: int, stdout: int | IO[bytes], stderr: int | IO[bytes] | None = None,
              env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(command, start_new_session=True, preexec_fn=child_setup,
                                   stdin=stdin, stdout=stdout, stderr=stderr, env=env)
        open(os.path.join(self.directory, str(process.pid)), "w").close()
        self.processes.append(process)
        return process

    def stop(self, process: subprocess.Popen[bytes], grace: float = 10.0) -> None:
        if process in self.processes:
            self.processes.remove(process)
        processes.end_group(process, grace)
        try:
            os.unlink(os.path.join(self.directory, str(process.pid)))
        except OSError:
            pass

    def stop_all(self) -> None:
        for process in list(self.processes):
            self.stop(process)


class Ports:
    """Free ports below the ephemeral range."""

    def __init__(self) -> None:
        self.next = 20000 + (os.getpid() * 97) % 9000

    def take(self, count: int) -> int:
        for _ in range(200):
            first = self.next
            self.next = first + count if first + count < 32000 else 20000
            if all(self._free(port) for port in range(first, first + count)):
                return first
        raise RuntimeError("no free ports between 20000 and 32000")

    @staticmethod
    def _free(port: int) -> bool:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return True
            except OSError:
                return False


@dataclass(frozen=True)
class Place:
    """The place of a server: its directory, its user's home, its ports and its log."""

    directory: str
    home: str
    port: int
    first: int
    last: int
    log: IO[bytes]

    def write(self, name: str, text: str, mode: int = 0o600) -> str:
        """Makes a file in the directory; its path."""
        path = os.path.join(self.directory, name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
        return path


@dataclass(eq=False)
class Server:
    """A server that takes connections. began: when its process was started, in seconds since the epoch."""

    name: str
    process: subprocess.Popen[bytes]
    place: Place
    began: float
    user: str
    password: str
    json_log: str | None = None
    pid: int = field(init=False)
    processes: int = field(init=False)

    def __post_init__(self) -> None:
        self.pid = self.process.pid
        time.sleep(0.3)
        self.processes = len(measure.tree(self.pid))

    @property
    def port(self) -> int:
        return self.place.port

    @property
    def home(self) -> str:
        return self.place.home

    @property
    def directory(self) -> str:
        return self.place.directory

    def meter(self) -> measure.Meter:
        return measure.Meter(self.pid, self.processes)


class Fleet:
    """Makes servers; each gets a home of its own whose read-only files are links to the same ones."""

    def __init__(self, scratch: str, root: str, groups: Groups) -> None:
        self.scratch, self.root, self.groups = scratch, root, groups
        self.ports, self.count = Ports(), 0
        self.running: list[Server] = []
        self.certificate = os.path.join(scratch, "certificate.pem")
        self.environment = dict(os.environ, LC_ALL="C.UTF-8")
        self.kinds: dict[str, Callable[[Place], Server]] = {
            "pure-ftpd": self._pure_ftpd, "vsftpd": self._vsftpd, "proftpd": self._proftpd,
            "pyftpdlib": self._pyftpdlib, "reference": self._reference}

    def make_certificate(self) -> None:
        launcher.flotilla("cert", "new", "--ip=127.0.0.1", "--dns=localhost", self.certificate)
        os.chmod(self.certificate, 0o600)

    def start(self, name: str, jvm_options: str | None = None) -> Server:
        self.count += 1
        directory = os.path.join(self.scratch, f"{name}-{self.count}")
        os.mkdir(directory)
        os.chmod(directory, 0o755)
        home = os.path.join(directory, "home")
        self._make_home(home)
        # Pure-FTPd takes half as many clients as it has passive ports.
        passive = 1200 if name == "pure-ftpd" else 100
        port, first = self.ports.take(1), self.ports.take(passive)
        log = open(os.path.join(directory, "server.log"), "wb")
        place = Place(directory, home, port, first, first + passive - 1, log)
        server = self._flotilla(place, jvm_options) if name == "flotilla" else self.kinds[name](place)
        self.running.append(server)
        return server

    def stop(self, server: Server) -> None:
        self.running.remove(server)
        self.groups.stop(server.process)

    def _make_home(self, home: str) -> None:
        data = os.path.join(self.scratch, "data")
        os.mkdir(home)
        os.chmod(home, 0o755)
        for entry in os.listdir(data):
            source, target = os.path.join(data, entry), os.path.join(home, entry)
            if os.path.isdir(source):
                os.mkdir(target)
                os.chmod(target, 0o755)
                for name in os.listdir(source):
                    os.link(os.path.join(source, name), os.path.join(target, name))
            else:
                os.link(source, target)
        os.mkdir(os.path.join(home, "in"))
        os.chmod(os.path.join(home, "in"), 0o777)

    def _launch(self, name: str, command: list[str], place: Place, user: str = USER,
                environment: Mapping[str, str] | None = None, json_log: str | None = None,
                seconds: float = 120) -> Server:
        environment = environment or dict(self.environment, LD_LIBRARY_PATH=fetch.library_path(self.root))
        began = time.time()
        process = self.groups.start(command, subprocess.DEVNULL, place.log, place.log, environment)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if process.poll() is not None:
                break
            if greets("127.0.0.1", place.port):
                return Server(name, process, place, began, user, PASSWORD, json_log)
            time.sleep(0.1)
        self.groups.stop(process)
        with open(place.log.name, errors="replace") as text:
            raise RuntimeError(f"{name} did not start:\n{text.read()[-2000:]}")

    def _program(self, name: str) -> str:
        path = fetch.installed_or_unpacked(self.root, name)
        if path is None:
            raise RuntimeError(f"{name} is not there")
        if name in FORKING and os.geteuid() != 0:
            raise RuntimeError(f"{name} needs root")
        return path

    @staticmethod
    def _account() -> str:
        """An account whose home exists, as vsftpd needs it. The home of the user nobody often does not."""
        for name in ("nobody", "daemon", "mail", "games", "bin"):
            try:
                if os.path.isdir(pwd.getpwnam(name).pw_dir):
                    return name
            except KeyError:
                continue
        raise RuntimeError("no account for vsftpd")

    @staticmethod
    def _crypt(password: str) -> str:
        return processes.run("openssl", "passwd", "-1", "-salt", "flotilla", password, seconds=30).strip()

    def _flotilla(self, place: Place, jvm_options: str | None) -> Server:
        events = os.path.join(place.directory, "events.json")
        config = place.write("flotilla.conf", f"""
flotilla {{
  data-dir = "{place.directory}/node"
  storage.root = "{os.path.dirname(place.home)}"
  listeners {{ bind = ["127.0.0.1"], explicit.port = {place.port}, implicit.port = 0 }}
  passive.ports = "{place.first}-{place.last}"
  tls.certificate = "{self.certificate}"
  limits {{ idle-timeout = 30m, max-unauthenticated-per-address = 0 }}
  log.json = "{events}"
}}
""")
        launcher.flotilla("user", "add", "--password-stdin", f"--config={config}", f"--home={place.home}", USER,
                          input=PASSWORD + "\n")
        environment = dict(self.environment)
        if jvm_options:
            environment["FLOTILLA_JVM_EXTRA"] = jvm_options
        command = [launcher.FLOTILLA, "serve", f"--config={config}"]
        return self._launch("flotilla", command, place, environment=environment, json_log=events, seconds=180)

    def _pure_ftpd(self, place: Place) -> Server:
        program = self._program("pure-ftpd")
        database = os.path.join(place.directory, "pure.pdb")
        users = place.write("pure.passwd", f"{USER}:{self._crypt(PASSWORD)}:65534:65534::{place.home}/./::::::::::::\n")
        tool = os.path.join(self.root, "usr/bin/pure-pw")
        processes.run(tool if os.path.exists(tool) else "pure-pw", "mkdb", database, "-f", users, seconds=30)
        command = [program, "-S", f"127.0.0.1,{place.port}", "-p", f"{place.first}:{place.last}",
                   "-l", f"puredb:{database}",
                   "-Y", "3", "-2", self.certificate, "-E", "-A", "-H", "-f", "none", "-c", "2000", "-C", "2000",
                   "-I", "30", "-u", "1", "-L", "20000:5", "-g", os.path.join(place.directory, "pid")]
        return self._launch("pure-ftpd", command, place)

    def _vsftpd(self, place: Place) -> Server:
        os.makedirs("/var/run/vsftpd/empty", exist_ok=True)
        config = place.write("vsftpd.conf", f"""
listen=YES
background=NO
listen_address=127.0.0.1
listen_port={place.port}
pasv_min_port={place.first}
pasv_max_port={place.last}
anonymous_enable=YES
local_enable=NO
ftp_username={self._account()}
anon_root={place.home}
no_anon_password=NO
anon_world_readable_only=NO
write_enable=YES
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_umask=022
ssl_enable=YES
allow_anon_ssl=YES
force_anon_logins_ssl=YES
force_anon_data_ssl=YES
rsa_cert_file={self.certificate}
rsa_private_key_file={self.certificate}
ssl_tlsv1=YES
ssl_ciphers=HIGH
require_ssl_reuse=NO
xferlog_enable=NO
secure_chroot_dir=/var/run/vsftpd/empty
max_clients=2000
max_per_ip=2000
idle_session_timeout=1800
accept_timeout=60
isolate_network=NO
seccomp_sandbox=NO
""")
        reaper = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reap.py")
        command = [sys.executable, "-B", reaper, self._program("vsftpd"), config]
        return self._launch("vsftpd", command, place, user="anonymous")

    def _proftpd(self, place: Place) -> Server:
        program = self._program("proftpd")
        users = place.write("users", f"{USER}:{self._crypt(PASSWORD)}:65534:65534::{place.home}:/bin/false\n")
        modules = os.path.join(self.root, "usr/lib/proftpd")
        config = place.write("proftpd.conf", f"""
ModulePath {modules if os.path.isdir(modules) else "/usr/lib/proftpd"}
LoadModule mod_tls.c
ServerName bench
ServerType standalone
DefaultServer on
DefaultAddress 127.0.0.1
SocketBindTight on
Port {place.port}
UseIPv6 off
UseReverseDNS off
PassivePorts {place.first} {place.last}
User nobody
Group nogroup
MaxInstances none
PidFile {place.directory}/pid
ScoreboardFile {place.directory}/scoreboard
DelayTable none
WtmpLog off
TransferLog none
SystemLog {place.directory}/proftpd.log
DebugLevel 0
AuthOrder mod_auth_file.c
AuthUserFile {users}
RequireValidShell off
UseFtpUsers off
AllowOverwrite on
DefaultRoot ~
TimeoutIdle 1800
TimeoutNoTransfer 1800
<IfModule mod_delay.c>
DelayEngine off
</IfModule>
TLSEngine on
TLSProtocol TLSv1.2 TLSv1.3
TLSECCertificateFile {self.certificate}
TLSECCertificateKeyFile {self.certificate}
TLSRequired on
TLSVerifyClient off
TLSOptions NoSessionReuseRequired
TLSRenegotiate none
""")
        return self._launch("proftpd", [program, "-n", "-q", "-c", config], place)

    def _reference(self, place: Place) -> Server:
        """A C program that only reads, enciphers and writes: the least cost of TLS in user space."""
        command = [fetch.reference(self.root), str(place.port), self.certificate, place.home]
        began = time.time()
        process = self.groups.start(command, subprocess.DEVNULL, place.log, place.log)
        time.sleep(0.3)
        if process.poll() is not None:
            raise RuntimeError("the reference did not start")
        return Server("reference", process, place, began, USER, PASSWORD)

    def _pyftpdlib(self, place: Place) -> Server:
        package = self._program("pyftpdlib")
        environment = dict(self.environment, PYTHONPATH=os.path.dirname(package), PYTHONWARNINGS="ignore")
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pyftpd_main.py")
        command = [sys.executable, "-B", script, str(place.port), str(place.first), str(place.last), self.certificate,
                   place.home, USER, PASSWORD]
        return self._launch("pyftpdlib", command, place, environment=environment)
