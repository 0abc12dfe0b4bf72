"""`python -m explainer` does what the `explainer` command does."""

from explainer.cli import main

if __name__ == "__main__":
    main(prog_name="explainer")
