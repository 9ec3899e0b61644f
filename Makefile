# Everything runs in an environment of the project's own, which is made on first use. PYTHON=/path chooses another
# Python; ARGS is passed on: make test ARGS="tests/orders -x".

.PHONY: help demo test check sheet bench scale chaos fuzz docs dist lock sbom clean

help:
	@echo 'make demo    the product and both stand-ins, with calls before your eyes (ARGS=--once ends after them)'
	@echo 'make test    all tests: SQLite, PostgreSQL, MariaDB and a second Python, as far as they are here'
	@echo 'make check   format, lint, types, walls between the rooms, security, known holes of packages'
	@echo 'make sheet   pictures of every page, full, empty and at its worst, in .test/contact-sheet'
	@echo 'make bench   processor time of one paid call'
	@echo 'make chaos   break it at random, on real processes, and hold its books against Stripe (ARGS="--calls 2000")'
	@echo 'make fuzz    anything at all at every door, ten times as much as in the tests (ARGS=50: fifty times)'
	@echo 'make scale   the panel over a million orders: processor time and queries of each page'
	@echo 'make docs    the documentation as a site, in site/, with pictures of the panel'
	@echo 'make dist    the wheel and the source archive, in dist/: the same bytes from the same commit'
	@echo 'make lock    renew the locked requirements (UPGRADE=1 takes newer ones)'
	@echo 'make sbom    renew the bill of materials, docs/sbom.json, which make lock does too'
	@echo 'make clean   remove what these made'

demo:
	@scripts/bootstrap run phonepay demo $(ARGS)

test:
	@scripts/bootstrap test python scripts/test.py $(ARGS)

check:
	@scripts/bootstrap check python scripts/check.py

sheet:
	@scripts/bootstrap test python -m pytest tests/browser/test_contact_sheet.py -q -n 2 $(ARGS)

bench:
	@scripts/bootstrap run python scripts/bench.py $(ARGS)

chaos:
	@scripts/bootstrap test python -m tests.chaos $(ARGS)

scale:
	@scripts/bootstrap test python scripts/scale.py $(ARGS)

fuzz:
	@scripts/bootstrap test env PHONEPAY_TEST_FUZZ=$(or $(ARGS),10) python -m pytest tests/fuzz -q

docs:
	@scripts/bootstrap docs python scripts/docs.py $(ARGS)

dist:
	@scripts/bootstrap test python scripts/dist.py $(ARGS)

lock:
	@scripts/bootstrap check python scripts/lock.py $(if $(UPGRADE),--upgrade)
	@scripts/bootstrap check python scripts/sbom.py

sbom:
	@scripts/bootstrap test python scripts/sbom.py

clean:
	rm -rf .venv .venv-* .test .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist site
	find phonepay scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +
