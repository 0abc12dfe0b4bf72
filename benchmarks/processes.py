"""Whole processes, timed from outside: how long they take, and the most memory they hold."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 2**20 if sys.platform == "darwin" else 2**10
"""How many of the units that the system counts memory in make a MiB."""

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Compiled modules are kept, as they are where the program is installed: a run that must compile is not warm."""

HERE = Path(__file__).parent
ROOT = HERE.parent


@dataclass(frozen=True)
class Run:
    """One run of a process: its seconds, its peak of memory in MiB, and what it wrote."""

    seconds: float
    memory: float
    written: str


def run(*arguments: str | Path) -> Run:
    """Run Python with these arguments, in the folder of the project.

    Raises:
        SystemExit: the process failed; what it says goes to standard error.
    """
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = subprocess.Popen([sys.executable, *map(str, arguments)], cwd=ROOT, env=ENVIRONMENT, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"benchmark failed: {' '.join(map(str, arguments))}")
        output.seek(0)
        return Run(seconds, usage.ru_maxrss / MIB, output.read())


def alternating(rounds: int, *commands: Sequence[str | Path]) -> list[list[Run]]:
    """Every command once in each round, in turn, so that a change of the machine's speed meets all of them.

    One round more is run first and not counted: after it, files are warm.
    """
    turns = [[run(*command) for command in commands] for _ in range(rounds + 1)][1:]
    return [list(runs) for runs in zip(*turns, strict=True)]


def imported(*arguments: str | Path) -> set[str]:
    """The top-level modules that a Python process imports."""
    command = [sys.executable, "-X", "importtime", *map(str, arguments)]
    found = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    lines = [line.rpartition("|")[2].strip() for line in found.stderr.splitlines() if line.startswith("import time:")]
    return {line.partition(".")[0] for line in lines}
