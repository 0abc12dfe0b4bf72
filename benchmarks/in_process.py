"""What run.py measures inside a fresh process; each prints the figures as JSON.

python benchmarks/in_process.py pages PROBLEM COUNT     milliseconds of each page, and of the yardstick beside it
python benchmarks/in_process.py trace PROBLEM ARITHMETIC     seconds that the trace takes, the problem being loaded
"""

import json
import sys
import time
from collections.abc import Callable

import explainer


def seconds(action: Callable[[], object]) -> float:
    """How long something takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def yardstick() -> int:
    """Something that takes always the same work, to see by how much the machine itself changes its speed."""
    return sum(number * number for number in range(100_000))


def pages(path: str, count: str) -> dict[str, list[float]]:
    """Load a problem once; trace, explain and render it many times."""
    problem = explainer.load(path)

    def page() -> str:
        return explainer.render(explainer.explain(explainer.trace(problem)), "markdown")

    page()  # reads the templates
    turns = [(seconds(page) * 1e3, seconds(yardstick) * 1e3) for _ in range(int(count))]
    return {"page": [turn[0] for turn in turns], "yardstick": [turn[1] for turn in turns]}


def trace(path: str, arithmetic: str) -> dict[str, float]:
    """Load a problem and trace it once."""
    problem = explainer.load(path, arithmetic=arithmetic)
    return {"yardstick": seconds(yardstick), "trace": seconds(lambda: explainer.trace(problem))}


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    print(json.dumps({"pages": pages, "trace": trace}[what](*arguments)))
