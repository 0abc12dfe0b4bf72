"""Settings: single fields of a problem put in from outside, as `--set KEY=VALUE` does."""

import re
from collections.abc import Iterable, Mapping
from copy import copy
from decimal import Decimal
from typing import Any

from explainer.problem.faults import Fault, ProblemError, counted, fault
from explainer.problem.toml import DEEPEST, toml

Settings = Iterable[tuple[str, Any]]
"""(key, value) pairs, such as ("samples[0].inputs", [1, 1, 1])."""

RIVALS = {"numbers.decimals": "numbers.significant", "numbers.significant": "numbers.decimals"}
"""Fields of which a problem has one; setting it takes the other out."""

STEP = re.compile(r"""\.?(?:(?P<name>\w+)|"(?P<quoted>[^"\ud800-\udfff]+)"|\[(?P<place>\d{1,6})\])""")


def setting(assignment: str) -> tuple[str, Any]:
    """The key and value of "KEY=VALUE", the value read as TOML, or as text where it is none.

    Raises:
        ProblemError: there is no "=" or no key.
    """
    key, equals, value = assignment.partition("=")
    if not equals or not key.strip():
        raise fault(f"--set {assignment}", "expected KEY=VALUE, for example training.learning_rate=0.5")
    try:
        found = toml(f"value = {value}")
    except ProblemError:
        found = {}
    return key.strip(), found["value"] if found.keys() == {"value"} else value.strip()


def applied(data: Mapping[str, Any], settings: Settings) -> tuple[Mapping[str, Any], list[Fault]]:
    """The table with the settings put in, and a fault for each key that leads nowhere.

    The table given stays as it is.
    """
    pairs = list(settings)
    if not pairs:
        return data, []
    changed = dict(data)
    faults = []
    for key, value in pairs:
        try:
            put(changed, key, value)
            if key in RIVALS and value is not None:
                put(changed, RIVALS[key], None)
        except LookupError as error:
            faults.append(Fault(key, str(error.args[0])))
    return changed, faults


def put(data: dict[str, Any], key: str, value: Any) -> None:
    """Set one field, making the tables on the way where they are missing; None takes it out.

    What is on the way is copied, since it belongs to the table that the settings are put into.
    """
    *path, last = steps(key)
    here: Any = data
    for step in path:
        inside = isinstance(here, dict) and isinstance(step, str)
        here[step] = copy(here.get(step, {}) if inside else item(here, step))
        here = here[step]
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
        raise LookupError(f"cannot be set: the list has {counted(len(here), 'item')}, counted from 0")
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
    if len(found) > DEEPEST:
        raise LookupError(f"cannot be set: expected at most {DEEPEST} parts")
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
