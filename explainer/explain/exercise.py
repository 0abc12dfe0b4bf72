"""The page of a small exercise: what is given, the laws with their working, and the result in a sentence.

The same few sentences serve every kind: one for each role that is given, and one for each law that is used.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from types import MappingProxyType

from explainer.explain.document import Block, Bullets, Inlines, Paragraph
from explainer.explain.exercise_notation import Symbols, symbols
from explainer.explain.given import put_in
from explainer.explain.kinds import Kind
from explainer.explain.notation import glossary
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.explain.rounding import rounding
from explainer.maths.quantity import FIXED_SIGNAL, Quantity
from explainer.trace.trace import Step

Sentences = Callable[[Reading], Iterator[Inlines]]
"""Sentences of a page, or none."""

Blocks = Callable[[Reading], Iterator[Block]]

Before = Callable[[Reading, Sequence[Step]], Iterator[Block]]
"""What is said before the steps of a law."""


USUAL = symbols()


def nothing(_reading: Reading) -> Iterator[Inlines]:
    """No sentence."""
    return iter(())


def no_block(_reading: Reading, _steps: Sequence[Step]) -> Iterator[Block]:
    """No block."""
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


def shown(reading: Reading) -> Iterator[Step]:
    """The steps that the page shows: a change is written within the new weight, where it has no name."""
    updated = {step.quantity.original() for step in reading.trace if step.equation.law == "update"}
    for step in reading.trace:
        if step.quantity.role != "change" or step.quantity.parameter() not in updated:
            yield step


def laws_section(reading: Reading, before: Before = no_block) -> Iterator[Block]:
    """Each law in a sentence, and the quantities that it gives; `before` it what it needs to be told."""
    blocks: list[Block] = []
    for law, members in groupby(shown(reading), key=lambda step: step.equation.law):
        steps = list(members)
        blocks += [*before(reading, steps), reading.say(f"exercise.{LAWS[law](reading)}"), reading.together(steps)]
    if blocks:
        yield reading.heading("solution", 2, blocks)


def exercise(
    name: str | Callable[[Reading], str],
    *,
    symbols: Symbols = USUAL,
    given: Sentences = numbers,
    functions: Sentences = nothing,
    remarks: Sentences = nothing,
    solution: Blocks = laws_section,
    further: tuple[Blocks, ...] = (),
) -> Kind:
    """The page of a kind of exercise.

    Args:
        name: the key of its title, or what gives it.
        symbols: the notation.
        given: the given numbers.
        functions: what else is given, such as an activation function.
        remarks: what the result says.
        solution: the worked lines.
        further: sections after the solution, such as a table.
    """

    def notation_section(reading: Reading) -> Iterator[Block]:
        """The table of notation."""
        yield glossary(reading, symbols(reading))

    def given_section(reading: Reading) -> Iterator[Block]:
        """What is given, and how it is worked."""
        bullets = Bullets((*given(reading), *functions(reading), *put_in(reading)))
        if reading.in_letters:
            yield reading.heading("given_letters", 2, [reading.say("exercise.letters"), bullets])
            return
        noted = [Paragraph(listed(list(rounding(reading)), " "))] if is_rounded(reading) else []
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
        return reading.prose.text(f"headings.{name if isinstance(name, str) else name(reading)}")

    return Kind(title, (notation_section, given_section, solution, outcome))


def is_rounded(reading: Reading) -> bool:
    """Whether anything on the page may be rounded, so that it must say how."""
    derivations = chain.from_iterable(map(reading.working.derivations, reading.trace.steps))
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


def change_law(reading: Reading) -> str:
    """The sentence of the change of a weight."""
    if reading.laws.by_gradient:
        return "change_by_gradient"
    return "change" if reading.laws.downhill else "change_uphill"


def update_law(reading: Reading) -> str:
    """The sentence of a new weight that has its change put in."""
    if reading.laws.by_gradient:
        return "update_by_gradient"
    return "update" if reading.laws.downhill else "update_uphill"


def output_law(reading: Reading) -> str:
    """The sentence of an output δ."""
    return "output_delta" if reading.laws.downhill else "output_delta_uphill"


def loss_law(reading: Reading) -> str:
    """The sentence of the loss: of one output or several, of one sample or several."""
    losses = [step.quantity for step in reading.trace if step.equation.law == "loss"]
    outputs = [quantity for quantity in reading.trace.given if quantity.role == "output"]
    of_one = "loss_of_one" if losses[0].sample == 0 else "losses_of_one"
    return of_one if len(outputs) == len(losses) else "loss" if losses[0].sample == 0 else "losses"


def several(one: str, many: str, law: str) -> Callable[[Reading], str]:
    """The sentence for a law that gives one quantity, or several."""
    return lambda reading: one if [step.equation.law for step in reading.trace].count(law) == 1 else many


LAWS: Mapping[str, Callable[[Reading], str]] = {
    "net": net_law,
    "output": several("output", "outputs", "output"),
    "error": several("error_law", "error_laws", "error"),
    "matched_delta": several("matched_delta", "matched_deltas", "matched_delta"),
    "output_delta": output_law,
    "layer_delta": lambda reading: "layer_delta",
    "hidden_delta": hidden_law,
    "gradient": lambda reading: "gradient_downhill" if reading.laws.downhill else "gradient",
    "change": change_law,
    "new_value": lambda reading: "new_value",
    "update": update_law,
    "loss": loss_law,
    "total": lambda reading: "total",
    "mean": lambda reading: "mean",
}
"""The sentence that tells each law."""
