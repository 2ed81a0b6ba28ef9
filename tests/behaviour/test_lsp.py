"""The language server, through a real client: what an editor shows while one types."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient
from pygls.workspace import TextDocument, Workspace

from shapespec.lsp.documents import Documents, source_of
from shapespec.lsp.formatting import formatted
from shapespec.lsp.language import offers
from shapespec.lsp.outline import cursor, keys
from shapespec.lsp.references import names
from shapespec.lsp.server import faults
from shapespec.project.files import read_source
from tests.support import FLAGSHIP, ROOT, run_shapespec

T = TypeVar("T")
SPEC = """\
shapespec: 1
package: weather
shapes:
  Reading:
    type: structure
    doc: "A measurement: 🌡 of a station."
    members:
      Station: {type: string, length: {min: 1}, required: true}
      Values: {type: list, member: Value}
      Best: Value
      "Odd 🌡": Value
    rules:
      station-known:
        cel: this.Station != ''
        message: No station.
        at: Station
  Value: {type: double, range: {min: 0}}
"""


Heard = dict[str, "asyncio.Queue[list[lsp.Diagnostic]]"]


class Editor:
    """A client with one document open, which hears of what is wrong."""

    def __init__(self, client: LanguageClient, uri: str, every: Heard) -> None:
        """The editor of a document; `every` has what is said of each document."""
        self.client = client
        self.uri = uri
        self.version = 0
        self.every = every
        self.heard = every.setdefault(uri, asyncio.Queue())

    def beside(self, name: str) -> Editor:
        """The editor of another document in the same folder."""
        return Editor(self.client, f"{self.uri.rpartition('/')[0]}/{name}", self.every)

    async def open(self, text: str) -> list[lsp.Diagnostic]:
        """Open the document, and wait for what is said of it."""
        document = lsp.TextDocumentItem(self.uri, "yaml", self.version, text)
        params = lsp.DidOpenTextDocumentParams(document)
        self.client.text_document_did_open(params)
        return await self.heard.get()

    async def type(self, text: str) -> list[lsp.Diagnostic]:
        """Replace the text, and wait for what is said of it."""
        self.version += 1
        document = lsp.VersionedTextDocumentIdentifier(self.version, self.uri)
        change = lsp.TextDocumentContentChangeWholeDocument(text)
        params = lsp.DidChangeTextDocumentParams(document, [change])
        self.client.text_document_did_change(params)
        return await self.heard.get()

    @property
    def document(self) -> lsp.TextDocumentIdentifier:
        """The document."""
        return lsp.TextDocumentIdentifier(self.uri)


def edited(tmp_path: Path, use: Callable[[Editor], Awaitable[T]]) -> T:
    """What a function gives that is run with an editor of a spec."""

    async def run() -> T:
        client = LanguageClient("test", "1")
        every: Heard = {}
        editor = Editor(client, (tmp_path / "weather.yaml").as_uri(), every)

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def hear(params: lsp.PublishDiagnosticsParams) -> None:
            heard = every.setdefault(params.uri, asyncio.Queue())
            heard.put_nowait([*params.diagnostics])

        await client.start_io(sys.executable, "-m", "shapespec", "lsp", "--stdio")
        await client.initialize_async(
            lsp.InitializeParams(capabilities=lsp.ClientCapabilities())
        )
        client.initialized(lsp.InitializedParams())
        found = await use(editor)
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()
        return found

    return asyncio.run(run())


def place(text: str, mark: str, *, behind: bool = False) -> lsp.Position:
    """Where a part of a text is, in UTF-16 units."""
    at = text.index(mark) + (len(mark) if behind else 0)
    line = text.count("\n", 0, at)
    before = text[text.rfind("\n", 0, at) + 1 : at]
    return lsp.Position(line, len(before.encode("utf-16-le")) // 2)


def part(text: str, found: lsp.Range) -> str:
    """The part of a text that a range of one line covers."""
    line = text.split("\n")[found.start.line].encode("utf-16-le")
    return line[2 * found.start.character : 2 * found.end.character].decode("utf-16-le")


def test_diagnostics_as_one_types(tmp_path: Path) -> None:
    """A fault is shown at its place with rule and help, and goes when it is mended."""
    wrong = SPEC.replace('🌡": Value', '🌡": Valu')

    async def use(editor: Editor) -> list[list[lsp.Diagnostic]]:
        return [
            await editor.open(SPEC),
            await editor.type(wrong),
            await editor.type(SPEC),
        ]

    first, second, third = edited(tmp_path, use)

    assert ([], []) == (first, third)
    (one,) = second
    assert ("unknown-shape", "Valu", lsp.DiagnosticSeverity.Error) == (
        one.code,
        part(wrong, one.range),
        one.severity,
    )
    assert "did you mean `Value`?" in one.message


def test_completion_hover_and_definition(tmp_path: Path) -> None:
    """Shapes, members and traits are completed, and what they mean is shown."""

    async def use(editor: Editor) -> tuple[Any, ...]:
        await editor.open(SPEC)
        at = place(SPEC, "member: Value")
        at.character += len("member: ")
        document = editor.document
        hovered = [
            await editor.client.text_document_hover_async(
                lsp.HoverParams(document, place(SPEC, mark))
            )
            for mark in ("length", "double", "Value}")
        ]
        defined = await editor.client.text_document_definition_async(
            lsp.DefinitionParams(document, at)
        )
        references = await editor.client.text_document_references_async(
            lsp.ReferenceParams(
                lsp.ReferenceContext(include_declaration=True), document, at
            )
        )
        completed = await editor.client.text_document_completion_async(
            lsp.CompletionParams(document, at)
        )
        return hovered, defined, references, completed

    hovered, defined, references, completed = edited(tmp_path, use)

    length, double, value = (one.contents.value for one in hovered)
    assert length.startswith("Bounds on the number of code points.\n\n### Length")
    assert double.startswith("### Numbers")
    assert "```yaml\n  Value: {type: double, range: {min: 0}}\n```" == value
    assert (16, "Value") == (defined.range.start.line, part(SPEC, defined.range))
    assert [8, 9, 10, 16] == sorted(one.range.start.line for one in references)
    assert {"Value"} == {part(SPEC, one.range) for one in references}
    assert {"Reading", "Value", "timestamp"} <= {one.label for one in completed}


def test_rename(tmp_path: Path) -> None:
    """All names of a shape change, and what the edit makes compiles."""

    async def use(editor: Editor) -> tuple[Any, Any, Any]:
        await editor.open(SPEC)
        at = place(SPEC, "Value: {")
        made = await editor.client.text_document_rename_async(
            lsp.RenameParams(editor.document, at, "Amount")
        )
        assert made is not None
        edits = made.changes[editor.uri]
        text = SPEC
        for one in sorted(edits, key=lambda one: one.range.start.line, reverse=True):
            lines = text.split("\n")
            line = lines[one.range.start.line].encode("utf-16-le")
            start, end = 2 * one.range.start.character, 2 * one.range.end.character
            new = line[:start] + one.new_text.encode("utf-16-le") + line[end:]
            lines[one.range.start.line] = new.decode("utf-16-le")
            text = "\n".join(lines)
        refused = []
        for name in ("Reading", "a b", "string"):
            params = lsp.RenameParams(editor.document, at, name)
            try:
                await editor.client.text_document_rename_async(params)
            except Exception as error:  # noqa: BLE001 - the client's own kind
                refused.append(str(error))
        return text, await editor.type(text), refused

    text, said, refused = edited(tmp_path, use)

    assert [] == said
    assert ("Value:" not in text, 4) == (True, text.count("Amount"))
    assert 3 == len(refused)


def test_formatting(tmp_path: Path) -> None:
    """A document is laid out once; a second time there is nothing to do."""
    untidy = "shapespec: 1  \npackage: weather # ours\nroots:\n- A\nshapes:\n    A:\n"
    untidy += "        type: enum\n        values: ['on', \"off\"]\n\n\n"

    async def use(editor: Editor) -> tuple[Any, Any]:
        await editor.open(untidy)
        options = lsp.FormattingOptions(2, insert_spaces=True)
        params = lsp.DocumentFormattingParams(editor.document, options)
        edits = await editor.client.text_document_formatting_async(params)
        assert edits is not None
        await editor.type(edits[0].new_text)
        return edits[0].new_text, await editor.client.text_document_formatting_async(
            params
        )

    laid, again = edited(tmp_path, use)

    assert (
        "shapespec: 1\npackage: weather # ours\nroots:\n  - A\nshapes:\n  A:\n"
        "    type: enum\n    values: ['on', \"off\"]\n"
    ) == laid
    assert again is None


def test_formatting_changes_no_meaning() -> None:
    """What cannot be read is left alone, and the flagship keeps each value."""
    text = FLAGSHIP.read_text("utf-8")
    laid = formatted(text)

    assert laid is not None
    assert formatted(laid) == laid
    assert formatted("a: [\n") is None


@pytest.mark.parametrize(
    ("text", "offered", "not_offered"),
    [
        ("", {"shapespec", "package", "shapes"}, {"type", "members"}),
        ("shapes:\n  A:\n    ", {"type", "doc", "members"}, {"package"}),
        ("shapes:\n  A:\n    type: str", {"string", "structure"}, {"Reading", "A"}),
        (
            "shapes:\n  A:\n    type: list\n    ",
            {"member", "length"},
            {"type", "pattern"},
        ),
        ("shapes:\n  A: {type: string, ", {"pattern", "length"}, {"type", "range"}),
        ("shapes:\n  A: {type: list, member: ", {"A", "string"}, {"structure"}),
        ("shapes:\n  A: {type: list}\nroots: [", {"A"}, {"string"}),
        ("shapes:\n  A: {type: list}\nroots:\n  - ", {"A"}, {"string"}),
        (
            "shapes:\n  A: {type: structure, members: {B: {target: C, required: ",
            {"true", "false"},
            {"A"},
        ),
        (
            "shapes:\n  A:\n    members: {B: string}\n    rules:\n      r: {at: ",
            {"B"},
            {"A"},
        ),
        (
            "shapes:\n  A:\n    members: {B: string}\n    rules:\n      r: {cel: this.",
            {"B"},
            {"A", "string"},
        ),
        ("shapes:\n  A: {type: string, relaxed: {", {"maxLength"}, {"type"}),
        ("shapes:\n  A:\n    doc: |\n      type: x\n    ", {"type"}, {"package"}),
        ("forms:\n  f:\n    timestamps: {write: ", {"iso-8601"}, {"http-date"}),
    ],
)
def test_what_can_be_typed(text: str, offered: set[str], not_offered: set[str]) -> None:
    """A place offers what the language has there, and nothing else."""
    found = {one.text for one in offers(text, cursor(text))}

    assert offered <= found
    assert set() == not_offered & found


MONEY = """\
shapespec: 1
package: money
shapes:
  # 🪙
  Amount: {type: structure, members: {Sum: {type: double}, Of: Currency}}
  Currency: {type: string, length: {min: 3}}
"""
LIBRARY = """\
shapespec: 1
package: library
imports:
  coin: shared/money.yaml
shapes:
  Fine: {type: structure, members: {"🪙": coin.Amount, Days: long}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A spec that imports another one."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "money.yaml").write_text(MONEY, "utf-8")
    (tmp_path / "library.yaml").write_text(LIBRARY, "utf-8")
    return tmp_path


def test_names_lead_to_other_files(project: Path) -> None:
    """Definition, references, hover and completion know what a spec imports."""

    async def use(editor: Editor) -> tuple[Any, ...]:
        library = editor.beside("library.yaml")
        money = editor.beside("shared/money.yaml")
        assert [] == await library.open(LIBRARY)
        at = place(LIBRARY, "Amount")
        client, document = editor.client, library.document
        defined = await client.text_document_definition_async(
            lsp.DefinitionParams(document, at)
        )
        context = lsp.ReferenceContext(include_declaration=True)
        found = [
            await client.text_document_references_async(
                lsp.ReferenceParams(context, one, where)
            )
            for one, where in (
                (document, at),
                (money.document, place(MONEY, "Amount")),
            )
        ]
        hovered = await client.text_document_hover_async(lsp.HoverParams(document, at))
        assert hovered is not None
        await library.type(LIBRARY.replace("coin.Amount", "coin.Am"))
        offered = await client.text_document_completion_async(
            lsp.CompletionParams(
                document,
                place(
                    LIBRARY.replace("coin.Amount", "coin.Am"), "coin.Am", behind=True
                ),
            )
        )
        return defined, found, hovered.contents, offered, money.uri, library.uri

    defined, found, hovered, offered, money, library = edited(project, use)

    assert (money, "Amount") == (defined.uri, part(MONEY, defined.range))
    assert found[0] == found[1]
    assert [(money, "Amount"), (library, "Amount")] == [
        (one.uri, part(MONEY if one.uri == money else LIBRARY, one.range))
        for one in found[0]
    ]
    assert "Amount: {type: structure" in hovered.value
    (one,) = (one for one in offered if one.label == "coin.Amount")
    assert "coin.Am" == part(
        LIBRARY.replace("coin.Amount", "coin.Am"), one.text_edit.range
    )
    assert {"coin.Currency", "Fine", "string"} <= {one.label for one in offered}


def test_renaming_in_all_files(project: Path) -> None:
    """A shape is renamed where it is defined and where it is imported."""

    async def use(editor: Editor) -> tuple[Any, str, str]:
        library = editor.beside("library.yaml")
        money = editor.beside("shared/money.yaml")
        await library.open(LIBRARY)
        at = place(LIBRARY, "Amount")
        made = await editor.client.text_document_rename_async(
            lsp.RenameParams(library.document, at, "Price")
        )
        prepared = [
            await editor.client.text_document_prepare_rename_async(
                lsp.PrepareRenameParams(library.document, place(LIBRARY, mark))
            )
            for mark in ("Amount", "coin.", "Days")
        ]
        assert [True, False, False] == [one is not None for one in prepared]
        return made, money.uri, library.uri

    made, money, library = edited(project, use)

    assert {money: 1, library: 1} == {
        uri: len(edits) for uri, edits in made.changes.items()
    }
    for uri, text in ((money, MONEY), (library, LIBRARY)):
        assert "Amount" == part(text, made.changes[uri][0].range)


def test_an_imported_file_that_is_being_changed(project: Path) -> None:
    """What is typed in one document counts for the one that imports it, unsaved."""

    async def use(editor: Editor) -> tuple[list[lsp.Diagnostic], ...]:
        library = editor.beside("library.yaml")
        money = editor.beside("shared/money.yaml")
        assert [] == await library.open(LIBRARY)
        assert [] == await money.open(MONEY)
        (own,) = await money.type(MONEY.replace("type: string", "type: strng"))
        theirs = await library.heard.get()
        assert "strng" in own.message
        await money.type(MONEY.replace("Amount", "Price"))
        gone = await library.heard.get()
        await money.type(MONEY)
        return theirs, gone, await library.heard.get()

    theirs, gone, mended = edited(project, use)

    (one,) = theirs
    assert "shared/money.yaml" == part(LIBRARY, one.range)
    assert "money.yaml:6:20: `strng` is not a type" in one.message
    assert "Amount" in gone[0].message
    assert [] == mended


DECISIONS = """\
decisions:
  longer-names:
    paths: [Name]
    kind: maxLength
    says: {page: 8, model: 20}
    stands: 20
    reason: The limit was raised.
"""


def test_files_beside_a_spec(tmp_path: Path) -> None:
    """Decisions and evidence have diagnostics, completion and hover of their own."""

    async def use(editor: Editor) -> tuple[Any, ...]:
        decisions = editor.beside("decisions.yaml")
        clean = await decisions.open(DECISIONS)
        wrong = DECISIONS.replace("maxLength", "maxLenth")
        said = await decisions.type(wrong)
        offered = await editor.client.text_document_completion_async(
            lsp.CompletionParams(
                decisions.document, place(wrong, "maxLenth", behind=True)
            )
        )
        hovered = await editor.client.text_document_hover_async(
            lsp.HoverParams(decisions.document, place(wrong, "stands"))
        )
        evidence = editor.beside("evidence.yaml")
        text = "source: {id: a, kind: b}\nfacts:\n  - {path: A, kind: typ, value: x}\n"
        return clean, said, wrong, offered, hovered, await evidence.open(text)

    clean, said, wrong, offered, hovered, evidence = edited(tmp_path, use)

    assert [] == clean
    (one,) = said
    assert "maxLenth" == part(wrong, one.range)
    assert "maxLength" in {one.label for one in offered}
    assert hovered is not None
    assert {"missing-key", "invalid-choice"} <= {one.code for one in evidence}


@pytest.mark.parametrize(
    "text",
    [
        "on: push\njobs: {a: {steps: []}}\n",
        "",
        "# ours\n",
        "- a\n- b\n",
        "site_name: x\n",
    ],
)
def test_other_files_are_left_alone(tmp_path: Path, text: str) -> None:
    """An editor that starts the server for all YAML sees nothing of it elsewhere."""

    async def use(editor: Editor) -> tuple[Any, ...]:
        said = await editor.open(text)
        options = lsp.FormattingOptions(2, insert_spaces=True)
        params = lsp.DocumentFormattingParams(editor.document, options)
        return said, await editor.client.text_document_formatting_async(params)

    said, laid = edited(tmp_path, use)

    assert [] == said
    assert laid is None or text in ("", "# ours\n", "- a\n- b\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_positions_are_those_of_the_editor(tmp_path: Path, end: str) -> None:
    """Neither 🌡 before a name nor U+2028 in a text moves what is marked."""
    text = SPEC.replace("of a station", "of\u2028a\u0085station").replace("\n", end)
    wrong = text.replace('🌡": Value', '🌡": Valu')

    async def use(editor: Editor) -> tuple[Any, ...]:
        said = await editor.open(wrong)
        defined = await editor.client.text_document_definition_async(
            lsp.DefinitionParams(
                editor.document, place(wrong, "member: V", behind=True)
            )
        )
        return said, defined

    said, defined = edited(tmp_path, use)

    (one,) = said
    assert "Valu" == part(wrong, one.range)
    assert "Value" == part(wrong, defined.range)


def test_every_state_of_typing(tmp_path: Path) -> None:
    """However far a spec has been typed, with tabs or deletions, there is an answer."""
    del tmp_path
    states = [SPEC[:end] for end in range(0, len(SPEC), 3)]
    states += [SPEC[:at] + SPEC[at + 7 :] for at in range(0, len(SPEC), 11)]
    states += [SPEC.replace("  ", "\t", count) for count in range(1, 6)]
    for text in states:
        document = TextDocument("untitled:weather", text)
        documents = Documents(Workspace(None))
        for one in faults(document, documents):
            assert one.message
        assert all(one.text for one in offers(text, cursor(text)))
        names(source_of(document))
        formatted(text)


def test_every_key_of_the_flagship_is_seen() -> None:
    """The outline has the shapes that the compiler reads, in their places."""
    source = read_source(FLAGSHIP)
    found = [*keys(source.text)]
    lines = source.text.split("\n")

    assert all(
        lines[key.line][key.column :].lstrip("\"'").startswith(key.name)
        for key in found
    )
    shapes = {key.name for key in found if key.path == ("shapes",)}
    assert shapes == {one.name for one in names(source) if one.defines}
    assert len(shapes) > 100


def test_the_page_names_a_command_that_runs() -> None:
    """Each editor is told to run the server by its command."""
    page = (ROOT / "spec" / "editors.md").read_text("utf-8")

    assert 3 == page.count("shapespec lsp") + 2
    assert 3 == page.count('"lsp"')
    assert 0 == run_shapespec("lsp", "--help").returncode
