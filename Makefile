# Boardcast's two commands are `make demo` and `make test`; see README.md.

PYTHON ?= python3
PORT ?= 8000
PROCESSES ?= 2
BOARDS ?= ../shared/boards

.PHONY: help demo test setup bench crowd desk-keys train train-reader fields lock words

help:
	@echo "make demo [PORT=8000] [EVENT=…]  set up, read the sample photos, serve the board"
	@echo "make test              set up and pass all tests"
	@echo "make test DEEP=1       the same, with four times as many examples of each property"
	@echo "make setup             only make .venv"
	@echo "make bench [FOLDERS=…]  accuracy and speed against the alternatives"
	@echo "make crowd             what a thousand browsers get, and people who mean harm"
	@echo "make desk-keys [FOLDERS=…]  how many keys set the sample day right, and real boards"
	@echo "make train             draw scenes and train the card detector, some hours"
	@echo "make train-reader BOARDS=…  fine-tune the text recogniser on photos with truth, exported labels"
	@echo "make fields [BOARDS=…]  fit how cards are split, and how likely a title is right"
	@echo "make words             bring the catalogues of translated texts up to date"
	@echo "make lock              pin the newest versions in requirements.lock"

demo: setup
	@.venv/bin/boardcast demo --port $(PORT) $(if $(EVENT),--event $(EVENT))

test: setup
	@.ci/system-packages
	@PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest -n $(PROCESSES) --dist worksteal \
		$(if $(DEEP),--hypothesis-profile=deep)

setup: .venv/ready

bench: setup
	@.venv/bin/python -m benchmarks $(FOLDERS)

crowd: setup
	@.venv/bin/python -m benchmarks.crowd

desk-keys: setup
	@.venv/bin/python -m benchmarks.desk $(FOLDERS)

# In an environment of its own: PyTorch is needed nowhere else.
train: .venv-train/ready
	@npm install --silent --prefix training/scenes/fonts
	@.venv-train/bin/python -m training
	@cp build/training/cards.onnx vision/detection/cards.onnx

# Lines are cut where cards are read, and learned where PyTorch is.
train-reader: setup .venv-train/ready
	@npm install --silent --prefix training/scenes/fonts
	@.venv/bin/python -m training.recogniser.cut $(BOARDS)
	@.venv-train/bin/python -m training.recogniser \
		"$(or $(FROM),$$(.venv/bin/python -m training.recogniser.cut --released))"
	@cp build/recogniser/all.onnx vision/recognition/recogniser.onnx

.venv-train/ready: pyproject.toml
	@$(PYTHON) -m venv .venv-train
	@.venv-train/bin/python -m pip install --quiet --disable-pip-version-check \
		$$($(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["train"])')
	@touch .venv-train/ready

fields: setup
	@.venv/bin/python -m training.fields $(BOARDS) --write
	@.venv/bin/python -m training.fields.doubt $(BOARDS) --write

# Compiled on all cores, and without the packages' own tests: pip does it on one.
# --no-deps: rapidocr asks for the desktop build of OpenCV, which must never
# meet the server build; everything that is needed is in the lock file.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Boardcast needs Python 3.11 or newer; $(PYTHON) is older." \
		"Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Making .venv (a minute or two, once) ..."
	@$(PYTHON) -m venv .venv || \
		{ echo "python3 lacks venv. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-compile --require-hashes -r requirements.lock
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@.venv/bin/python -m compileall -q -j 0 -x '/tests?/' .venv/lib >/dev/null || true
	@touch .venv/ready

lock: setup
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links \
		--extra announce --extra chat --extra postgres --extra dev pyproject.toml --output-file requirements.lock

# New texts come in untranslated, and a test says so until somebody translates them.
words: setup
	@mkdir -p build
	@.venv/bin/pybabel -q extract -F pyproject.toml --no-location --sort-output \
		--omit-header -o build/messages.pot server
	@.venv/bin/pybabel -q update -i build/messages.pot -d server/translations \
		--no-fuzzy-matching --ignore-obsolete --width 88
	@sed -i -E '/^#, fuzzy$$/d; /^"(Project-Id|Report|PO-Rev|POT-Cre|Last-Tr|Language-Team|Generated)/d' \
		server/translations/*/LC_MESSAGES/messages.po
