"""The page of a small exercise: what is given, the laws with their working, and the result in a sentence.

The same few sentences serve every kind: one for each role that is given, and one for each law that is used.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType

from explainer.explain.document import Block, Bullets, Inlines, Paragraph
from explainer.explain.given import put_in, rounding
from explainer.explain.kinds import Kind
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.maths.quantity import FIXED_SIGNAL, Quantity

Sentences = Callable[[Reading], Iterator[Inlines]]
"""Sentences of a page, or none."""

Blocks = Callable[[Reading], Iterator[Block]]


def nothing(_reading: Reading) -> Iterator[Inlines]:
    """No sentence."""
    return iter(())


def numbers(reading: Reading, words: Mapping[str, str] = MappingProxyType({})) -> Iterator[Inlines]:
    """The given numbers, those of one role together; `words` are keys for roles that are told in other words."""
    by_role: dict[str, list[Quantity]] = {}
    for quantity in reading.trace.given:
        kind = "fixed_signal" if quantity == FIXED_SIGNAL else quantity.role
        by_role.setdefault(kind, []).append(quantity)
    for role, members in by_role.items():
        word = words.get(role, role)
        yield reading.prose.counted(
            f"exercise.one_{word}", f"exercise.some_{word}", len(members), list=reading.listing(members)
        )


def laws_section(reading: Reading) -> Iterator[Block]:
    """Each law in a sentence, and the quantities that it gives."""
    blocks: list[Block] = []
    for law, steps in groupby(reading.trace.steps, key=lambda step: step.equation.law):
        blocks += [reading.say(f"exercise.{LAWS[law](reading)}"), reading.together(steps)]
    if blocks:
        yield reading.heading("solution", 2, blocks)


def exercise(
    name: str,
    *,
    given: Sentences = numbers,
    functions: Sentences = nothing,
    notes: Sentences = nothing,
    remarks: Sentences = nothing,
    solution: Blocks = laws_section,
    further: tuple[Blocks, ...] = (),
) -> Kind:
    """The page of a kind of exercise.

    Args:
        name: the key of its title.
        given: the given numbers.
        functions: what else is given, such as an activation function.
        notes: how what is given is to be read.
        remarks: what the result says.
        solution: the worked lines.
        further: sections after the solution, such as a table.
    """

    def given_section(reading: Reading) -> Iterator[Block]:
        """What is given, and how it is worked."""
        bullets = Bullets((*given(reading), *functions(reading), *put_in(reading)))
        said = list(notes(reading))
        noted: list[Block] = [Paragraph(listed(said, " "))] if said else []
        if reading.in_letters:
            yield reading.heading("given_letters", 2, [reading.say("exercise.letters"), bullets, *noted])
            return
        if is_rounded(reading):
            noted.append(Paragraph(listed(list(rounding(reading)), " ")))
        yield reading.heading("given", 2, [bullets, *noted])

    def outcome(reading: Reading) -> Iterator[Block]:
        """The sections after the solution, of a page that is neither a slice nor in letters."""
        if reading.trace.wanted or reading.in_letters:
            return
        for section in further:
            yield from section(reading)
        said = list(remarks(reading))
        if said:
            yield reading.heading("result", 2, [Paragraph(listed(said, " "))])

    def title(reading: Reading) -> str:
        """The title of a file without one."""
        return reading.prose.text(f"headings.{name}")

    return Kind(title, (given_section, solution, outcome))


def is_rounded(reading: Reading) -> bool:
    """Whether anything on the page may be rounded, so that it must say how."""
    derivations = map(reading.working.derivation, reading.trace.steps)
    relations = {term.relation for each in derivations for term in each.terms}
    return "≈" in relations or (reading.working.rounding_sign == "=" and bool(reading.trace.steps))


def unbiased(reading: Reading) -> bool:
    """Whether no bias is given."""
    return not any(quantity.role == "bias" for quantity in reading.trace.given)


def net_law(reading: Reading) -> str:
    """The sentence of a net input: with a bias, a threshold, a weight on the fixed signal, or none of them."""
    return "net_unbiased" if unbiased(reading) else NET.get(reading.laws.convention.bias, "net")


NET = {"subtracted": "net_subtracted", "weight": "net_weight"}
"""The sentences of net inputs where a bias is not simply added."""


def hidden_law(reading: Reading) -> str:
    """The sentence of a hidden δ, which comes from one unit or from several."""
    weights = [quantity for quantity in reading.trace.given if quantity.role == "weight"]
    return "hidden_delta_one" if len(weights) == 1 else "hidden_delta"


def uphill(reading: Reading) -> bool:
    """Whether δ has the sign of the gradient."""
    return not reading.laws.downhill


LAWS: Mapping[str, Callable[[Reading], str]] = {
    "net": net_law,
    "output": lambda reading: "output",
    "error": lambda reading: "error_law",
    "output_delta": lambda reading: "output_delta_uphill" if uphill(reading) else "output_delta",
    "hidden_delta": hidden_law,
    "change": lambda reading: "change_uphill" if uphill(reading) else "change",
    "new_value": lambda reading: "new_value",
    "loss": lambda reading: "loss",
    "total": lambda reading: "total",
}
"""The sentence that tells each law."""
