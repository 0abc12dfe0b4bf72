"""`python -m explainer` does what the `explainer` command does."""

import gc


def run() -> None:
    """The command, as the shell calls it.

    Formulas and traces hold no cycles, so the collector would only look through them in vain.
    """
    gc.disable()

    from explainer.cli import main

    main(prog_name="explainer")


if __name__ == "__main__":
    run()
