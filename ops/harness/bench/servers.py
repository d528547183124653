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

from harness.bench import fetch
from harness.bench import measure

USER, PASSWORD = "bench", "bench-password-1"
FILES = 65536
FORKING = ("vsftpd", "proftpd", "pure-ftpd")
ALL = ("flotilla", "pure-ftpd", "vsftpd", "proftpd", "pyftpdlib", "reference")


def child_setup():
    """In the child: dies with the benchmark, may open many files."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, max(FILES, hard)))
    except (ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Groups:
    """Process groups that must end with the benchmark; also written down for the shell script's trap."""

    def __init__(self, directory):
        self.directory, self.processes = directory, []

    def start(self, command, **options):
        process = subprocess.Popen(command, start_new_session=True, preexec_fn=child_setup, **options)
        open(os.path.join(self.directory, str(process.pid)), "w").close()
        self.processes.append(process)
        return process

    def stop(self, process, grace=10.0):
        if process in self.processes:
            self.processes.remove(process)
        for sign, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
            try:
                if sign == signal.SIGKILL:
                    os.killpg(process.pid, sign)
                else:
                    process.send_signal(sign)
                process.wait(seconds)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            os.unlink(os.path.join(self.directory, str(process.pid)))
        except OSError:
            pass

    def stop_all(self):
        for process in list(self.processes):
            self.stop(process)


class Ports:
    """Free ports below the ephemeral range."""

    def __init__(self):
        self.next = 20000 + (os.getpid() * 97) % 9000

    def take(self, count):
        for _ in range(200):
            first = self.next
            self.next = first + count if first + count < 32000 else 20000
            if all(self._free(port) for port in range(first, first + count)):
                return first
        raise RuntimeError("no free ports between 20000 and 32000")

    @staticmethod
    def _free(port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return True
            except OSError:
                return False


class Server:
    def __init__(self, name, process, port, began, user, password, json_log=None):
        self.name, self.process, self.port, self.began = name, process, port, began
        self.user, self.password, self.json_log = user, password, json_log
        self.pid = process.pid
        time.sleep(0.3)
        self.processes = len(measure.tree(self.pid))

    def meter(self):
        return measure.Meter(self.pid, self.processes)


class Fleet:
    """Makes servers; each gets a home of its own whose read-only files are links to the same ones."""

    def __init__(self, home, scratch, root, groups):
        self.home, self.scratch, self.root, self.groups = home, scratch, root, groups
        self.ports, self.count, self.running = Ports(), 0, []
        self.certificate = os.path.join(scratch, "certificate.pem")
        self.environment = dict(os.environ, LC_ALL="C.UTF-8")

    def flotilla(self, *arguments, **options):
        return subprocess.run([os.path.join(self.home, "ops/bin/flotilla"), *arguments], check=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600, **options).stdout

    def make_certificate(self):
        self.flotilla("cert", "new", "--ip=127.0.0.1", "--dns=localhost", self.certificate)
        os.chmod(self.certificate, 0o600)

    def start(self, name, jvm_options=None):
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
        make = getattr(self, "_" + name.replace("-", "_"))
        server = make(directory, home, port, first, first + passive - 1, log, *([jvm_options] if name == "flotilla" else []))
        server.home, server.directory = home, directory
        self.running.append(server)
        return server

    def stop(self, server):
        self.running.remove(server)
        self.groups.stop(server.process)

    def _make_home(self, home):
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

    def _launch(self, name, command, port, log, user=USER, environment=None, json_log=None, seconds=120):
        began = time.time()
        process = self.groups.start(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                    env=environment or dict(self.environment, LD_LIBRARY_PATH=fetch.library_path(self.root)))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if process.poll() is not None:
                break
            try:
                with socket.create_connection(("127.0.0.1", port), 1) as probe:
                    probe.settimeout(5)
                    if probe.recv(3) == b"220":
                        return Server(name, process, port, began, user, PASSWORD, json_log)
            except OSError:
                pass
            time.sleep(0.1)
        self.groups.stop(process)
        with open(log.name, errors="replace") as text:
            raise RuntimeError(f"{name} did not start:\n{text.read()[-2000:]}")

    def _program(self, name):
        path = fetch.installed_or_unpacked(self.root, name)
        if path is None:
            raise RuntimeError(f"{name} is not there")
        if name in FORKING and os.geteuid() != 0:
            raise RuntimeError(f"{name} needs root")
        return path

    @staticmethod
    def _write(path, text, mode=0o600):
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    @staticmethod
    def _account():
        """vsftpd wants an account whose home exists; nobody's often does not."""
        for name in ("nobody", "daemon", "mail", "games", "bin"):
            try:
                if os.path.isdir(pwd.getpwnam(name).pw_dir):
                    return name
            except KeyError:
                continue
        raise RuntimeError("no account for vsftpd")

    @staticmethod
    def _crypt(password):
        return subprocess.run(["openssl", "passwd", "-1", "-salt", "flotilla", password],
                              check=True, stdout=subprocess.PIPE, text=True, timeout=30).stdout.strip()

    def _flotilla(self, directory, home, port, first, last, log, jvm_options):
        events = os.path.join(directory, "events.json")
        config = self._write(os.path.join(directory, "flotilla.conf"), f"""
flotilla {{
  data-dir = "{directory}/node"
  storage.root = "{os.path.dirname(home)}"
  listeners {{ bind = ["127.0.0.1"], explicit.port = {port}, implicit.port = 0 }}
  passive.ports = "{first}-{last}"
  tls.certificate = "{self.certificate}"
  limits {{ idle-timeout = 30m, max-unauthenticated-per-address = 0 }}
  log.json = "{events}"
}}
""")
        self.flotilla("user", "add", "--password-stdin", f"--config={config}", f"--home={home}", USER, input=PASSWORD + "\n")
        environment = dict(self.environment)
        if jvm_options:
            environment["FLOTILLA_JVM_OPTIONS"] = jvm_options
        command = [os.path.join(self.home, "ops/bin/flotilla"), "serve", f"--config={config}"]
        return self._launch("flotilla", command, port, log, environment=environment, json_log=events, seconds=180)

    def _pure_ftpd(self, directory, home, port, first, last, log):
        program = self._program("pure-ftpd")
        database = os.path.join(directory, "pure.pdb")
        users = self._write(os.path.join(directory, "pure.passwd"),
                            f"{USER}:{self._crypt(PASSWORD)}:65534:65534::{home}/./::::::::::::\n")
        tool = os.path.join(self.root, "usr/bin/pure-pw")
        subprocess.run([tool if os.path.exists(tool) else "pure-pw", "mkdb", database, "-f", users], check=True, timeout=30,
                       stdout=log, stderr=log)
        command = [program, "-S", f"127.0.0.1,{port}", "-p", f"{first}:{last}", "-l", f"puredb:{database}",
                   "-Y", "3", "-2", self.certificate, "-E", "-A", "-H", "-f", "none", "-c", "2000", "-C", "2000",
                   "-I", "30", "-u", "1", "-L", "20000:5", "-g", os.path.join(directory, "pid")]
        return self._launch("pure-ftpd", command, port, log)

    def _vsftpd(self, directory, home, port, first, last, log):
        os.makedirs("/var/run/vsftpd/empty", exist_ok=True)
        config = self._write(os.path.join(directory, "vsftpd.conf"), f"""
listen=YES
background=NO
listen_address=127.0.0.1
listen_port={port}
pasv_min_port={first}
pasv_max_port={last}
anonymous_enable=YES
local_enable=NO
ftp_username={self._account()}
anon_root={home}
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
        return self._launch("vsftpd", command, port, log, user="anonymous")

    def _proftpd(self, directory, home, port, first, last, log):
        program = self._program("proftpd")
        users = self._write(os.path.join(directory, "users"),
                            f"{USER}:{self._crypt(PASSWORD)}:65534:65534::{home}:/bin/false\n")
        modules = os.path.join(self.root, "usr/lib/proftpd")
        config = self._write(os.path.join(directory, "proftpd.conf"), f"""
ModulePath {modules if os.path.isdir(modules) else "/usr/lib/proftpd"}
LoadModule mod_tls.c
ServerName bench
ServerType standalone
DefaultServer on
DefaultAddress 127.0.0.1
SocketBindTight on
Port {port}
UseIPv6 off
UseReverseDNS off
PassivePorts {first} {last}
User nobody
Group nogroup
MaxInstances none
PidFile {directory}/pid
ScoreboardFile {directory}/scoreboard
DelayTable none
WtmpLog off
TransferLog none
SystemLog {directory}/proftpd.log
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
        return self._launch("proftpd", [program, "-n", "-q", "-c", config], port, log)

    def _reference(self, directory, home, port, first, last, log):
        """A C program that only reads, enciphers and writes: what TLS in user space costs at least."""
        program = fetch.reference(self.root)
        process = self.groups.start([program, str(port), self.certificate, home], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        time.sleep(0.3)
        if process.poll() is not None:
            raise RuntimeError("the reference did not start")
        return Server("reference", process, port, time.time(), USER, PASSWORD)

    def _pyftpdlib(self, directory, home, port, first, last, log):
        package = self._program("pyftpdlib")
        environment = dict(self.environment, PYTHONPATH=os.path.dirname(package), PYTHONWARNINGS="ignore")
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pyftpd_main.py")
        command = [sys.executable, "-B", script, str(port), str(first), str(last), self.certificate, home, USER, PASSWORD]
        return self._launch("pyftpdlib", command, port, log, environment=environment)
