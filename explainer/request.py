"""What a command is asked for: which problems, which format, which places; every fault of it at once."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from explainer import api
from explainer.problem.faults import Fault, Parts, ProblemError, fault, one_of, suggestion
from explainer.problem.settings import setting
from explainer.progress import progress_bar

STDOUT = "-"

LISTS = (
    "activations",
    "arithmetics",
    "conventions",
    "details",
    "formats",
    "kinds",
    "languages",
    "losses",
    "optimizers",
    "problems",
    "roles",
)


def listed(what: str) -> list[str]:
    """The names of one kind."""
    from explainer.maths.activations import ACTIVATIONS
    from explainer.maths.arithmetics import ARITHMETICS
    from explainer.maths.losses import LOSSES
    from explainer.maths.optimizers import OPTIMIZERS
    from explainer.problem.convention import convention_names
    from explainer.problem.kinds import KINDS
    from explainer.problem.schema import DETAILS, languages, places_names
    from explainer.publish.formats import FORMATS
    from explainer.resources import PROBLEMS as SHIPPED

    names: dict[str, Callable[[], Iterable[str]]] = {
        "activations": lambda: ACTIVATIONS,
        "arithmetics": lambda: ARITHMETICS,
        "conventions": convention_names,
        "details": lambda: DETAILS,
        "formats": lambda: FORMATS,
        "kinds": lambda: KINDS,
        "languages": languages,
        "losses": lambda: LOSSES,
        "optimizers": lambda: OPTIMIZERS,
        "problems": lambda: sorted(path.stem for path in SHIPPED.glob("*.toml")),
        "roles": places_names,
    }
    return list(names[what]())


Worked = api.Trace | api.Run | api.Comparison


class Found(Struct, frozen=True):
    """What a problem comes to, cut down to what is asked for; and the epoch after which the user has ended it."""

    shown: Worked
    interrupted: int | None


def traces(
    parts: Parts, problems: Iterable[str], assignments: Iterable[str], only: Sequence[str], settings: Mapping[str, Any]
) -> list[Found]:
    """What each problem that has no fault comes to; none after an interruption."""
    assigned = [parts.attempt(setting, assignment) for assignment in assignments]
    given = dict(pair for pair in assigned if pair)
    found: list[Found] = []
    for name in problems:
        one = parts.attempt(one_trace, name, given, only, settings)
        if one is not None:
            found.append(one)
        if one is not None and one.interrupted is not None:
            break
    return found


def one_trace(name: str, assigned: Mapping[str, Any], only: Sequence[str], settings: Mapping[str, Any]) -> Found:
    """The trace of one problem, or its run, cut down to what is asked for; its faults name the file."""
    file = path_of(name)
    try:
        with progress_bar() as progress:
            whole = api.whole(api.load(file, settings=assigned, **settings), only, progress)
        return Found(api.sliced(whole, only), interruption(whole))
    except ProblemError as error:
        raise ProblemError(error.faults, str(file)) from None


def interruption(found: Worked) -> int | None:
    """The epoch after which the user has ended a training, if so; of several side by side, the last."""
    run = list(found)[-1] if isinstance(found, api.Comparison) else found
    return run.epochs[-1].number if isinstance(run, api.Run) and run.ended == "interrupted" else None


def path_of(name: str) -> Path:
    """The file of a problem: as it is given, or of that name among those that ship.

    Raises:
        ProblemError: it is a bare name, and there is no such file and no such problem.
    """
    from explainer.resources import PROBLEMS as SHIPPED

    path, shipped = Path(name), SHIPPED / f"{name}.toml"
    if path.name != name or path.suffix or is_there(path, Path.is_file):
        return path
    if is_there(shipped, Path.is_file):
        return shipped
    if is_there(path, Path.exists):
        return path
    known = listed("problems")
    raise ProblemError(
        [Fault("", f"no such file, nor a problem that comes with the program{suggestion(name, known)}")], name
    )


def is_there(path: Path, test: Callable[[Path], bool]) -> bool:
    """Whether there is such a file or folder; what cannot be looked at is not there."""
    try:
        return test(path)
    except OSError:
        return False


def chosen(format: str | None, output: str | None, suffixes: Mapping[str, Sequence[str]], usual: str) -> str:
    """The format asked for, or else the one that the file's suffix stands for.

    Raises:
        ProblemError: there is no such format.
    """
    if format is not None:
        return one_of(list(suffixes), "format", format, "--format")
    suffix = Path(output).suffix.lower() if output and not is_there(Path(output), Path.is_dir) else ""
    if not suffix:
        return usual
    for name, endings in suffixes.items():
        if suffix in endings:
            return name
    known = ", ".join(ending for endings in suffixes.values() for ending in endings)
    raise fault(str(output), f'no format ends in "{suffix}" (expected one of: {known}; or name the format with -f)')


def destinations(problems: Sequence[str], output: str | None, suffix: str) -> list[Path | None]:
    """Where each page goes; None is standard output.

    Raises:
        ProblemError: a place cannot be written to, or two pages would have the same name.
    """
    if output is None or output == STDOUT:
        return [None] * len(problems)
    if not output:
        raise fault("--output", "found nothing, expected a file or a folder")
    place = Path(output)
    folder = is_there(place, Path.is_dir)
    if not folder and len(problems) > 1:
        raise fault(output, "there is no such folder; several problems need an existing one to write to")
    targets = [place / f"{Path(name).stem}{suffix}" for name in problems] if folder else [place]
    faults = [Fault(str(target), why) for target in dict.fromkeys(targets) for why in obstacles(target, problems)]
    faults += [Fault(str(target), SAME_NAME) for target in dict.fromkeys(targets) if targets.count(target) > 1]
    if faults:
        raise ProblemError(faults)
    return list(targets)


def unused(output: str | None, stem: str, *, force: bool) -> list[Path | None]:
    """Where a file goes that somebody will write in; what is there already is only replaced by force.

    Raises:
        ProblemError: the place cannot be written to, or is taken.
    """
    targets = destinations((stem,), output, ".toml")
    taken = [target for target in targets if target and not force and is_there(target, Path.is_file)]
    if taken:
        raise ProblemError(Fault(str(target), "exists already; --force replaces it") for target in taken)
    return targets


SAME_NAME = "two of the problems have this name, so that one page would overwrite the other"


def obstacles(target: Path, problems: Sequence[str]) -> Iterator[str]:
    """Why a file cannot be written."""
    if not is_there(target.parent, Path.is_dir):
        yield f"cannot be written: there is no folder {target.parent}"
    elif is_there(target, Path.is_dir):
        yield "cannot be written: it is a folder"
    elif not is_there(target, Path.exists) and not os.access(target.parent, os.W_OK):
        yield f"cannot be written: the folder {target.parent} is read-only"
    elif is_there(target, Path.exists) and not os.access(target, os.W_OK):
        yield "cannot be written: it is read-only"
    elif any(is_there(path, target.samefile) for path in map(Path, problems)):
        yield "is the problem itself, which the page would overwrite"
