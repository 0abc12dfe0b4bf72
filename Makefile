# make demo   the worked solution of the lecture's network, in every format, in output/
# make test   all tests; make check also runs the linters, the types and the problems' own checks

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check gallery bench clean

demo: $(VENV)/demo
	$(BIN)/explainer explain problems/lecture-3-2-1.toml -o output/lecture-3-2-1.md
	$(BIN)/explainer explain problems/lecture-3-2-1.toml -o output/lecture-3-2-1.tex
	$(BIN)/explainer explain problems/lecture-3-2-1.toml -o output/lecture-3-2-1.txt
	@echo "The worked solution is in output/: lecture-3-2-1.md, lecture-3-2-1.tex and lecture-3-2-1.txt"

test: $(VENV)/dev
	$(BIN)/python -m pytest -n auto

check: test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/explainer check problems/*.toml

gallery: $(VENV)/demo
	for kind in markdown latex text; do $(BIN)/explainer explain problems/*.toml -f $$kind -o output; done

bench: $(VENV)/dev
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) build dist

$(VENV)/demo: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/demo
