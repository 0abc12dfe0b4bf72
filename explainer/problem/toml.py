"""TOML: from text to a table, its numbers as decimals, or the fault that says why not."""

import re
import tomllib
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from explainer.problem.faults import ProblemError, fault

DEEPEST = 30
"""Tables and lists lie within each other at most so deep."""

PLACE = re.compile(r" \(at (?:(line \d+), column \d+|end of document)\)$")

REASONS = {
    "Cannot overwrite a value": "a key that has been given before",
    "Invalid statement": "expected key = value or a [table]",
    "Invalid value": "expected a value: a number, a text in quotes, true, false, or a list in brackets",
}
"""What the reader of TOML says too shortly."""


def toml(text: str) -> dict[str, Any]:
    """The table of a TOML text.

    Raises:
        ProblemError: it is not TOML, or more than any computer should hold; the line is named where it is known.
    """
    try:
        text.encode()
        found = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise not_toml(str(error)) from None
    except UnicodeEncodeError:
        raise fault("", "not TOML: half a character, which is no text") from None
    except RecursionError:
        raise too_deep() from None
    except (ValueError, ArithmeticError):  # thousands of digits, or an exponent of twenty
        raise fault("", "a number of the file is beyond all range") from None
    if deeper(found, DEEPEST):
        raise too_deep()
    return found


def toml_file(path: Path) -> dict[str, Any]:
    """The table of a TOML file.

    Raises:
        ProblemError: the file cannot be read, or is not TOML.
    """
    try:
        return toml(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise fault("", f"cannot be read: {reason(error)}") from None
    except UnicodeDecodeError as error:
        raise fault("", f"not UTF-8 text, from byte {error.start} on") from None


def reason(error: OSError) -> str:
    """Why the system would not read or write, in its own words: no such file or directory."""
    words = error.strerror or type(error).__name__
    return words[0].lower() + words[1:]


def not_toml(message: str) -> ProblemError:
    """The fault of what the reader of TOML says, such as "Invalid value (at line 3, column 5)"."""
    place = PLACE.search(message)
    words = message[: place.start()] if place else message
    where = (place[1] or "end of file") if place else ""
    return fault(where, f"not TOML: {REASONS.get(words, words[0].lower() + words[1:])}")


def too_deep() -> ProblemError:
    """The fault of a text that is nothing but brackets."""
    return fault("", f"tables or lists lie within each other more than {DEEPEST} deep")


def deeper(table: dict[str, Any], levels: int) -> bool:
    """Whether tables and lists lie within each other deeper than so many levels."""
    inside: list[Any] = [table]
    for _ in range(levels):
        each = (each.values() if isinstance(each, dict) else each for each in inside)
        inside = [inner for inner in chain.from_iterable(each) if type(inner) in (dict, list)]
    return bool(inside)
