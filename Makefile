# `make run` sets up and runs the main job, `make test` sets up and runs the tests.
# Both need Python 3.11 or newer and nothing else: PYTHON=python3.12 make test

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
MUTANTS ?= --sample 500 --seed 1
WORKERS ?= 2

# Tests start hundreds of programs; each would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test interop lowest pythons lowest-releases bench fuzz mutate prove scale sweep patterns \
	generate site docs pictures aws openapi schemas check clean

run: $(VENV)/.run
	$(BIN)/shapespec generate
	$(BIN)/shapespec validate spec/sagemaker/examples/valid.json
	@echo
	$(BIN)/shapespec validate spec/sagemaker/examples/broken.json; test $$? -eq 1
	@echo
	@echo "JSON Schema  generated/json_schema/sagemaker_training_job/"
	@echo "Python       generated/python/sagemaker_training_job/"
	@echo "reference    generated/docs/sagemaker_training_job/README.md"

# WORKERS=0 make test: one test after the other, in one process
test: check $(VENV)/.suite
	$(BIN)/pytest -n $(WORKERS) --dist loadfile

# The tests that need what npm has, and a browser: the site, its check, TypeScript
interop: $(VENV)/.test $(VENV)/.npm $(VENV)/.interop $(VENV)/.aiobotocore \
		$(VENV)/.tables $(VENV)/.spark
	INTEROP=1 $(BIN)/pytest -n $(WORKERS) --dist loadfile tests/behaviour/test_site_browser.py \
		tests/behaviour/test_typescript.py tests/behaviour/test_watch_async.py \
		tests/behaviour/test_openapi_target.py tests/behaviour/test_frames.py \
		tests/behaviour/test_spark.py tests/interop

# The oldest releases that pyproject.toml says will do, on the oldest Python
lowest: $(VENV)/.test
	$(BIN)/python -m tests.installs lowest

# Every Python that is present; .ci/pythons.txt records what passed
pythons: $(VENV)/.test
	$(BIN)/python -m tests.installs pythons

# Written anew after a bound in pyproject.toml has changed
lowest-releases: $(VENV)/.test
	$(BIN)/python -m tests.installs resolve

prove: $(VENV)/.test
	$(BIN)/python -m tests.differential

mutate: $(VENV)/.mutation
	$(BIN)/python -m tests.mutation $(MUTANTS)

check: $(VENV)/.test
	@! git grep -nE '^(<{7}|>{7}) ' || { echo 'a merge was left unfinished'; exit 1; }
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/basedpyright
	$(BIN)/shapespec generate --check

# FUZZ=100000 make fuzz: so many inputs for each test that makes its own
fuzz: $(VENV)/.test
	FUZZ=$${FUZZ:-10000} $(BIN)/pytest -n $(WORKERS) tests/behaviour/test_fuzz.py \
		tests/behaviour/test_fuzz_patterns.py \
		tests/behaviour/test_fuzz_importers.py tests/properties/test_any_spec.py \
		tests/properties/test_any_schema.py tests/properties/test_there_and_back.py \
		tests/properties/test_hostile_rules.py tests/properties/test_cel_grammar.py

# Every pattern of botocore, attacked with texts made of its automaton; steps are counted
patterns: $(VENV)/.test
	$(BIN)/python -m tests.pump $(PUMP)

scale: $(VENV)/.test
	$(BIN)/python tests/benchmarks/scale.py $(SCALE)

bench: $(VENV)/.bench
	$(BIN)/python -m tests.benchmarks --figures tests/benchmarks/figures.json $(BENCH)

generate: $(VENV)/.run
	$(BIN)/shapespec generate

# The contract as a site, in build/, and opened where a browser is at hand
site: $(VENV)/.run $(VENV)/.npm
	$(BIN)/shapespec generate --target site --out build --single-file \
	  $$(test ! -d $(VENV)/npm/node_modules/pyodide || echo --pyodide $(VENV)/npm/node_modules/pyodide)
	@$(BIN)/python -m webbrowser build/site/sagemaker_training_job/index.html || true

# The pictures of the README, from a real run and from what `make bench` wrote
pictures: $(VENV)/.test
	$(BIN)/python .ci/pictures.py

# The project's documentation as a site, in build/docs/site
docs: $(VENV)/.docs
	$(BIN)/python .ci/docs.py
	cd build/docs && $(abspath $(BIN))/zensical build --clean --strict

# All services of botocore: imported, generated, imported again. Takes minutes.
sweep: $(VENV)/.test
	$(BIN)/python -m tests.sweep

# The example outputs that the AWS CLI publishes, each held against its operation. Minutes.
aws: $(VENV)/.test
	$(BIN)/python -m tests.published $(AWS)

# OpenAPI descriptions that others publish, with their examples, from .venv/openapi or from
# the files that OPENAPI names; `python -m tests.described --help` says where they are had
openapi: $(VENV)/.test
	$(BIN)/python -m tests.described $(OPENAPI)

# SchemaStore's schemas, with its valid and invalid documents, from .venv/schemastore;
# `python -m tests.catalogue --help` says where they are had
schemas: $(VENV)/.test
	$(BIN)/python -m tests.catalogue $(CATALOGUE)

clean:
	rm -rf $(VENV) build dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml .ci/constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint .ci/constraints.txt --editable .
	touch $@

$(VENV)/.test: pyproject.toml .ci/constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint .ci/constraints.txt --editable '.[dev]'
	$(BIN)/python -m venv $(VENV)/awscli  # it pins botocore, and so lives apart
	$(VENV)/awscli/bin/python -m pip install --quiet --disable-pip-version-check \
	  awscli==1.46.2
	touch $@

# What makes a site of the project's documentation
$(VENV)/.docs: pyproject.toml .ci/constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint .ci/constraints.txt --editable '.[docs]'
	touch $@

$(VENV)/.bench: pyproject.toml .ci/constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint .ci/constraints.txt --editable '.[bench]'
	touch $@

# LinkML, for the generation part of the benchmarks; it has many dependencies, and so
# lives apart: make .venv/.linkml; make bench BENCH=generation
$(VENV)/.linkml: | $(VENV)/bin/python
	$(BIN)/python -m venv $(VENV)/linkml
	$(VENV)/linkml/bin/python -m pip install --quiet --disable-pip-version-check \
	  linkml==1.12.1
	touch $@

# Clients that are async; aiobotocore pins a botocore of its own
$(VENV)/.aiobotocore: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m venv $(VENV)/aiobotocore
	$(VENV)/aiobotocore/bin/python -m pip install --quiet --disable-pip-version-check \
	  --editable . aiobotocore==3.10.0
	touch $@

# From npm: the check in the page of the site, its test, and the compiler of TypeScript
$(VENV)/.npm: | $(VENV)/bin/python
	npm install --silent --no-audit --no-fund --prefix $(VENV)/npm \
	  pyodide@314.0.7 axe-core@4.14.1 typescript@5.9.3 @redocly/cli@2.77.0 \
	  || echo "npm cannot be had; the site is made without its check"
	touch $@

# Polars, which is large, for tests of data frames
$(VENV)/.tables: pyproject.toml .ci/constraints.txt | $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint .ci/constraints.txt --editable '.[interop]'
	touch $@

# PySpark, 450 MB, which needs Java (apt-get install openjdk-17-jre-headless). shapespec is not
# installed beside it, only what it needs: so the tests see that executors can do without
$(VENV)/.spark: | $(VENV)/bin/python
	$(BIN)/python -m venv $(VENV)/spark
	$(VENV)/spark/bin/python -m pip install --quiet --disable-pip-version-check \
	  pyspark==4.3.0 'pandas<3' pyarrow msgspec click jinja2 pathspec rstr ruamel.yaml
	touch $@

# Tools of others, which live apart from us as they do from their users
$(VENV)/.interop: | $(VENV)/bin/python
	$(BIN)/python -m venv $(VENV)/interop
	$(VENV)/interop/bin/python -m pip install --quiet --disable-pip-version-check \
	  pre-commit==4.7.0 check-jsonschema==0.39.0 json-schema-for-humans==1.5.1
	npm install --silent --no-audit --no-fund --prefix $(VENV)/interop/npm \
	  ajv@8.20.0 @hyperjump/json-schema@1.18.0 @sourcemeta/jsonschema@16.11.0 \
	  quicktype@26.0.0 @redocly/cli@2.77.0 \
	  || echo "npm cannot be had; its tools are skipped"
	touch $@

# JSON Schema's official tests: the source distribution of python-jsonschema holds them.
$(VENV)/.suite: .ci/constraints.txt | $(VENV)/.test
	$(BIN)/python -m pip download --quiet --disable-pip-version-check \
	  --constraint .ci/constraints.txt --no-deps --no-binary jsonschema \
	  --dest $(VENV)/json-schema-suite jsonschema \
	  || echo "the official tests of JSON Schema cannot be had; theirs are skipped"
	touch $@

$(VENV)/.mutation: pyproject.toml .ci/constraints.txt | $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint .ci/constraints.txt --editable '.[mutation]'
	touch $@
