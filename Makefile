# Two commands: `make book` and `make test`; each makes .venv first when it is missing or older than the lock.
PYTHON ?= python3
PRESET ?= quick
BIN := .venv/bin
export UV_LINK_MODE ?= copy
# uv trusts the certificates that pip trusts: those of the system, a company's or a university's included.
export UV_SYSTEM_CERTS ?= 1

.PHONY: book results test check bench lab lock clean
book: .venv/ready
	$(BIN)/vgsnb book --preset $(PRESET)

results: .venv/ready
	$(BIN)/vgsnb results --preset $(PRESET)

test: .venv/ready check
	$(BIN)/pytest tests
	VGSNB_RUNS=runs/test $(BIN)/pytest --nbmake --nbmake-timeout=900 notebooks

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/ready
	for each in tests/benchmarks/bench_*.py; do PYTHONPATH=tests $(BIN)/python $$each || exit 1; done

lab: .venv/ready
	$(BIN)/jupyter lab notebooks

.venv/ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --python $(BIN)/python --editable .
	touch .venv/ready

lock: .venv/ready
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --all-extras --python-version 3.11 pyproject.toml --output-file requirements.lock

clean:
	rm -rf _build runs
