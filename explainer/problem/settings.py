"""Settings: single fields of a problem put in from outside, as `--set KEY=VALUE` does."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

from explainer.problem.faults import Fault, ProblemError, fault

Settings = Iterable[tuple[str, Any]]
"""(key, value) pairs, such as ("samples[0].inputs", [1, 1, 1])."""

STEP = re.compile(r"""\.?(?:(?P<name>\w+)|"(?P<quoted>[^"]+)"|\[(?P<place>\d{1,6})\])""")


def setting(assignment: str) -> tuple[str, Any]:
    """The key and value of "KEY=VALUE", the value read as TOML, or as text where it is none.

    Raises:
        ProblemError: there is no "=" or no key.
    """
    key, equals, value = assignment.partition("=")
    if not equals or not key.strip():
        raise fault(f"--set {assignment}", "expected KEY=VALUE, for example training.learning_rate=0.5")
    try:
        return key.strip(), tomllib.loads(f"value = {value}", parse_float=Decimal)["value"]
    except (ValueError, RecursionError):
        return key.strip(), value.strip()


def applied(data: Mapping[str, Any], settings: Settings) -> Mapping[str, Any]:
    """The table with the settings put in; the table given stays as it is.

    Raises:
        ProblemError: a key leads nowhere; every such key is named.
    """
    pairs = list(settings)
    if not pairs:
        return data
    changed: dict[str, Any] = deepcopy(dict(data))
    faults = []
    for key, value in pairs:
        try:
            put(changed, key, value)
        except LookupError as error:
            faults.append(Fault(key, str(error.args[0])))
    if faults:
        raise ProblemError(faults)
    return changed


def put(data: dict[str, Any], key: str, value: Any) -> None:
    """Set one field, making the tables on the way where they are missing; None takes it out."""
    *path, last = steps(key)
    here: Any = data
    for step in path:
        if isinstance(here, dict) and isinstance(step, str):
            here = here.setdefault(step, {})
        else:
            here = item(here, step)
    if isinstance(here, dict) and isinstance(last, str):
        if value is None:
            here.pop(last, None)
        else:
            here[last] = plain(value)
    else:
        item(here, last)
        here[last] = plain(value)


def item(here: Any, step: str | int) -> Any:
    """The item of a list at a place."""
    if not isinstance(here, list) or not isinstance(step, int):
        raise LookupError(f"cannot be set: nothing here has a part called {step}")
    if step >= len(here):
        raise LookupError(f"cannot be set: the list has {len(here)} items, counted from 0")
    return here[step]


def steps(key: str) -> list[str | int]:
    """The path of a key: "samples[0].inputs" is ["samples", 0, "inputs"]."""
    found: list[str | int] = []
    at = 0
    while at < len(key):
        match = STEP.match(key, at)
        if not match:
            raise LookupError("cannot be set: expected a key such as training.learning_rate or samples[0].inputs")
        name = match["name"] or match["quoted"]
        found.append(name if name else int(match["place"]))
        at = match.end()
    return found


def plain(value: Any) -> Any:
    """A Python value as TOML would have given it: floats as decimals, tuples as lists."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value
