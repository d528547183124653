"""The failure of a check, and of a measurement that cannot be made."""


class Failure(AssertionError):
    """Something is not as it must be."""


def require(condition: object, text: str) -> None:
    """@raises Failure: with this text, when the condition is false"""
    if not condition:
        raise Failure(text)
