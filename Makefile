# Everything here starts from nothing but python3 (3.11 or later, with venv), make and git.

SETUP = sh deploy/setup.sh
PYTHON_HERE = .venv/bin/python
MANAGE = $(PYTHON_HERE) manage.py
# As in production, so that the deployment checks look at the real thing.
AS_DEPLOYED = PUBLIC_BASE_URL=https://portal.example.org DATABASE_URL=postgresql://check@127.0.0.1:9/check \
	SECRET_KEY=only-for-the-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ

.PHONY: run demo setup test check audit fix bench bench-large faults lock clean
.DEFAULT_GOAL := run

run:  ## start the whole portal in the foreground; ctrl-c stops it
	@$(SETUP) run embedded && exec $(PYTHON_HERE) -m portal.runtime.up --end-with-parent

demo:  ## run, then push simulated traffic and check that nothing is missing
	@$(SETUP) run embedded && exec $(PYTHON_HERE) -m portal.runtime.up --end-with-parent --demo

setup:  ## install everything, also the tools of developers
	@$(SETUP) run embedded dev

test: setup  ## every test, on a PostgreSQL and a Valkey of its own; ARGS= goes to pytest
	@$(PYTHON_HERE) -m pytest -n 2 $(ARGS)

check: setup  ## format, lint, types, import contracts, migrations, deployment checks
	$(PYTHON_HERE) -m ruff format --check .
	$(PYTHON_HERE) -m ruff check .
	@git ls-files -co --exclude-standard '*.py' | grep -v /migrations/ | xargs $(PYTHON_HERE) -m django_upgrade --target-version 5.2 --check
	$(PYTHON_HERE) -m mypy .
	@$(PYTHON_HERE) -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	@$(AS_DEPLOYED) $(PYTHON_HERE) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(AS_DEPLOYED) $(MANAGE) check --deploy --fail-level WARNING
	@$(AS_DEPLOYED) $(MANAGE) provider_docs --check
	@$(MAKE) --no-print-directory audit

audit:  ## known weaknesses of what we depend on; never fails, its service may be out of reach
	@$(PYTHON_HERE) deploy/audit.py

fix:  ## format and mend what tools can mend
	$(PYTHON_HERE) -m ruff format .
	$(PYTHON_HERE) -m ruff check --fix .

bench bench-large faults: setup  ## figures, and the fault campaign
	@$(PYTHON_HERE) -m bench $@ $(ARGS)

lock:  ## write requirements/*.txt anew from the *.in files; needs uv
	@for name in run embedded dev browser; do \
		uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
			--no-emit-index-url -q -o requirements/$$name.txt requirements/$$name.in; done

clean:  ## remove what was installed and cached; the data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
