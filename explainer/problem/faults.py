"""Faults: what is wrong with a request or a file, said so that it can be mended at once."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

from msgspec import Struct

Result = TypeVar("Result")

LISTED = 20
"""So many known names are listed where none is near; of more, the first ones."""

NEAR = 3
LIKE = (False, 0.6)
"""The least likeness of a name that is suggested: whether it has the same letters, and how much it is alike."""


class Fault(Struct, frozen=True):
    """One mistake: where it stands, and what was found and expected there.

    An `excerpt` shows the place within a text: the text, and a caret under the place.
    """

    place: str
    message: str
    excerpt: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class ProblemError(ValueError):
    """A request that cannot be carried out, with every fault that was found."""

    def __init__(self, faults: Iterable[Fault], file: str = "") -> None:
        self.faults = tuple(faults)
        self.file = file
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """One line for each fault, the file first; below it, set in, the text that it shows."""
        said = ((f"{self.file}: {fault}" if self.file else str(fault), fault.excerpt) for fault in self.faults)
        return [visible(line) for message, excerpt in said for line in (message, *(f"  {each}" for each in excerpt))]


def fault(place: str, message: str) -> ProblemError:
    """The error of a single fault."""
    return ProblemError([Fault(place, message)])


class Parts:
    """The parts of a request: each is tried, so that the faults of all of them are known at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def attempt(self, part: Callable[..., Result], *args: Any, **kwargs: Any) -> Result | None:
        """What a part gives; None, and its faults kept, where it fails."""
        try:
            return part(*args, **kwargs)
        except ProblemError as error:
            file = error.file
            self.faults += [Fault(file, str(each), each.excerpt) if file else each for each in error.faults]
            return None

    def settle(self, file: str = "") -> None:
        """Goes no further if any part has failed.

        Raises:
            ProblemError: every fault, once.
        """
        if self.faults:
            raise ProblemError(dict.fromkeys(self.faults), file)


def every(find: Callable[[str], Result], names: Iterable[str], place: str) -> list[Result]:
    """What is found under each of the names.

    Raises:
        ProblemError: something is not found; the faults of all names are told, at this place.
    """
    parts = Parts()
    found = [parts.attempt(find, name) for name in names]
    if parts.faults:
        raise ProblemError(Fault(place, each.message) for each in dict.fromkeys(parts.faults))
    return [each for each in found if each is not None]


def one_of(known: Collection[str], kind: str, name: str, place: str = "") -> str:
    """The name, if it is known.

    Raises:
        ProblemError: it is not.
    """
    if name not in known:
        raise fault(place, f'unknown {kind} "{name}"{suggestion(name, tuple(known))}')
    return name


def suggestion(found: str, known: Sequence[str]) -> str:
    """A bracket such as (did you mean "sigmoid"?) where a known name is near, else with what is known."""
    if near := nearest(found, known):
        return did_you_mean(near)
    if len(known) < 2:
        return f" (expected {known[0]})" if known else ""
    more = ", …" if len(known) > LISTED else ""
    return f" (expected one of: {', '.join(known[:LISTED])}{more})"


def did_you_mean(names: Sequence[str]) -> str:
    """A bracket such as (did you mean "w_14"?), of more than three names with the first."""
    near = '" or "'.join(names[:NEAR])
    return f' (did you mean "{near}"?)'


def nearest(found: str, known: Sequence[str]) -> list[str]:
    """The known names that are most like the one found, up to three that are equally like it.

    Letters in another order are most like: w_14 for w_41.
    """
    typed = found.lower()
    likeness = {name: (sorted(name.lower()) == sorted(typed), ratio(name.lower(), typed)) for name in known}
    best = max(likeness.values(), default=(False, 0.0))
    return [name for name, like in likeness.items() if like == best][:NEAR] if best >= LIKE else []


def ratio(name: str, other: str) -> float:
    """How much two names are alike, from 0 to 1."""
    from difflib import SequenceMatcher  # only a mistake needs it

    return SequenceMatcher(None, name, other).ratio()


def visible(text: str) -> str:
    """The text on one line, with an escape such as that of Python in place of a letter that cannot be seen."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def counted(number: int, noun: str) -> str:
    """So many of a thing: 1 unit, 2 units, 2 biases."""
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number} {noun}{ending}"
