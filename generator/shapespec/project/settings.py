"""What a project says of its specs: `[tool.shapespec]` in the nearest pyproject.toml.

[tool.shapespec]
specs = ["spec/sagemaker/training_job.yaml"]
out = "generated"
targets = ["json-schema", "dataclasses", "validators", "docs"]
ignore = ["unknown-member"]
baseline = "known-findings.txt"
docs_url = "https://example.org/contracts/sagemaker_training_job/"

[tool.shapespec.severity]
retired-value = "error"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from shapespec.backends.targets import DEFAULT_TARGETS, unknown_target
from shapespec.diagnostics.suggest import nearest
from shapespec.ground.errors import Unusable, reason
from shapespec.ground.resources import FLAGSHIP
from shapespec.ground.source import SourceFile
from shapespec.records import dataclass

_KEYS = ("specs", "out", "targets", "ignore", "severity", "baseline", "docs_url")
_MODULE = re.compile(r"[A-Za-z_]\w*")
_URL = re.compile(r"https?://[!-\"$-~]+")
_LEVELS = ("error", "warning", "note")


class RuleName(NamedTuple):
    """A rule's id as someone wrote it, and where."""

    rule: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a project.

    Attributes:
        root: The folder of the pyproject.toml, or the current one.
        specs: The specs to work on.
        out: The output folder.
        targets: The targets to generate.
        ignored: Rules whose findings are dropped.
        severities: What the findings of a rule weigh instead.
        baseline: The file with the fingerprints of known findings.
        docs_url: Where the site of the contract is, for links in findings.
    """

    root: Path
    specs: tuple[Path, ...] = (FLAGSHIP,)
    out: Path = Path("generated")
    targets: tuple[str, ...] = DEFAULT_TARGETS
    ignored: tuple[RuleName, ...] = ()
    severities: tuple[tuple[RuleName, str], ...] = ()
    baseline: Path | None = None
    docs_url: str | None = None

    def only_spec(self, option: str = "--spec") -> Path:
        """The spec that is meant where none is named.

        Args:
            option: What names one, for the message.

        Raises:
            Unusable: The project has several.
        """
        if len(self.specs) > 1:
            names = ", ".join(map(str, self.specs))
            said = "the project has several specs; name one with"
            raise Unusable(f"{said} {option}: {names}")
        return self.specs[0]

    def shown(self, spec: Path) -> str:
        """A spec's path as headers and messages have it: from the project's root."""
        try:
            return spec.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return spec.name


def find_settings(start: Path) -> Settings:
    """The settings that hold in a folder.

    Raises:
        Unusable: A pyproject.toml cannot be read, or says what has no meaning.
    """
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            return _settings(file)
    return Settings(root=start)


def _settings(file: Path) -> Settings:
    try:
        text = file.read_text("utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise Unusable(f"cannot read {file}: {reason(error)}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"{file} is not TOML: {error}") from error
    tool = document.get("tool", {})
    given = tool.get("shapespec") if isinstance(tool, dict) else None
    root = file.parent
    if given is None:
        return Settings(root=root)
    if not isinstance(given, dict):
        raise Unusable(f"{file}: tool.shapespec must be a table")
    table = _Table(file, text, given)
    table.know(given, _KEYS, "tool.shapespec")
    targets = table.texts("targets", DEFAULT_TARGETS)
    for target in targets:
        wrong = unknown_target(target)
        if wrong:
            raise Unusable(f"{table.where(target)}: tool.shapespec.targets: {wrong}")
    baseline = table.text("baseline")
    return Settings(
        root=root,
        specs=tuple(spec_in(root, one) for one in table.texts("specs")) or (FLAGSHIP,),
        out=root / (table.text("out") or "generated"),
        targets=targets,
        ignored=tuple(table.named(rule) for rule in table.texts("ignore")),
        severities=tuple(table.severities()),
        baseline=None if baseline is None else root / baseline,
        docs_url=table.url("docs_url"),
    )


def spec_in(root: Path, given: str) -> Path:
    """A spec of the project: a path from its root, or another address as it is."""
    path = root / given
    is_address = given.startswith("aws:") or (
        _MODULE.fullmatch(given) is not None and not path.exists()
    )
    return Path(given) if is_address else path


class _Table:
    """`[tool.shapespec]`, which knows where its keys and texts stand."""

    def __init__(self, file: Path, text: str, given: dict[str, object]) -> None:
        self.file = file
        self.source = SourceFile(str(file), text)
        self.given = given

    def where(self, word: str) -> str:
        """Where a key or a text stands; the file alone where that cannot be told.

        The library that reads TOML gives no positions, so the word is looked for in
        the sections of the table, ahead of comments.
        """
        text = rf"(?P<text>[\"']{re.escape(word)}[\"'])"
        key = rf"(?<![\w-])(?P<key>{re.escape(word)})[ \t]*[=.]"
        wanted = re.compile(rf"^[^#\n]*?(?:{text}|{key})", re.MULTILINE)
        for section in _SECTION.finditer(self.source.text):
            match = wanted.search(self.source.text, section.end(), _end(section))
            if match:
                at = match.start("text" if match["text"] else "key")
                line, column = self.source.position(at)
                return f"{self.file}:{line}:{column}"
        return str(self.file)

    def know(self, given: Iterable[str], known: Iterable[str], what: str) -> None:
        """Refuse what is not known.

        Raises:
            Unusable: Something is not; with where it stands, and the nearest name.
        """
        names = tuple(known)
        for one in given:
            if one not in names:
                near = nearest(one, names)
                hint = f"; did you mean {near}?" if near else ""
                raise Unusable(f"{self.where(one)}: {what} has no {one!r}{hint}")

    def named(self, rule: str) -> RuleName:
        """A rule with its place."""
        return RuleName(rule, self.where(rule))

    def text(self, key: str) -> str | None:
        """The text that stands under a key.

        Raises:
            Unusable: Something else stands there.
        """
        given = self.given.get(key)
        if given is not None and not isinstance(given, str):
            raise Unusable(f"{self.where(key)}: tool.shapespec.{key} must be a string")
        return given

    def url(self, key: str) -> str | None:
        """The address of a page under a key.

        Raises:
            Unusable: It is not an address on the web, or has an anchor of its own.
        """
        given = self.text(key)
        if given is not None and not _URL.fullmatch(given):
            message = f"tool.shapespec.{key} must be an address such as https://…"
            raise Unusable(f"{self.where(key)}: {message}, without `#`")
        return given

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The texts that stand under a key.

        Raises:
            Unusable: Something else stands there.
        """
        given = self.given.get(key)
        if given is None:
            return default
        if not isinstance(given, list) or not all(isinstance(x, str) for x in given):
            message = f"tool.shapespec.{key} must be a list of strings"
            raise Unusable(f"{self.where(key)}: {message}")
        return tuple(given)

    def severities(self) -> Iterator[tuple[RuleName, str]]:
        """What the findings of a rule weigh.

        Raises:
            Unusable: It is no table of severities.
        """
        given = self.given.get("severity", {})
        if not isinstance(given, dict):
            message = "tool.shapespec.severity must be a table of rules"
            raise Unusable(f"{self.where('severity')}: {message}")
        for rule, level in given.items():
            name = self.named(rule)
            if level not in _LEVELS:
                message = f"the severity of {rule} must be one of: {', '.join(_LEVELS)}"
                raise Unusable(f"{name.where}: {message}")
            yield name, level


_SECTION = re.compile(
    r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*shapespec[ \t]*(?:\.[^\]\n]*)?\]", re.MULTILINE
)
_ANY_SECTION = re.compile(r"^[ \t]*\[[^\],\"'\n]+\][ \t]*(?:#.*)?$", re.MULTILINE)


def _end(section: re.Match[str]) -> int:
    """Where a section ends."""
    following = _ANY_SECTION.search(section.string, section.end())
    return following.start() if following else len(section.string)
