"""Bytes that tell by themselves whether they are whole."""

import random

from harness.failure import Failure

LARGEST = 300_000


def content(value: str, largest: int = LARGEST) -> bytes:
    """The bytes of a file with this name; the same each time."""
    source = random.Random(value)
    size = source.randrange(1, largest) if source.random() < 0.9 else 0
    return f"{value}:{size}\n".encode() + source.randbytes(size)


def value_of(data: bytes, where: str) -> str:
    """@raises Failure: when the bytes are not exactly those of one file"""
    value = data.split(b":", 1)[0][:100].decode("ascii", "replace")
    if data != content(value):
        raise Failure(f"{where}: {len(data)} bytes are not a whole file; they begin with {data[:60]!r}")
    return value


def line_of(value: str) -> bytes:
    return content(value, 20_000).replace(b"\n", b" ") + b"\n"


def lines_of(data: bytes, where: str) -> list[str]:
    """@raises Failure: when a line is torn or not one that was sent"""
    values: list[str] = []
    while data:
        value = data.split(b":", 1)[0][:100].decode("ascii", "replace")
        line = line_of(value)
        if not data.startswith(line):
            raise Failure(f"{where}: after {values[-2:]} comes no whole line, but {data[:60]!r}")
        values.append(value)
        data = data[len(line):]
    return values
