"""What a project says of its specs: `[tool.shapespec]` in the nearest pyproject.toml.

[tool.shapespec]
specs = ["spec/sagemaker/training_job.yaml"]
out = "generated"
targets = ["json-schema", "dataclasses", "validators", "docs"]
ignore = ["unknown-member"]
baseline = "known-findings.txt"
docs_url = "https://example.org/contracts/sagemaker_training_job/"
package = "myapp.contracts.{package}"
header = "Copyright 2026 Example Ltd."

[tool.shapespec.folders]
python = "src"
docs = "docs/contracts"

[tool.shapespec.spec."spec/sagemaker/training_job.yaml"]
targets = ["validators"]

[tool.shapespec.severity]
retired-value = "error"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from shapespec.backends.targets import DEFAULT_TARGETS, unknown_target
from shapespec.diagnostics.suggest import nearest
from shapespec.ground.errors import Unusable, reason
from shapespec.ground.resources import FLAGSHIP
from shapespec.ground.source import SourceFile
from shapespec.ground.writing import leads_out
from shapespec.project.layout import Layout, wrong_folder, wrong_package

_OUTPUT = ("out", "targets", "package", "header", "folders")
"""What may be said of a spec, too."""

_KEYS = ("specs", "spec", *_OUTPUT, "ignore", "severity", "baseline", "docs_url")
_MODULE = re.compile(r"[A-Za-z_]\w*")
_URL = re.compile(r"https?://[!-\"$-~]+")
_LEVELS = ("error", "warning", "note")


class RuleName(NamedTuple):
    """A rule's id as someone wrote it, and where."""

    rule: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What is generated from a spec, and where it goes.

    Attributes:
        out: The output folder.
        targets: The targets to generate.
        package: The dotted name of the Python package.
        header: What each file begins with.
        folders: The folders of targets, from the project's root.
    """

    out: Path = Path("generated")
    targets: tuple[str, ...] = DEFAULT_TARGETS
    package: str | None = None
    header: str | None = None
    folders: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    def placed(self, root: Path, *, named: bool = False) -> tuple[Path, Layout]:
        """The folder to write below, and the places of files in it.

        Args:
            root: The folder of the project.
            named: Whether someone named `out` just now: then all goes below it.

        Raises:
            Unusable: The output folder is outside of the project.
        """
        layout = Layout(package=self.package, header=self.header, folders=self.folders)
        if named:
            return self.out, layout
        if leads_out(self.out, root):
            raise Unusable(
                f"the output folder {self.out} is outside of the project,"
                f" {root}; to write there all the same, name it: --out DIR"
            )
        if not layout.moves:
            return self.out, layout
        base = self.out.resolve().relative_to(root.resolve()).as_posix()
        return root, replace(layout, base="" if base == "." else base)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a project.

    Attributes:
        root: The folder of the pyproject.toml, or the current one.
        specs: The specs to work on.
        output: What is generated, and where it goes.
        outputs: The same for specs of which the project says more, by their address.
        ignored: Rules whose findings are dropped.
        severities: What the findings of a rule weigh instead.
        baseline: The file with the fingerprints of known findings.
        docs_url: Where the site of the contract is, for links in findings.
    """

    root: Path
    specs: tuple[Path, ...] = (FLAGSHIP,)
    output: Output = Output()
    outputs: Mapping[Path, Output] = field(
        default_factory=dict[Path, Output], hash=False
    )
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

    def output_of(self, spec: Path) -> Output:
        """What is generated from a spec: a path, or another address."""
        if spec in self.outputs:
            return self.outputs[spec]
        for named, output in self.outputs.items():
            if named.is_absolute() and named.resolve() == spec.resolve():
                return output
        return self.output

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
    for file in settings_files(start):
        if file.is_file():
            return _settings(file)
    return Settings(root=start)


def settings_files(start: Path) -> Iterator[Path]:
    """Where the settings of a folder may be; the first file that is there has them."""
    for folder in (start, *start.parents):
        yield folder / "pyproject.toml"


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
    output = table.output(Output(out=root / "generated"), root)
    specs = table.texts("specs")
    baseline = table.text("baseline")
    return Settings(
        root=root,
        specs=tuple(spec_in(root, one) for one in specs) or (FLAGSHIP,),
        output=output,
        outputs=table.outputs(specs, output, root),
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

    def __init__(
        self,
        file: Path,
        text: str,
        given: dict[str, object],
        name: str = "tool.shapespec",
    ) -> None:
        self.file = file
        self.source = SourceFile(str(file), text)
        self.given = given
        self.name = name

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
            raise Unusable(f"{self.where(key)}: {self.name}.{key} must be a string")
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
            message = f"{self.name}.{key} must be a list of strings"
            raise Unusable(f"{self.where(key)}: {message}")
        return tuple(given)

    def table(self, key: str) -> _Table:
        """The table that stands under a key; an empty one where nothing does.

        Raises:
            Unusable: Something else stands there.
        """
        given = self.given.get(key, {})
        name = f"{self.name}.{key}"
        if not isinstance(given, dict):
            raise Unusable(f"{self.where(key)}: {name} must be a table")
        return _Table(self.file, self.source.text, given, name)

    def output(self, default: Output, root: Path) -> Output:
        """What is generated and where it goes, as the table says.

        Args:
            default: What holds where it says nothing.
            root: The folder of the project.

        Raises:
            Unusable: It says what has no meaning.
        """
        targets = self.texts("targets", default.targets)
        for target in targets:
            self.refuse(target, unknown_target(target), "targets")
        package = self.text("package")
        if package is not None:
            self.refuse(package, wrong_package(package), "package")
        out, header = self.text("out"), self.text("header")
        return Output(
            out=default.out if out is None else root / out,
            targets=targets,
            package=default.package if package is None else package,
            header=default.header if header is None else header,
            folders={**default.folders, **self.table("folders").folders()},
        )

    def outputs(
        self, specs: tuple[str, ...], default: Output, root: Path
    ) -> Mapping[Path, Output]:
        """What is said of single specs.

        Raises:
            Unusable: It is said of none of the project's, or has no meaning.
        """
        table = self.table("spec")
        table.know(table.given, specs, "tool.shapespec.specs")
        found: dict[Path, Output] = {}
        for spec in table.given:
            one = table.table(spec)
            one.know(one.given, _OUTPUT, one.name)
            found[spec_in(root, spec)] = one.output(default, root)
        return found

    def folders(self) -> Mapping[str, str]:
        """A folder for each target that stands here.

        Raises:
            Unusable: It is not a folder, or not one of a target.
        """
        found: dict[str, str] = {}
        for target in self.given:
            folder = self.text(target) or "."
            self.refuse(target, wrong_folder(target, folder), target)
            found[target] = folder
        return found

    def refuse(self, word: str, wrong: str | None, key: str) -> None:
        """Refuse a word if there is a reason to.

        Raises:
            Unusable: There is; with the place of the word.
        """
        if wrong:
            raise Unusable(f"{self.where(word)}: {self.name}.{key}: {wrong}")

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
