"""A real service of objects (s3proxy) on loopback, with one bucket, and rclone as its other client."""

import os
import signal
import socket
import subprocess
from types import TracebackType

from harness import launcher, processes
from harness.failure import Failure
from harness.waiting import until

BUCKET = "flotilla"
IDENTITY, CREDENTIAL = "flotilla-check", "a-secret-of-the-check"
START = 60.0
"""Seconds in which the service must answer."""


def jar() -> str:
    """The program, which Maven fetches at the first use. @raises Failure: when it cannot"""
    path = os.path.join(launcher.HOME, "storage", "target", "s3proxy", "s3proxy.jar")
    if not os.path.exists(path):
        processes.run("mvn", "-B", "-q", "-pl", "storage", "dependency:copy@s3proxy", directory=launcher.HOME)
    if not os.path.exists(path):
        raise Failure(f"{path} is not there")
    return path


def free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port


class ObjectService:
    """s3proxy over a directory. It can be stopped and started again; its objects stay."""

    def __init__(self, directory: str, address: str = "127.0.0.1", heap: str = "-Xmx512m") -> None:
        self.directory = directory
        self.address, self.port = address, free_port(address)
        self.heap = heap
        self.process: subprocess.Popen[bytes] | None = None
        self.objects = os.path.join(directory, "objects")
        os.makedirs(os.path.join(self.objects, BUCKET), exist_ok=True)
        self.configuration = os.path.join(directory, "s3proxy.conf")
        with open(self.configuration, "w") as file:
            file.write(f"s3proxy.authorization=aws-v2-or-v4\ns3proxy.identity={IDENTITY}\n"
                       f"s3proxy.credential={CREDENTIAL}\ns3proxy.endpoint={self.endpoint}\n"
                       f"jclouds.provider=filesystem-nio2\njclouds.filesystem.basedir={self.objects}\n"
                       "s3proxy.v4-max-non-chunked-request-size=134217728\n")
        self.credentials = os.path.join(directory, "s3-credentials")
        with open(os.open(self.credentials, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"[default]\naws_access_key_id = {IDENTITY}\naws_secret_access_key = {CREDENTIAL}\n")

    @property
    def endpoint(self) -> str:
        return f"http://{self.address}:{self.port}"

    def settings(self, name: str = "objects", standard: bool = True) -> dict[str, launcher.Setting]:
        """The settings of a node whose files lie here. @param standard: whether this is the default store"""
        store = f"flotilla.storage.stores.{name}."
        values: dict[str, launcher.Setting] = {
            store + "type": "s3", store + "endpoint": self.endpoint, store + "bucket": BUCKET,
            store + "credentials": f"file:{self.credentials}"}
        if standard:
            values["flotilla.storage.default"] = name
        return values

    def start(self) -> "ObjectService":
        with open(os.path.join(self.directory, "s3proxy.log"), "ab") as log:
            self.process = subprocess.Popen(
                ["java", self.heap, "-XX:+UseSerialGC", "-jar", jar(), "--properties", self.configuration],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        until("the service of objects answers", START, self._answers, 0.1)
        return self

    def _answers(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            raise Failure(f"s3proxy has ended, see {self.directory}/s3proxy.log")
        try:
            socket.create_connection((self.address, self.port), 1).close()
            return True
        except OSError:
            return False

    def kill(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def freeze(self, frozen: bool) -> None:
        """Stops the process, which then takes connections and answers none, or lets it go on."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGSTOP if frozen else signal.SIGCONT)

    def environment(self) -> dict[str, str]:
        """What rclone needs to know this service as the remote {s3:}."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return dict(others, RCLONE_CONFIG="/dev/null", RCLONE_CONFIG_S3_TYPE="s3", RCLONE_CONFIG_S3_PROVIDER="Other",
                    RCLONE_CONFIG_S3_ENDPOINT=self.endpoint, RCLONE_CONFIG_S3_ACCESS_KEY_ID=IDENTITY,
                    RCLONE_CONFIG_S3_SECRET_ACCESS_KEY=CREDENTIAL, RCLONE_CONFIG_S3_FORCE_PATH_STYLE="true")

    def rclone(self, *arguments: str, seconds: float = 300) -> str:
        """The output of rclone, which knows the bucket as s3:BUCKET."""
        return processes.run("rclone", *arguments, environment=self.environment(), seconds=seconds)

    def open_uploads(self) -> int:
        """The number of multipart uploads that are neither complete nor aborted."""
        listed = processes.run("curl", "-sS", "--fail", "-m", "30", "--aws-sigv4", "aws:amz:us-east-1:s3",
                               "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD", "--user", f"{IDENTITY}:{CREDENTIAL}",
                               f"{self.endpoint}/{BUCKET}?uploads=")
        return listed.count("<UploadId>")

    def __enter__(self) -> "ObjectService":
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.kill()
