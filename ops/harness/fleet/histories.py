"""
Judges what clients saw of files that many of them wrote at the same time. Pure: it knows operations with their begin
and end, and nothing of servers.

A file that is stored, read, taken away and deleted is a register. Its operations must have an order in which each lies
between its own begin and end and sees what the one before left (linearizability; the search is that of Wing and Gong,
with Lowe's memory of what was tried).
A file that is appended to is a log. Its lines must be there whole and once, in an order that does not contradict begin
and end.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

STEPS = 2_000_000
"""The most states of one register that are looked at before it is left undecided."""

Value = str | None
"""The value of a register: any text, or None for a file that is not there."""


class Kind(Enum):
    """The effect of an operation on a register."""

    WRITE = "write"
    """Leaves the value."""
    READ = "read"
    """Sees the value."""
    TAKE = "take"
    """Sees the value and leaves nothing."""
    DELETE = "delete"
    """Sees any value and leaves nothing."""


class Operation(NamedTuple):
    """One operation on one register. certain: whether its client was told that it is done. Times are in seconds."""

    kind: Kind
    value: Value
    begin: float
    end: float
    certain: bool
    who: str


class Append(NamedTuple):
    """A line that was sent to the end of a log."""

    value: str
    begin: float
    end: float
    certain: bool
    who: str


class Rotation(NamedTuple):
    """A log got another name, and the next line begins a new one."""

    begin: float
    end: float


class Seen(NamedTuple):
    """The lines that a reader of the log got; none when there was no file."""

    values: Sequence[str]
    begin: float
    end: float
    who: str


class State(NamedTuple):
    """Which operations are done, one bit for each, and the value that they left."""

    done: int
    value: Value


class Where(NamedTuple):
    """The number of a file, and of a line in it."""

    file: int
    line: int


class Wrong(AssertionError):
    """No order explains what was seen."""


class Undecided(AssertionError):
    """There are too many orders to look at all."""


def check_register(history: Iterable[Operation]) -> None:
    """@raises Wrong: when no order explains the operations. The file is not there at first."""
    operations = sorted(_known(list(history)), key=lambda operation: operation.begin)
    tried: set[State] = set()
    stack = [_greedy(operations, 0, None)]
    best = stack[0]
    while stack:
        state = stack.pop()
        if state in tried:
            continue
        tried.add(state)
        done, value = state
        if len(tried) > STEPS:
            raise Undecided(f"{len(operations)} operations have more than {STEPS} orders")
        if done.bit_count() > best[0].bit_count():
            best = state
        candidates = sorted(_candidates(operations, done), key=lambda index: not operations[index].certain)
        if all(not operations[index].certain for index in _left(operations, done)):
            return
        for index in reversed(candidates):
            after = _apply(operations[index], value)
            if after is not None:
                stack.append(_greedy(operations, done | 1 << index, after.value))
    raise Wrong(_told(operations, best))


def _known(operations: Sequence[Operation]) -> Iterator[Operation]:
    """
    A write that was seen was done by then, also when its client was not told so. Other operations without an answer may
    be done at any later time.
    """
    seen: dict[str, float] = {}
    for operation in operations:
        if operation.kind in (Kind.READ, Kind.TAKE) and operation.value is not None:
            seen[operation.value] = min(operation.end, seen.get(operation.value, math.inf))
    written = {operation.value for operation in operations if operation.kind is Kind.WRITE}
    for value in seen:
        if value not in written:
            raise Wrong(f"{value} was seen, and nobody wrote it")
    for operation in operations:
        if operation.kind is Kind.WRITE and operation.value in seen and not operation.certain:
            yield operation._replace(end=max(operation.begin, seen[operation.value]), certain=True)
        elif operation.certain:
            yield operation
        else:
            yield operation._replace(end=math.inf)


def _left(operations: Sequence[Operation], done: int) -> Iterator[int]:
    return (index for index in range(len(operations)) if not done >> index & 1)


def _candidates(operations: Sequence[Operation], done: int) -> Iterator[int]:
    """Operations that may come next: no other one was over before they began."""
    ends = (operations[index].end for index in _left(operations, done) if operations[index].certain)
    end = min(ends, default=math.inf)
    for index in _left(operations, done):
        if operations[index].begin > end:
            return
        yield index


def _greedy(operations: Sequence[Operation], done: int, value: Value) -> State:
    """Reads that fit change nothing: they come at once."""
    while True:
        fitting = 0
        for index in _candidates(operations, done):
            if operations[index].kind is Kind.READ and operations[index].value == value:
                fitting |= 1 << index
        if not fitting:
            return State(done, value)
        done |= fitting


class After(NamedTuple):
    """The value that an operation left."""

    value: Value


def _apply(operation: Operation, value: Value) -> After | None:
    """None when the operation could not see this value."""
    if operation.kind is Kind.WRITE:
        return After(operation.value)
    if operation.kind is Kind.TAKE and value == operation.value:
        return After(None)
    if operation.kind is Kind.DELETE and (value is not None or not operation.certain):
        return After(None)
    if operation.kind is Kind.READ and value == operation.value:
        return After(value)
    return None


def _told(operations: Sequence[Operation], state: State) -> str:
    done, value = state
    stuck = list(_candidates(operations, done))
    first = max(0, min(stuck, default=0) - 8)
    lines = [f"the file is {value}, and none of those marked > can come next"]
    for index in range(first, min(len(operations), max(stuck, default=0) + 4)):
        operation = operations[index]
        mark = ">" if index in stuck else " " if done >> index & 1 else "-"
        lines.append(f"{mark} {operation.begin:.3f} to {operation.end:.3f} {operation.who}: "
                     f"{operation.kind.value} {operation.value}" + ("" if operation.certain else ", not confirmed"))
    return "\n".join(lines)


def check_log(appends: Sequence[Append], rotations: Sequence[Rotation], seen: Sequence[Seen],
              files: Sequence[Sequence[str]]) -> None:
    """
    @param rotations: in their order; files: the state at the end, the lines of each file in the order of the rotations,
    the log itself last
    @raises Wrong: when a confirmed line is not there, is there twice or out of order, or when a reader saw lines that
    no file ever had
    """
    known = {append.value: append for append in appends}
    place: dict[str, Where] = {}
    for number, lines in enumerate(files):
        for position, value in enumerate(lines):
            if value not in known:
                raise Wrong(f"{value} is in file {number}, and nobody appended it")
            if value in place:
                raise Wrong(f"{value} is there twice: in file {place[value].file} and in file {number}")
            place[value] = Where(number, position)
    for append in appends:
        if append.certain and append.value not in place:
            raise Wrong(f"{append.value} was confirmed to {append.who} at {append.end:.3f} and is not there")
    _check_order([known[value] for lines in files for value in lines])
    for reader in seen:
        _check_seen(reader, known, rotations, files)


def _check_order(appends: Sequence[Append]) -> None:
    latest: Append | None = None
    for append in appends:
        if latest and append.certain and append.end < latest.begin:
            raise Wrong(f"{append.value} was over at {append.end:.3f} and comes after {latest.value}, "
                        f"which began at {latest.begin:.3f}")
        if latest is None or append.begin > latest.begin:
            latest = append


def _check_seen(reader: Seen, known: dict[str, Append], rotations: Sequence[Rotation],
                files: Sequence[Sequence[str]]) -> None:
    oldest = sum(rotation.end < reader.begin for rotation in rotations)
    newest = sum(rotation.begin < reader.end for rotation in rotations)
    reasons = []
    for number in range(oldest, newest + 1):
        lines = files[number]
        if list(lines[:len(reader.values)]) != list(reader.values):
            reasons.append(f"file {number} does not begin with them")
            continue
        missing = [value for value in lines[len(reader.values):]
                   if known[value].certain and known[value].end < reader.begin]
        if not missing:
            return
        reasons.append(f"file {number} had {missing[0]} too, confirmed at {known[missing[0]].end:.3f}")
    raise Wrong(f"{reader.who} saw {len(reader.values)} lines from {reader.begin:.3f} to {reader.end:.3f}, "
                f"the last {list(reader.values)[-1:]}: " + "; ".join(reasons))
