"""A comparison: a run for each way to go about a problem, by the same equations."""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from msgspec import Struct

from explainer.problem.faults import Fault, ProblemError, fault
from explainer.problem.model import Problem
from explainer.trace.run import Run
from explainer.trace.runner import Progress, run
from explainer.trace.trace import Trace

Kind = TypeVar("Kind", bound=Trace)


class Member(Struct, Generic[Kind], frozen=True):
    """One way: its name, and what came out."""

    name: str
    run: Run[Kind]


class Comparison(Struct, Generic[Kind], frozen=True):
    """The ways of a problem, each with its run: `comparison["η = 0.5"]`."""

    problem: Problem
    members: tuple[Member[Kind], ...]

    def __getitem__(self, name: str) -> Run[Kind]:
        """The run of the way of this name.

        Raises:
            KeyError: there is no such way.
        """
        for each in self.members:
            if each.name == name:
                return each.run
        raise KeyError(f'there is no way "{name}"; there are {", ".join(each.name for each in self.members)}')

    def __iter__(self) -> Iterator[Run[Kind]]:
        return (each.run for each in self.members)

    @property
    def is_single(self) -> bool:
        """Whether every way is a single step."""
        return all(each.problem.task.is_single for each in self)  # type: ignore[attr-defined]

    def only(self, *names: str) -> Kind:
        """The backward slice of one step of one way, named like "η = 0.5: step 3: delta_4"; else of the first.

        Raises:
            ProblemError: there is no such quantity, the step is not shown, or they are of several ways.
        """
        found = [self.addressed(name) for name in names]
        if len({member.name for member, _ in found}) > 1:
            raise fault("", "found quantities of several ways; expected those of one")
        return found[0][0].run.only(*(name for _, name in found))

    def addressed(self, name: str) -> tuple[Member[Kind], str]:
        """The way that a name begins with, or else the first, and the rest of the name."""
        for member in self.members:
            if name.strip().startswith(f"{member.name}:"):
                return member, name.strip().removeprefix(f"{member.name}:").strip()
        return self.members[0], name


Found = TypeVar("Found", bound=Comparison[Any])


def compare(
    problem: Problem,
    kind: type[Found],
    of_runs: type[Run[Any]],
    of_steps: type[Trace],
    progress: Progress | None = None,
) -> Found:
    """Works out every way of a problem; none after one that the user has interrupted.

    Args:
        problem: what is given, with its ways.
        kind, of_runs, of_steps: the classes of comparison, of runs and of traces to make.
        progress: is called after every epoch of every way.

    Raises:
        ProblemError: a way leaves the range of numbers in its first step.
    """
    members, faults = [], list[Fault]()
    for place, way in enumerate(problem.ways):
        try:
            members.append(Member(way.name, run(way.problem, of_runs, of_steps, progress)))
            if members[-1].run.ended == "interrupted":
                break
        except ProblemError as error:
            faults += [Fault(f"compare[{place}]: {each.place}", each.message) for each in error.faults]
    if faults:
        raise ProblemError(faults, problem.file)
    return kind(problem=problem, members=tuple(members))
