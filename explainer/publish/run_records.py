"""Records of a run: the steps that it shows and its epochs, as rows of plain data."""

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
from explainer.trace.run import Epoch, Run


def run_records(run: Run[Any]) -> list[Record]:
    """One record for each step of the calculations that a run shows, with the number of the `step` of training."""
    return [{"step": shown.batch.step, **each} for shown in run.shown for each in records(shown.trace)]


def as_json(run: Run[Any]) -> str:
    """The run as a JSON object."""
    training = [
        {"step": each.batch.step, "epoch": each.batch.epoch, "samples": list(each.batch.samples), **worked(each.trace)}
        for each in run.shown
    ]
    epochs = [epoch_record(run, each) for each in run.epochs]
    return dumped({**stated(run.problem), "training": training, "epochs": epochs, "ended": run.ended, "best": run.best})


def epoch_record(run: Run[Any], epoch: Epoch) -> Record:
    """One epoch as plain data."""
    followed = {
        run.names.typed(parameter): digits(value) for parameter, value in zip(run.followed, epoch.followed, strict=True)
    }
    return {
        "epoch": epoch.number,
        "error": digits(epoch.error),
        "validation": digits(epoch.validation),
        "parameters": followed,
    }


def digits(value: Value) -> str | None:
    """A value in digits, where there is one."""
    return None if value is None else lossless(value)


def as_csv(run: Run[Any]) -> str:
    """The steps that a run shows as comma-separated values, each with the number of the step of training."""
    rows = ({"step": each.batch.step, **row} for each in run.shown for row in flat(each.trace))
    return separated(("step", *COLUMNS), rows)


def as_tables(run: Run[Any]) -> str:
    """The steps that a run shows as columns for a terminal, each under its number."""
    return "\n".join(tables(run))


def tables(run: Run[Any]) -> Iterator[str]:
    """One table for each step."""
    for each in run.shown:
        yield f"step {each.batch.step}\n{as_table(each.trace)}"


RUN_FORMATS: Mapping[str, Callable[[Run[Any]], str]] = {"json": as_json, "csv": as_csv, "table": as_tables}
