"""
Judges what clients saw of files that many of them wrote at the same time. Pure: it knows operations with their begin and end, and nothing
of servers.

A file that is stored, read, taken away and deleted is a register. Its operations must have an order in which each lies between its own begin
and end and sees what the one before left (linearizability; the search is that of Wing and Gong, with Lowe's memory of what was tried).
A file that is appended to is a log. Its lines must be there whole and once, in an order that does not contradict begin and end.
"""

import collections
import math

STEPS = 2_000_000
"""How many states of one register are looked at before it is left undecided."""

Operation = collections.namedtuple("Operation", "kind value begin end certain who")
"""
One operation on one register. kind: {write} leaves the value, {read} sees it, {take} sees it and leaves nothing, {delete} sees any value and
leaves nothing. value: any text, or None for a file that is not there. certain: whether its client was told that it is done.
"""

Append = collections.namedtuple("Append", "value begin end certain who")
Rotation = collections.namedtuple("Rotation", "begin end")
"""A log got another name, and the next line begins a new one."""
Seen = collections.namedtuple("Seen", "values begin end who")
"""The lines that a reader of the log got; none when there was no file."""


class Wrong(AssertionError):
    """No order explains what was seen."""


class Undecided(AssertionError):
    """There are too many orders to look at all."""


def check_register(operations):
    """@raises Wrong: when no order explains the operations. The file is not there at first."""
    operations = sorted(_known(operations), key=lambda operation: operation.begin)
    tried = set()
    stack = [_greedy(operations, 0, None)]
    best = stack[0]
    while stack:
        done, value = stack.pop()
        if (done, value) in tried:
            continue
        tried.add((done, value))
        if len(tried) > STEPS:
            raise Undecided(f"{len(operations)} operations have more than {STEPS} orders")
        if done.bit_count() > best[0].bit_count():
            best = (done, value)
        candidates = sorted(_candidates(operations, done), key=lambda index: not operations[index].certain)
        if all(not operations[index].certain for index in _left(operations, done)):
            return
        for index in reversed(candidates):
            after = _apply(operations[index], value)
            if after is not None:
                stack.append(_greedy(operations, done | 1 << index, after[0]))
    raise Wrong(_told(operations, *best))


def _known(operations):
    """A write that was seen was done by then, whatever its client was told; other operations without an answer may be done at any later time."""
    seen = {}
    for operation in operations:
        if operation.kind in ("read", "take") and operation.value is not None:
            seen[operation.value] = min(operation.end, seen.get(operation.value, math.inf))
    written = {operation.value for operation in operations if operation.kind == "write"}
    for value in seen:
        if value not in written:
            raise Wrong(f"{value} was seen, and nobody wrote it")
    for operation in operations:
        if operation.kind == "write" and operation.value in seen and not operation.certain:
            yield operation._replace(end=max(operation.begin, seen[operation.value]), certain=True)
        elif operation.certain:
            yield operation
        else:
            yield operation._replace(end=math.inf)


def _left(operations, done):
    return (index for index in range(len(operations)) if not done >> index & 1)


def _candidates(operations, done):
    """Those that may come next: no other one was over before they began."""
    end = min((operations[index].end for index in _left(operations, done) if operations[index].certain), default=math.inf)
    for index in _left(operations, done):
        if operations[index].begin > end:
            return
        yield index


def _greedy(operations, done, value):
    """Reads that fit change nothing: they come at once."""
    while True:
        fitting = 0
        for index in _candidates(operations, done):
            if operations[index].kind == "read" and operations[index].value == value:
                fitting |= 1 << index
        if not fitting:
            return done, value
        done |= fitting


def _apply(operation, value):
    """The value afterwards in a tuple; None when the operation could not see this value."""
    if operation.kind == "write":
        return (operation.value,)
    if operation.kind == "take" and value == operation.value:
        return (None,)
    if operation.kind == "delete" and (value is not None or not operation.certain):
        return (None,)
    if operation.kind == "read" and value == operation.value:
        return (value,)
    return None


def _told(operations, done, value):
    stuck = list(_candidates(operations, done))
    first = max(0, min(stuck, default=0) - 8)
    lines = [f"the file is {value}, and none of those marked > can come next"]
    for index in range(first, min(len(operations), max(stuck, default=0) + 4)):
        operation = operations[index]
        mark = ">" if index in stuck else " " if done >> index & 1 else "-"
        lines.append(f"{mark} {operation.begin:.3f} to {operation.end:.3f} {operation.who}: {operation.kind} {operation.value}"
                     + ("" if operation.certain else ", not confirmed"))
    return "\n".join(lines)


def check_log(appends, rotations, seen, files):
    """
    @param rotations: in their order; files: what is there at the end, the lines of each file in the order of the rotations, the log itself last
    @raises Wrong: when a confirmed line is not there, is there twice or out of order, or when a reader saw what no file ever was
    """
    known = {append.value: append for append in appends}
    place = {}
    for number, lines in enumerate(files):
        for position, value in enumerate(lines):
            if value not in known:
                raise Wrong(f"{value} is in file {number}, and nobody appended it")
            if value in place:
                raise Wrong(f"{value} is there twice: in file {place[value][0]} and in file {number}")
            place[value] = (number, position)
    for append in appends:
        if append.certain and append.value not in place:
            raise Wrong(f"{append.value} was confirmed to {append.who} at {append.end:.3f} and is not there")
    _check_order([known[value] for lines in files for value in lines])
    for reader in seen:
        _check_seen(reader, place, known, rotations, files)


def _check_order(appends):
    latest = None
    for append in appends:
        if latest and append.certain and append.end < latest.begin:
            raise Wrong(f"{append.value} was over at {append.end:.3f} and comes after {latest.value}, which began at {latest.begin:.3f}")
        if latest is None or append.begin > latest.begin:
            latest = append


def _check_seen(reader, place, known, rotations, files):
    oldest = sum(rotation.end < reader.begin for rotation in rotations)
    newest = sum(rotation.begin < reader.end for rotation in rotations)
    reasons = []
    for number in range(oldest, newest + 1):
        lines = files[number]
        if lines[:len(reader.values)] != list(reader.values):
            reasons.append(f"file {number} does not begin with them")
            continue
        missing = [value for value in lines[len(reader.values):] if known[value].certain and known[value].end < reader.begin]
        if not missing:
            return
        reasons.append(f"file {number} had {missing[0]} too, confirmed at {known[missing[0]].end:.3f}")
    raise Wrong(f"{reader.who} saw {len(reader.values)} lines from {reader.begin:.3f} to {reader.end:.3f}, the last {list(reader.values)[-1:]}: "
                + "; ".join(reasons))
