"""Faults: what is wrong with a request or a file, said so that it can be mended at once."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from msgspec import Struct

LISTED = 20
"""So many known names are listed where none is near; of more, the first ones."""


class Fault(Struct, frozen=True):
    """One mistake: where it stands, and what was found and expected there."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class ProblemError(ValueError):
    """A request that cannot be carried out, with every fault that was found."""

    def __init__(self, faults: Iterable[Fault], file: str = "") -> None:
        self.faults = tuple(faults)
        self.file = file
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """One line for each fault, the file first."""
        return [visible(f"{self.file}: {fault}" if self.file else str(fault)) for fault in self.faults]


def fault(place: str, message: str) -> ProblemError:
    """The error of a single fault."""
    return ProblemError([Fault(place, message)])


def suggestion(found: str, known: Sequence[str]) -> str:
    """' (did you mean "sigmoid"?)' where a known name is near, else what is known."""
    near = get_close_matches(found.lower(), known, n=1, cutoff=0.6)
    if near:
        return f' (did you mean "{near[0]}"?)'
    if len(known) < 2:
        return f" (expected {known[0]})" if known else ""
    more = ", …" if len(known) > LISTED else ""
    return f" (expected one of: {', '.join(known[:LISTED])}{more})"


def visible(text: str) -> str:
    """The text on one line, with an escape such as that of Python in place of a letter that cannot be seen."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def counted(number: int, noun: str) -> str:
    """ "1 unit", "2 units", "2 biases"."""
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number} {noun}{ending}"
