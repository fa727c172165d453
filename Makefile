# Two commands matter: `make demo` and `make test`. Both start from nothing but Python >= 3.11 and make.
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .portal/uv/bin/uv)
SYNC = UV_PYTHON_DOWNLOADS=never $(UV) sync --locked --quiet --python $(PYTHON)
RUN = .venv/bin/python
TEMPLATES = templates
JOBS ?= 4
OF ?= demo
# A process that may not keep what it compiled compiles Django anew at each start: twice the time of every command.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo demo-reset manage test lint fix bench messages diagrams styles screenshots sbom env env-demo

demo: env-demo  ## the portal with data on a local port; Ctrl-C stops everything
	@$(RUN) -m kaltim_portal.embedded demo

demo-reset: env-demo  ## forget the demo's data, then start over
	@$(RUN) -m kaltim_portal.embedded reset
	@$(RUN) -m kaltim_portal.embedded demo

manage: env-demo  ## make manage CMD="verify_chain": a management command against the running demo (OF=test: the test portal)
	@$(RUN) -m kaltim_portal.embedded --of $(OF) manage $(CMD)

test: env  ## everything, on private PostgreSQL and Valkey, with a real browser
	@$(RUN) -m tests.find_browser
	@$(RUN) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: env
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	.venv/bin/djlint $(TEMPLATES) --lint --quiet
	.venv/bin/lint-imports --no-cache
	PORTAL_ENV=test .venv/bin/mypy
	PORTAL_ENV=test $(RUN) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	PORTAL_ENV=test $(RUN) manage.py messages --check

fix: env
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

bench: env  ## make bench ONLY=name
	@$(RUN) -m bench $(ONLY)

messages: env  ## collect new strings into locale/id and compile them
	PORTAL_ENV=test $(RUN) manage.py messages

diagrams: env  ## docs/states.md from the transition tables
	PORTAL_ENV=test $(RUN) manage.py diagrams

styles: env  ## static/vendor/tabler from the whole of Tabler, without what no page uses
	PORTAL_ENV=test $(RUN) manage.py styles

screenshots: env  ## docs/images from the running demo data
	@$(RUN) -m tests.find_browser
	PORTAL_SCREENSHOTS=docs/images $(RUN) -m pytest tests/browser -p no:randomly

sbom: $(UV)  ## sbom.cdx.json (CycloneDX): what the portal consists of, as production installs it, with versions and licences
	@UV_PROJECT_ENVIRONMENT=.portal/sbom $(SYNC) --no-default-groups
	@UV_PROJECT_ENVIRONMENT=.portal/sbom-tool $(SYNC) --only-group sbom
	@.portal/sbom-tool/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
		--output-reproducible --output-file sbom.cdx.json .portal/sbom/bin/python
	@.portal/sbom-tool/bin/python deploy/vendored_parts.py sbom.cdx.json static/vendor/VENDORED.md

env: $(UV)
	@$(SYNC)

env-demo: $(UV)
	@$(SYNC) --no-group dev --inexact

.portal/uv/bin/uv:
	@echo "Fetching uv into .portal/uv ..."
	@$(PYTHON) -m venv .portal/uv
	@.portal/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

/%/uv:
	@:
