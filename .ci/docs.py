"""Lays the project's Markdown out for Zensical: `make docs` builds it in build/docs.

Pages keep their text; only links change, since a page may stand elsewhere. A link to
what is no page, such as a source file, becomes the file's path.
"""

from __future__ import annotations

import inspect
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "docs"

_PICTURES = ".github/pictures/"
_LINK = re.compile(r"(?<!!)\[((?:[^\[\]\\]|\\.|`[^`]*`)*)\]\(([^()\s]+)\)")
_TITLE = re.compile(r"^(\s*(?:```+|~~~+)\S+) ([^\s\"]+)$")
_FENCE = re.compile(r"^(```+|~~~+)")

CONFIG = """\
[project]
site_name = "shapespec"
site_description = "One YAML spec for each API contract, compiled."
docs_dir = "pages"
site_dir = "site"
use_directory_urls = false
nav = [
  {"Start" = "index.md"},
  {"Guide" = [
    {"The language" = "language.md"},
    {"Commands" = "command-line.md"},
    {"Validating" = "validate.md"},
    {"Watching clients" = "watching.md"},
    {"Data frames" = "frames.md"},
    {"Importing" = "importing.md"},
    {"Our JSON Schema" = "json-schema.md"},
    {"JSON Schema's tests" = "json-schema-suite.md"},
    {"Comparing" = "diff.md"},
    {"Projects" = "projects.md"},
    {"Editors" = "editors.md"},
    {"From Python" = "from-python.md"},
    {"Extending" = "extending.md"},
    {"Python" = "python.md"},
  ]},
  {"The SageMaker contract" = "sagemaker/README.md"},
  {"Changes" = "changelog.md"},
]

[project.theme]
font = false
"""

API = (
    (
        "shapespec",
        ("load_contract", "compile_spec", "generate", "validate_file", "Finding"),
    ),
    ("shapespec.boto3", ("watch",)),
    ("shapespec.httpx", ("watch",)),
    ("shapespec.requests", ("watch",)),
    ("shapespec.frames", ("validate",)),
    ("shapespec.arrow", ("verdicts",)),
    ("shapespec.spark", ("with_verdicts",)),
    ("sagemaker_training_job", ("is_valid", "validate", "date_of")),
)
"""What is public in Python; what is not installed here is left out."""


def pages() -> dict[str, Path]:
    """The pages by where they are laid, each with the file that it is."""
    found = {
        "index.md": ROOT / "README.md",
        "changelog.md": ROOT / "CHANGELOG.md",
        "contributing.md": ROOT / ".github" / "CONTRIBUTING.md",
        "security.md": ROOT / ".github" / "SECURITY.md",
    }
    found |= {file.name: file for file in (ROOT / "spec").glob("*.md")}
    for folder, name in (
        (ROOT / "generator" / "adr", "decisions"),
        (ROOT / "generator" / "shapespec" / "explanations" / "findings", "findings"),
        (ROOT / "generator" / "shapespec" / "explanations" / "specs", "specs"),
        (ROOT / "generated" / "docs" / "sagemaker_training_job", "sagemaker"),
    ):
        found |= {f"{name}/{file.name}": file for file in folder.glob("*.md")}
    return {place: file for place, file in found.items() if file.is_file()}


def laid_out(text: str, file: Path, place: str, places: dict[Path, str]) -> str:
    """A page with its links as they are where it is laid."""

    def link(found: re.Match[str]) -> str:
        label, target = found[1], found[2]
        path, mark, anchor = target.partition("#")
        if "://" in path or path.startswith("mailto:") or not path:
            return found[0]
        home = places.get((file.parent / path).resolve())
        if home is None:
            return label
        way = os.path.relpath(home, PurePosixPath(place).parent)
        return f"[{label}]({way}{mark}{anchor})"

    return "\n".join(_outside_code(text, lambda line: _LINK.sub(link, line)))


def _outside_code(text: str, change: Callable[[str], str]) -> Iterator[str]:
    """Lines, changed outside of code; the name of a file that code is in is a title."""
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line.strip())
        if mark and (not fence or line.strip() == fence):
            fence = "" if fence else mark[1]
            yield _TITLE.sub(r'\1 title="\2"', line) if fence else line
        else:
            yield line if fence else change(line)


def api() -> str:
    """What Python offers, from its docstrings."""
    parts = ["# Python", "What is public; everything else may change."]
    for module, names in API:
        try:
            loaded = import_module(module)
            members = [(name, getattr(loaded, name)) for name in names]
        except (ImportError, AttributeError):
            continue
        for name, member in members:
            signature = inspect.signature(member)
            parts.append(f"## {module}.{name}")
            parts.append(f"```python\n{name}{signature}\n```")
            doc = inspect.getdoc(member) or ""
            parts.append(f"```text\n{doc}\n```")
    return "\n\n".join(parts) + "\n"


def main(build: Path) -> None:
    """Lay all pages out in a folder, and the settings beside them."""
    shutil.rmtree(build, ignore_errors=True)
    found = pages()
    places = {file.resolve(): place for place, file in found.items()}
    for place, file in found.items():
        target = build / "pages" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        text = laid_out(file.read_text("utf-8"), file, place, places)
        text = text.replace(f"]({_PICTURES}", "](pictures/")
        target.write_text(text, "utf-8")
    shutil.copytree(ROOT / _PICTURES, build / "pages" / "pictures")
    (build / "pages" / "python.md").write_text(api(), "utf-8")
    (build / "zensical.toml").write_text(CONFIG, "utf-8")
    sys.stdout.write(f"{len(found) + 1} pages in {build}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else BUILD)
