"""Finding a quantity by its name, however it is typed; and what to say where there is none of that name."""

import re
import unicodedata
from collections.abc import Collection, Hashable
from functools import cached_property

from explainer.maths.quantity import Quantity
from explainer.problem.convention import convention, convention_names
from explainer.problem.faults import did_you_mean, fault, suggestion
from explainer.trace.names import Names, in_plain_letters

SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₕₒ", "0123456789ho")
LOWERED = re.compile("[₀-₉ₕₒ]")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵖˢ", "0123456789()ps")
RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵖˢ]+")

MOST_COMPARED = 5000
"""Of a network with more quantities it is not looked up what other conventions call them."""


class Finder:
    """Finds quantities by name, however it is typed.

    A large network has many names, most of them of weights, so only those that begin as the name asked for are made.
    """

    def __init__(self, names: Names, quantities: Collection[Quantity]) -> None:
        self.names = names
        self.quantities = quantities
        self.known: dict[str, dict[str, Quantity]] = {}

    @cached_property
    def kinds(self) -> dict[str, list[Quantity]]:
        """The quantities whose names begin alike: with delta, dw, w, …"""
        stems: dict[Hashable, str] = {}
        kinds: dict[str, list[Quantity]] = {}
        for quantity in self.quantities:
            key = self.names.kind(quantity)
            if key not in stems:
                stems[key] = stem(self.names.typed(quantity))
            kinds.setdefault(stems[key], []).append(quantity)
        return kinds

    def alike(self, name: str) -> dict[str, Quantity]:
        """The quantities that begin like a name, by their names in plain letters."""
        kind = stem(name)
        if kind not in self.known:
            self.known[kind] = {self.names.typed(quantity): quantity for quantity in self.kinds.get(kind, ())}
        return self.known[kind]

    def __call__(self, name: str) -> Quantity:
        """The quantity of this name, such as delta_5, δ_5, δ₅, Δw_14 or w_14^new.

        Raises:
            ProblemError: there is none; near names are given.
        """
        typed = plain(name)
        found = self.alike(typed).get(typed)
        if found is None:
            near = self.same(typed) or self.marked(typed) or self.elsewhere(typed)
            told = did_you_mean(near) if near else suggestion(typed, self.listed(typed))
            raise fault("", f'no quantity is called "{name}"{told}')
        return found

    def same(self, name: str) -> list[str]:
        """The names that are this one but for underscores."""
        bare = name.replace("_", "")
        kinds = [kind for kind in self.kinds if name.startswith(kind)]
        return [typed for kind in kinds for typed in self.alike(kind) if typed.replace("_", "") == bare]

    def marked(self, name: str) -> list[str]:
        """The names that are this one with something above it: w_12^(1) and w_12^(2) for w_12."""
        return [typed for typed in self.alike(name) if re.sub(r"\^[^_]*", "", typed) == name]

    def elsewhere(self, name: str) -> list[str]:
        """What the quantities that other conventions call so are called in this one: a_1^(1) for o_4."""
        if not self.names.sizes or len(self.quantities) > MOST_COMPARED:
            return []
        others = (Names(convention(each), self.names.sizes, self.names.own) for each in convention_names())
        found = (Finder(other, self.quantities).alike(name).get(name) for other in others)
        return list(dict.fromkeys(self.names.typed(each) for each in found if each is not None))

    def listed(self, name: str) -> list[str]:
        """Names to choose from: those of the same kind, else one of each kind."""
        return list(self.alike(name))[:12] or [self.names.typed(first) for first, *_ in self.kinds.values()]


def stem(typed: str) -> str:
    """What a name begins with, before the indices: delta of delta_5, sigma of sigma(2)."""
    return re.split(r"[_^(]", typed, maxsplit=1)[0]


def plain(name: str) -> str:
    """A name as `Names.typed` writes it."""
    spelled = unicodedata.normalize("NFC", name).strip()
    lowered = LOWERED.search(spelled)
    if lowered and lowered.start() and spelled[lowered.start() - 1] != "_":
        spelled = f"{spelled[: lowered.start()]}_{spelled[lowered.start() :]}"
    spelled = RAISED.sub(lambda raised: f"^{raised[0].translate(SUPERSCRIPTS)}", spelled.translate(SUBSCRIPTS))
    spelled = spelled.replace("{", "").replace("}", "").replace(" ", "").replace("\\", "")
    spelled = spelled.replace("ⁿᵉʷ", "_new").replace("^new", "_new")
    return in_plain_letters(spelled).replace("Delta", "d")
