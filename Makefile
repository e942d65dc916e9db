# Every target is one line of bootstrap.py, which does all set-up; Windows uses it directly.
PYTHON ?= python3

.PHONY: run test lint check cover bench docs lock

run test lint check cover bench docs:
	@$(PYTHON) bootstrap.py $@

# Renew the locked versions (needs uv); no address of a package index is written.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra install -o requirements.lock pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra install --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
