"""The reference: pages that are complete, well linked, and show text as text."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeAlias

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from shapespec.compiler import compile_spec, generate
from shapespec.contract import schema as ir
from shapespec.ground.source import SourceFile
from shapespec.tools.samples.examples import for_readers

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "docs"

HOSTILE_NAMES = (
    "a|b",
    "`tick`",
    "``` fence",
    "<script>alert(1)</script>",
    "<!-- comment -->",
    "-->",
    "# heading",
    "heading #",
    "[x](y)",
    "![i](j)",
    "[ref]: /url",
    "https://example.org/x",
    "&lt;",
    "*em* __strong__ ~~gone~~",
    "- item",
    "1. item",
    "> quote",
    "---",
    "trailing\\",
    "in\\|side",
    "|",
    "<",
    "$ref",
    "Name",
    "name",
    "Rules",
    "Members",
    "Used by",
)
"""Names that are printable, so that they are to be seen as they are."""

UNSEEN_NAMES = {
    "new\nline": r'"new\nline"',
    "  ": r'"\u0020\u0020"',
    "\u202ertl": r'"\u202ertl"',
    '"quoted"': r'"\"quoted\""',
}
"""Names that are not, and what is to be seen of them."""

HOSTILE_DOC = (
    "Has `a|b`, <b>bold</b>, [l](x), ![i](j), *em*, a ` tick, &copy; and a|b."
    "\n\n# One\n\n- two\n\n```\n\n    three\n\n| four | five |\n\n---"
)


@dataclass(frozen=True)
class Page:
    """A page as a reader of Markdown has it."""

    text: str

    @cached_property
    def tokens(self) -> list[Token]:
        return (
            MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(self.text)
        )

    @cached_property
    def inlines(self) -> list[Token]:
        return [token for token in self.tokens if token.type == "inline"]

    @property
    def types(self) -> set[str]:
        """The kinds of all elements behind the comment in the first line."""
        inner = {child.type for token in self.inlines for child in token.children or ()}
        return {token.type for token in self.tokens[1:]} | inner

    @property
    def links(self) -> list[str]:
        return [
            str(child.attrs["href"])
            for token in self.inlines
            for child in token.children or ()
            if child.type == "link_open"
        ]

    @property
    def headings(self) -> list[str]:
        return [
            seen(after)
            for before, after in zip(self.tokens, self.tokens[1:], strict=False)
            if before.type == "heading_open"
        ]

    @cached_property
    def anchors(self) -> set[str]:
        """The anchors that GitHub gives to the headings."""
        counts: dict[str, int] = {}
        found = set()
        for heading in self.headings:
            kept = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            count = counts[kept] = counts.get(kept, -1) + 1
            found.add(f"{kept}-{count}" if count else kept)
        return found | set(self.placed)

    @property
    def placed(self) -> list[str]:
        """The anchors that stand in the text, all of the one kind that we write."""
        tags = [
            child.content
            for token in self.inlines
            for child in token.children or ()
            if child.type == "html_inline" and child.content != "</a>"
        ]
        found = [re.fullmatch(r'<a id="([A-Za-z0-9_.:~-]+)">', tag) for tag in tags]
        assert all(found), tags
        return [match[1] for match in found if match]

    @property
    def code(self) -> set[str]:
        return {
            child.content
            for token in self.inlines
            for child in token.children or ()
            if child.type == "code_inline"
        }


def seen(inline: Token) -> str:
    """The text that a reader sees."""
    shown = (child for child in inline.children or () if child.type != "html_inline")
    return "".join(child.content for child in shown)


Reference: TypeAlias = tuple[ir.Schema, dict[str, Page]]
"""A schema and the pages of its reference, by file name."""

Spec: TypeAlias = Callable[[], Reference]


def compiled(name: str, text: str) -> Reference:
    """The reference of a spec, given its name and its text."""
    return written(compile_spec(SourceFile(name, text)))


def written(schema: ir.Schema) -> Reference:
    """The reference of a schema."""
    folder = f"docs/{schema.package}/"
    files = generate(schema, ["docs"])
    assert all(file.path.startswith(folder) for file in files)
    return schema, {file.path.removeprefix(folder): Page(file.text) for file in files}


@cache
def flagship() -> Reference:
    path = ROOT / "spec" / "sagemaker" / "training_job.yaml"
    return compiled(path.name, path.read_text("utf-8"))


@cache
def weather_station() -> Reference:
    return compiled("spec.yaml", _spec("weather_station"))


@cache
def shelter() -> Reference:
    """Responses that are no objects, with an example of each."""
    schema = for_readers(compile_spec(SourceFile("spec.yaml", _spec("shelter"))))
    return written(schema)


def _spec(name: str) -> str:
    return (CASES / name / "spec.yaml").read_text("utf-8")


@cache
def roots_alone() -> Reference:
    """The same without operations."""
    head, _, rest = _spec("shelter").partition("operations:")
    _, _, shapes = rest.partition("roots: [")
    text = f"{head}roots: [Names, Problems, Prices, {shapes}"
    return written(for_readers(compile_spec(SourceFile("spec.yaml", text))))


@cache
def hostile() -> Reference:
    """A spec that tries to be anything but text wherever it can."""
    names = (*HOSTILE_NAMES, *UNSEEN_NAMES)
    doc = HOSTILE_DOC
    members = {
        name: {
            "target": "string" if number % 2 else "Hostile",
            "doc": name if number % 2 else doc,
            "deprecated": {"since": name, "use": name},
            "python": f"member_{number}",
        }
        for number, name in enumerate(names)
    }
    values = [(name, {"python": f"V{number}"}) for number, name in enumerate(names)]
    sent = {"type": "structure", "doc": doc, "members": members}
    received = {
        "type": "structure",
        "doc": doc,
        "members": {
            "p|q": {"type": "string", "pattern": "`|<b>[`]``"},
            "Pair": "Pair",
            "pair": {"target": "PAIR", "python": "other"},
        },
        "rules": {
            "rules": {"cel": "'```' != '<b>'\n\n|| '````' == ''", "message": doc}
        },
        "derived": {
            "Pair": {
                "cel": "'[x](y)'",
                "type": "string",
                "doc": doc,
                "python": "derived",
            }
        },
        "notes": {"note": doc},
    }
    spec = {
        "shapespec": 1,
        "package": "hostile",
        "title": "<i>T</i> | `t` [x](y)",
        "doc": doc,
        "operations": {"Call": {"doc": doc, "input": "Sent", "output": "Received"}},
        "forms": {
            "form": {
                "doc": doc,
                "timestamps": {"read": ["datetime"], "write": "datetime"},
                "extra_members": names,
            }
        },
        "shapes": {
            "Sent": sent,
            "Received": received,
            "Pair": {"type": "union", "doc": doc, "members": members},
            "PAIR": {
                "type": "structure",
                "members": {"Con": "Con", "Readme": "Readme"},
            },
            "Con": {"type": "structure", "members": {"Con": "string"}},
            "Readme": {"type": "enum", "values": dict(values)},
            "Hostile": {
                "type": "enum",
                "values": {value: {**more, "doc": value} for value, more in values},
            },
        },
    }
    return compiled("a --> <b>\n`spec`.yaml", json.dumps(spec))


SPECS = pytest.mark.parametrize(
    "spec", [flagship, weather_station, shelter, roots_alone, hostile]
)


def test_flagship_pages_have_no_fault_of_style(tmp_path: Path) -> None:
    """A Markdown linter has nothing to say, but that tables make long lines."""
    for name, page in flagship()[1].items():
        (tmp_path / name).write_text(page.text, "utf-8", newline="\n")

    ran = subprocess.run(
        [sys.executable, "-m", "pymarkdown", "-d", "md013", "scan", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ("", "", 0) == (ran.stdout, ran.stderr, ran.returncode)


@SPECS
def test_every_link_leads_somewhere(spec: Spec) -> None:
    """Each link leads to a page of the reference, and to a heading on it."""
    _, pages = spec()
    dead = []
    for name, page in pages.items():
        for link in page.links:
            file, _, anchor = link.partition("#")
            target = pages.get(file or name)
            if target is None or (anchor and anchor not in target.anchors):
                dead.append((name, link))

    assert [] == dead


@SPECS
def test_every_page_is_reached_from_the_first(spec: Spec) -> None:
    """The first page links to all others, and each of them back."""
    _, pages = spec()
    others = {name for name in pages if name != "README.md"}

    assert others <= set(pages["README.md"].links)
    assert all("README.md" in pages[name].links for name in others)


@SPECS
def test_pages_say_where_they_come_from(spec: Spec) -> None:
    """Each page begins with a comment, then its title, and ends with one newline."""
    for page in spec()[1].values():
        first, heading = page.tokens[:2]

        assert ("html_block", [0, 1]) == (first.type, first.map)
        assert re.fullmatch(r"<!-- Generated by shapespec from .+ -->\n", first.content)
        assert ("heading_open", "h1") == (heading.type, heading.tag)
        assert page.text.endswith("\n")
        assert not page.text.endswith("\n\n")


def described(schema: ir.Schema) -> Iterator[tuple[str, ir.Shape]]:
    """Each shape that is described somewhere, and the name of the page that does."""
    (operation,) = schema.operations
    for shape in schema.named_shapes():
        if shape.id in (operation.input, operation.output):
            yield f"{operation.name}.md", shape
        elif isinstance(shape, ir.Structure | ir.Union | ir.Enum):
            yield f"{shape.id}.md", shape


@pytest.mark.parametrize("spec", [flagship, weather_station])
def test_nothing_is_left_out(spec: Spec) -> None:
    """Each member has a section, and each value of an enum is on its page."""
    schema, pages = spec()
    missing = []
    for name, shape in described(schema):
        match shape:
            case ir.Enum(values=values):
                missing += sorted({one.value for one in values} - pages[name].code)
            case ir.Structure(members=members) | ir.Union(members=members):
                (operation,) = schema.operations
                mark = " (request)" if shape.id == operation.input else ""
                wanted = {f"{member.name}{mark}" for member in members}
                missing += sorted(wanted - set(pages[name].headings))

    assert [] == missing


def test_flagship_anchors_can_be_guessed() -> None:
    """The anchor of a member is its name in lower case."""
    schema, pages = flagship()
    for name, shape in described(schema):
        if isinstance(shape, ir.Structure | ir.Union):
            guesses = {member.name.lower() for member in shape.members}

            assert guesses <= pages[name].anchors


def test_hostile_text_is_only_text() -> None:
    """Nothing in a spec becomes HTML, an image or anything but text and code."""
    for page in hostile()[1].values():
        blocks = {"heading", "paragraph", "bullet_list", "list_item", "link", "strong"}
        blocks |= {"table", "thead", "tbody", "tr", "th", "td"}
        ours = {f"{block}_{end}" for block in blocks for end in ("open", "close")}

        inner = {"inline", "text", "code_inline", "fence", "html_inline"}
        assert set() == page.types - ours - inner
        assert len(page.placed) == page.text.count("</a>")


@pytest.mark.parametrize(("file", "mark"), [("Call.md", " (request)"), ("Pair.md", "")])
def test_hostile_members_are_seen_as_they_are(file: str, mark: str) -> None:
    """Each name is a heading, exactly, or begins one where it has no anchor alone."""
    names = [*HOSTILE_NAMES, *UNSEEN_NAMES.values()]
    page = hostile()[1][file]
    first = page.headings.index(f"a|b{mark}")
    headings = page.headings[first : first + len(names)]

    unlike = [
        heading
        for name, heading in zip(names, headings, strict=True)
        if heading != f"{name}{mark}" and not heading.startswith(f"{name} (")
    ]

    assert [] == unlike
    assert len(names) == len(set(headings))


def test_hostile_tables_keep_their_columns() -> None:
    """Each member and each value has one row, with its name in the first cell."""
    names = [*HOSTILE_NAMES, *UNSEEN_NAMES.values()]
    for file in ("Pair.md", "Hostile.md"):
        page = hostile()[1][file]
        first_cells = [
            seen(page.tokens[at + 2])
            for at, token in enumerate(page.tokens[:-2])
            if token.type == "tr_open" and page.tokens[at + 1].type == "td_open"
        ]

        assert names == first_cells


def test_file_names_are_safe_anywhere() -> None:
    """Names are plain, differ in more than case, and are no devices of Windows."""
    files = list(hostile()[1])

    assert all(re.fullmatch(r"[A-Za-z0-9_-]+\.md", file) for file in files)
    assert len(files) == len({file.lower() for file in files})
    assert "con.md" not in {file.lower() for file in files}


def test_the_same_spec_gives_the_same_pages() -> None:
    """Two runs give the same bytes."""
    schema, pages = hostile()

    again = {file.path: file.text for file in generate(schema, ["docs"])}

    assert {f"docs/hostile/{name}": page.text for name, page in pages.items()} == again


@pytest.mark.parametrize("spec", [weather_station, shelter])
def test_small_contracts_read_as_expected(spec: Spec, *, update: bool) -> None:
    """The pages of a small contract, word for word."""
    schema, pages = spec()
    name = schema.package
    folder = CASES / name / "expected" / "docs" / name
    if update:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file, page in pages.items():
            (folder / file).write_text(page.text, "utf-8", newline="\n")
    expected = {path.name: path.read_text("utf-8") for path in folder.iterdir()}

    assert expected == {name: page.text for name, page in pages.items()}
