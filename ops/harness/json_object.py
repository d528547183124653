"""JSON as servers print it, read with the types that its reader needs."""

import json
from typing import TypeVar

from harness.failure import Failure

T = TypeVar("T")


class JsonObject:
    """An object of JSON. Its methods raise Failure when a key is not there, or when its value has another type."""

    def __init__(self, values: dict[str, object]) -> None:
        self.values = values

    def __repr__(self) -> str:
        return json.dumps(self.values)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, absent: str | None = None) -> str:
        """@param absent: the value to return when there is no such key, or null"""
        value = self.values.get(key)
        return _of(str, key, absent if value is None else value)

    def number(self, key: str) -> int:
        return _of(int, key, self.values.get(key))

    def object(self, key: str) -> "JsonObject":
        return JsonObject(_of(dict, key, self.values.get(key)))

    def objects(self, key: str) -> list["JsonObject"]:
        return [JsonObject(_of(dict, key, one)) for one in _of(list, key, self.values.get(key))]


def _of(kind: type[T], key: str, value: object) -> T:
    if not isinstance(value, kind):
        raise Failure(f"{key} is {value!r}, not of the type {kind.__name__}")
    return value


def parse(text: str | bytes) -> JsonObject:
    """@raises Failure: when the text is not an object of JSON"""
    try:
        return JsonObject(_of(dict, "the text", json.loads(text)))
    except ValueError as wrong:
        raise Failure(f"not JSON: {text[:200]!r}") from wrong
