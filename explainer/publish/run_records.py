"""Records of a run, or of several side by side: the steps that they show and their epochs, as rows of plain data."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from explainer.maths.arithmetic import Value
from explainer.publish.records import (
    COLUMNS,
    Record,
    as_table,
    dumped,
    flat,
    lossless,
    records,
    separated,
    stated,
    worked,
)
from explainer.trace.comparison import Comparison
from explainer.trace.run import Epoch, Run

MOST_EPOCHS = 1000
"""Of longer trainings only so many epochs are written; their numbers tell which."""


def run_records(run: Run[Any]) -> list[Record]:
    """One record for each step of the calculations that a run shows, with the number of the `step` of training."""
    return [{"step": shown.batch.step, **each} for shown in run.shown for each in records(shown.trace)]


def comparison_records(comparison: Comparison[Any]) -> list[Record]:
    """One record for each step of the calculations, with its `way` and the number of the `step` of training."""
    return [{"way": each.name, **record} for each in comparison.members for record in run_records(each.run)]


def as_json(found: Run[Any] | Comparison[Any]) -> str:
    """The run, or every run of a comparison, as a JSON object."""
    if isinstance(found, Run):
        return dumped(run_record(found))
    ways = [{"way": each.name, **run_record(each.run)} for each in found.members]
    return dumped({**stated(found.problem), "comparison": ways})


def run_record(run: Run[Any]) -> Record:
    """The steps that a run shows, and its epochs."""
    training = [
        {"step": each.batch.step, "epoch": each.batch.epoch, "samples": list(each.batch.samples), **worked(each.trace)}
        for each in run.shown
    ]
    epochs = [epoch_record(run, each) for each in thinned(run.epochs)]
    return {**stated(run.problem), "training": training, "epochs": epochs, "ended": run.ended, "best": run.best}


def thinned(epochs: tuple[Epoch, ...]) -> list[Epoch]:
    """The epochs that are told of: all of them, or of more than `MOST_EPOCHS` about so many, and the last."""
    every = -(-len(epochs) // MOST_EPOCHS)
    return [each for each in epochs if each.number % every == 0 or each is epochs[-1]]


def epoch_record(run: Run[Any], epoch: Epoch) -> Record:
    """One epoch as plain data."""
    followed = {
        run.names.typed(parameter): digits(value) for parameter, value in zip(run.followed, epoch.followed, strict=True)
    }
    return {
        "epoch": epoch.number,
        "error": digits(epoch.error),
        "validation": digits(epoch.validation),
        "rate": digits(epoch.rate),
        "parameters": followed,
    }


def digits(value: Value) -> str | None:
    """A value in digits, where there is one."""
    return None if value is None else lossless(value)


def as_csv(found: Run[Any] | Comparison[Any]) -> str:
    """The steps that are shown as comma-separated values, each with the number of the step of training."""
    if isinstance(found, Run):
        return separated(("step", *COLUMNS), steps(found))
    rows = ({"way": each.name, **row} for each in found.members for row in steps(each.run))
    return separated(("way", "step", *COLUMNS), rows)


def steps(run: Run[Any]) -> Iterator[Record]:
    """The rows of each step that a run shows."""
    return ({"step": each.batch.step, **row} for each in run.shown for row in flat(each.trace))


def as_tables(found: Run[Any] | Comparison[Any]) -> str:
    """The steps that are shown as columns for a terminal, each under its number, and under its way."""
    if isinstance(found, Run):
        return "\n".join(f"step {each.batch.step}\n{as_table(each.trace)}" for each in found.shown)
    return "\n".join(f"{each.name}\n\n{as_tables(each.run)}" for each in found.members)


RUN_FORMATS: Mapping[str, Callable[[Run[Any] | Comparison[Any]], str]] = {
    "json": as_json,
    "csv": as_csv,
    "table": as_tables,
}
