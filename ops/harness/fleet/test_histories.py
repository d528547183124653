"""The judge of histories finds what is wrong, and only that."""

import random
import unittest
from collections.abc import Sequence

from harness.fleet.histories import Append, Kind, Operation, Rotation, Seen, Value, Wrong, check_log, check_register


def op(kind: str, value: Value, begin: float, end: float, certain: bool = True) -> Operation:
    return Operation(Kind(kind), value, begin, end, certain, "client")


class Registers(unittest.TestCase):
    def right(self, *operations: Operation) -> None:
        check_register(operations)

    def wrong(self, *operations: Operation) -> None:
        with self.assertRaises(Wrong):
            check_register(operations)

    def test_a_confirmed_file_is_seen_afterwards(self) -> None:
        self.right(op("write", "a", 0, 1), op("read", "a", 2, 3))
        self.wrong(op("write", "a", 0, 1), op("read", None, 2, 3))

    def test_an_older_file_does_not_come_back(self) -> None:
        self.wrong(op("write", "a", 0, 1), op("write", "b", 2, 3), op("read", "a", 4, 5))
        self.wrong(op("write", "a", 0, 1), op("write", "b", 2, 6), op("read", "b", 3, 4), op("read", "a", 4.5, 5))

    def test_while_two_write_both_may_be_the_last(self) -> None:
        for last in "ab":
            self.right(op("write", "a", 0, 3), op("write", "b", 1, 2), op("read", last, 4, 5))
        self.wrong(op("write", "a", 0, 3), op("write", "b", 1, 2), op("read", "a", 4, 5), op("read", "b", 6, 7))

    def test_what_was_not_confirmed_may_be_there_or_not(self) -> None:
        for last in ("a", "b"):
            self.right(op("write", "a", 0, 1), op("write", "b", 2, 3, certain=False), op("read", last, 4, 5))
        self.wrong(op("write", "a", 0, 1), op("write", "b", 2, 3, certain=False), op("read", "b", 4, 5),
                   op("read", "a", 6, 7))

    def test_what_nobody_wrote_is_not_seen(self) -> None:
        self.wrong(op("read", "a", 0, 1))

    def test_a_file_is_taken_once(self) -> None:
        self.right(op("write", "a", 0, 1), op("take", "a", 2, 3), op("read", None, 4, 5))
        self.wrong(op("write", "a", 0, 1), op("take", "a", 2, 3), op("take", "a", 2, 3))
        self.wrong(op("write", "a", 0, 1), op("take", "a", 2, 3), op("read", "a", 4, 5))

    def test_a_deleted_file_is_gone(self) -> None:
        self.right(op("write", "a", 0, 1), op("delete", None, 2, 3), op("read", None, 4, 5))
        self.wrong(op("write", "a", 0, 1), op("delete", None, 2, 3), op("read", "a", 4, 5))
        self.wrong(op("write", "a", 0, 1), op("delete", None, 2, 3), op("delete", None, 4, 5))
        self.right(op("write", "a", 0, 1), op("delete", None, 2, 3, certain=False), op("read", "a", 4, 5),
                   op("read", None, 6, 7))

    def test_every_history_of_a_real_register_is_right_and_a_lost_write_is_found(self) -> None:
        found = 0
        for seed in range(200):
            history = _history(random.Random(seed), 60)
            check_register(history)
            writes = [number for number, one in enumerate(history) if one.kind is Kind.WRITE and one.certain]
            lost = random.Random(seed).choice(writes)
            if any(one.kind in (Kind.READ, Kind.TAKE) and one.value == history[lost].value for one in history):
                with self.assertRaises(Wrong):
                    check_register(history[:lost] + history[lost + 1:])
                found += 1
        self.assertGreater(found, 50)


def _history(source: random.Random, count: int) -> list[Operation]:
    """Operations whose effects happen at one moment between begin and end."""
    moments = sorted(source.uniform(0, 100) for _ in range(count))
    value: Value = None
    history: list[Operation] = []
    for number, moment in enumerate(moments):
        kind = source.choice(("write", "write", "read", "read", "read", "take", "delete"))
        begin, end = moment - source.uniform(0, 5), moment + source.uniform(0, 5)
        if kind == "write":
            value = f"v{number}"
            history.append(op("write", value, begin, end, source.random() < 0.9))
        elif kind == "read" or value is None:
            history.append(op("read", value, begin, end))
        elif kind == "take":
            history.append(op("take", value, begin, end))
            value = None
        else:
            history.append(op("delete", None, begin, end, source.random() < 0.8))
            value = None
    return history


class Logs(unittest.TestCase):
    APPENDS = [Append("a", 0, 1, True, "x"), Append("b", 2, 3, True, "x"), Append("c", 4, 5, False, "y"),
               Append("d", 6, 7, True, "y")]

    def right(self, files: Sequence[Sequence[str]], rotations: Sequence[Rotation] = (),
              seen: Sequence[Seen] = ()) -> None:
        check_log(self.APPENDS, rotations, seen, files)

    def wrong(self, files: Sequence[Sequence[str]], rotations: Sequence[Rotation] = (),
              seen: Sequence[Seen] = ()) -> None:
        with self.assertRaises(Wrong):
            self.right(files, rotations, seen)

    def test_confirmed_lines_are_there_once_and_in_order(self) -> None:
        self.right([["a", "b", "d"]])
        self.right([["a", "b", "c", "d"]])
        self.right([["a", "b", "d", "c"]])
        self.wrong([["a", "d"]])
        self.wrong([["b", "a", "d"]])
        self.wrong([["a", "b", "b", "d"]])
        self.wrong([["a", "b", "e", "d"]])

    def test_a_line_is_in_one_of_the_files(self) -> None:
        rotation = [Rotation(3.5, 3.7)]
        self.right([["a", "b"], ["d"]], rotation)
        self.wrong([["a", "b"], ["b", "d"]], rotation)

    def test_a_reader_sees_a_beginning_with_all_that_was_confirmed(self) -> None:
        files = [["a", "b", "d"]]
        self.right(files, seen=[Seen(["a"], 1.5, 2.5, "r"), Seen(["a", "b"], 1.5, 2.5, "r"), Seen([], 0, 0.5, "r")])
        self.wrong(files, seen=[Seen(["a"], 3.5, 3.6, "r")])
        self.wrong(files, seen=[Seen(["b"], 3.5, 3.6, "r")])
        self.wrong(files, seen=[Seen([], 3.5, 3.6, "r")])

    def test_a_reader_sees_the_file_that_had_the_name(self) -> None:
        files, rotation = [["a", "b"], ["d"]], [Rotation(3.5, 3.7)]
        self.right(files, rotation, [Seen(["a", "b"], 3.4, 3.6, "r"), Seen([], 3.6, 3.8, "r"), Seen(["d"], 8, 9, "r")])
        self.wrong(files, rotation, [Seen(["a", "b"], 3.8, 3.9, "r")])
        self.wrong(files, rotation, [Seen(["d"], 3.1, 3.2, "r")])


if __name__ == "__main__":
    unittest.main()
