"""Equations in letters, checked by putting numbers in for the letters: with a wrong index the sides differ."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from random import Random

from explainer.check.equalities import chains, entrywise, shown
from explainer.check.findings import Finding
from explainer.check.nearness import same
from explainer.explain.document import Document, Term
from explainer.maths.arithmetic import PRINTED
from explainer.maths.formula import Braced, Formula, IndexedSum, Partial, SlopeOf, parts, quantities
from explainer.maths.losses import LOSSES
from explainer.maths.quantity import FIXED_SIGNAL, Quantity
from explainer.problem.kinds.error import Error
from explainer.problem.kinds.hidden_delta import HiddenDelta
from explainer.problem.kinds.output_delta import OutputDelta
from explainer.problem.model import OneStep
from explainer.trace.trace import Trace

PLACES = 4

POSITIVE = (
    "rate",
    "setting",
    "square_sum",
    "square_mean",
    "change_mean",
    "second_moment",
    "largest",
    "running_variance",
)


def drawn(trace: Trace) -> dict[Quantity, Decimal]:
    """A number for each given letter, none of them 0, 1 or twice the same but by chance.

    What is set is positive, and so is what measures a size, or is a probability.
    """
    random, top = Random(0), 10**PLACES
    positive = POSITIVE if suited(trace) in ("any", "signs") else (*POSITIVE, "output")
    values = {
        quantity: Decimal(
            random.randint(top // 10, top) * (1 if quantity.role in positive else random.choice((1, -1)))
        ).scaleb(-PLACES)
        for quantity in trace.given
    }
    return {**values, **distribution(trace, values)}


def suited(trace: Trace) -> str:
    """What the targets of the loss are, where the problem has one: a distribution, probabilities, or any."""
    match trace.problem.task:
        case OneStep(training=training):
            return LOSSES[training.loss].suits
        case Error(measure=measure) | OutputDelta(measure=measure) | HiddenDelta(measure=measure):
            return LOSSES[measure.name].suits
    return "any"


def distribution(trace: Trace, values: Mapping[Quantity, Decimal]) -> dict[Quantity, Decimal]:
    """The targets, where the loss wants them to be a distribution: the last is what is left of 1."""
    if suited(trace) != "distribution" or isinstance(trace.problem.task, Error):
        return {}
    *others, last = (quantity for quantity in trace.given if quantity.role == "target")
    return {last: 1 - sum((values[each] for each in others), Decimal(0))}


def equations(pages: Sequence[Document], values: Mapping[Quantity, Decimal]) -> Finding:
    """Every equation on the pages whose letters have numbers: both its sides are worth the same.

    That the fixed signal is 1 is no equation of the step: it is drawn like the others, so that none may leave it out.
    """
    held, wrong = 0, []
    for left, right in sides(pages, values):
        if left.formula == FIXED_SIGNAL:
            continue
        if same(*(Decimal(PRINTED.evaluate(side.formula, values.__getitem__, "")) for side in (left, right))):
            held += 1
        else:
            wrong.append(f"{shown(left)} {right.relation} {shown(right)}")
    note = "numbers drawn at random put in for the letters"
    return Finding("equations in letters", held, tuple(wrong), (note,))


def sides(pages: Sequence[Document], values: Mapping[Quantity, Decimal]) -> Iterator[tuple[Term, Term]]:
    """Neighboring sides of the chains of pages, of matrices in every entry; not those of laws, which hold for any unit.

    An array and what is in it are the same by themselves.
    """
    for page in pages:
        for terms in chains(page.blocks):
            for left, right in pairwise(term for term in terms if not states_a_law(term.formula)):
                named = [quantity for side in (left, right) for quantity in quantities(side.formula)]
                if named and all(quantity in values for quantity in named) and not isinstance(right.formula, Braced):
                    yield from entrywise(left, right)


def states_a_law(formula: Formula) -> bool:
    """Whether a formula has a part without a number of its own: a derivative of the chain rule, or one by its name."""
    return isinstance(formula, Partial | IndexedSum | SlopeOf) or any(map(states_a_law, parts(formula)))
