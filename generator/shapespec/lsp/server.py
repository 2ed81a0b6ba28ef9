"""The server: requests of an editor in, answers of the other modules out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from shapespec import __version__
from shapespec.compiler import compile_spec
from shapespec.diagnostics.model import Annotation, Diagnostic, Faults, Severity
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile, Span
from shapespec.lsp import language
from shapespec.lsp.formatting import formatted
from shapespec.lsp.outline import Cursor, cursor, keys
from shapespec.lsp.references import Named, names
from shapespec.project.files import siblings

PAUSE = 0.3
"""Seconds without a key pressed before a document is compiled."""

_KINDS = {
    "key": lsp.CompletionItemKind.Property,
    "shape": lsp.CompletionItemKind.Class,
    "type": lsp.CompletionItemKind.Keyword,
    "value": lsp.CompletionItemKind.Value,
}
_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
}


class Server(LanguageServer):
    """A language server for specs, which compiles a document when typing pauses."""

    def __init__(self) -> None:
        """A server that nobody has spoken to."""
        super().__init__("shapespec", __version__)
        self.waiting: dict[str, asyncio.TimerHandle] = {}

    def soon(self, uri: str) -> None:
        """Compile a document once there is a pause."""
        before = self.waiting.pop(uri, None)
        if before is not None:
            before.cancel()
        loop = asyncio.get_running_loop()
        self.waiting[uri] = loop.call_later(PAUSE, self.publish, uri)

    def publish(self, uri: str) -> None:
        """Tell the editor what is wrong with a document."""
        document = self.workspace.get_text_document(uri)
        found = [_shown(document, one) for one in faults(document)]
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(uri, found, document.version)
        )


def source_of(document: TextDocument) -> SourceFile:
    """A document as the compiler reads it."""
    return SourceFile(document.path or document.uri, document.source)


def faults(document: TextDocument) -> tuple[Diagnostic, ...]:
    """What is wrong with a document, and with the files that it names."""
    source = source_of(document)
    beside = siblings(Path(document.path), source.name) if document.path else None
    try:
        compile_spec(source, beside)
    except Faults as found:
        return found.diagnostics
    except Unusable as error:
        return (Diagnostic(rule="unreadable", message=str(error)),)
    return ()


def _shown(document: TextDocument, one: Diagnostic) -> lsp.Diagnostic:
    """A diagnostic as the protocol has it; of another file, at the first line."""
    here = one.primary is not None and one.primary.span.file.name == (
        document.path or document.uri
    )
    message, label = one.message, one.primary.label if one.primary else ""
    if one.primary is not None and not here:
        message = f"{one.primary.span}: {message}"
    parts = (message, label, f"help: {one.help}" if one.help else "")
    start = lsp.Position(0, 0)
    span = one.primary.span if one.primary and here else None
    return lsp.Diagnostic(
        _range(document, span) if span else lsp.Range(start, start),
        "\n".join(filter(None, parts)),
        severity=_SEVERITIES[one.severity],
        code=one.rule,
        source="shapespec",
        related_information=[*_related(document, one.secondary)] if here else None,
    )


def _related(
    document: TextDocument, places: tuple[Annotation, ...]
) -> Iterator[lsp.DiagnosticRelatedInformation]:
    for place in places:
        if place.span.file.name == (document.path or document.uri):
            at = lsp.Location(document.uri, _range(document, place.span))
            yield lsp.DiagnosticRelatedInformation(at, place.label or "see here")


def _range(document: TextDocument, span: Span) -> lsp.Range:
    """A span as the editor counts: lines from 0, columns in its units."""
    ends = [span.file.position(at) for at in (span.start, span.end)]
    codec, lines = document.position_codec, document.lines
    start, end = (
        codec.position_to_client_units(lines, lsp.Position(line - 1, column - 1))
        for line, column in ends
    )
    return lsp.Range(start, end)


def _offset(document: TextDocument, position: lsp.Position) -> int:
    return document.offset_at_position(position)


def _before(document: TextDocument, position: lsp.Position) -> Cursor:
    return cursor(document.source[: _offset(document, position)])


def _named(document: TextDocument, position: lsp.Position) -> Named | None:
    """The name of a shape that is at a position."""
    at = _offset(document, position)
    for one in names(source_of(document)):
        if one.span.start <= at <= one.span.end:
            return one
    return None


def make_server() -> Server:
    """The server with all that it can do."""
    server = Server()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
        ls.publish(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
        ls.soon(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: Server, params: lsp.DidSaveTextDocumentParams) -> None:
        ls.publish(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        before = ls.waiting.pop(uri, None)
        if before is not None:
            before.cancel()
        ls.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    _add_queries(server)
    _add_edits(server)
    return server


def _add_queries(server: Server) -> None:
    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION,
        lsp.CompletionOptions(trigger_characters=[":", " ", "{", ",", "."]),
    )
    def complete(ls: Server, params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
        document = ls.workspace.get_text_document(params.text_document.uri)
        at = _before(document, params.position)
        return [
            lsp.CompletionItem(
                offer.text,
                kind=_KINDS[offer.kind],
                detail=offer.kind,
                documentation=offer.about or None,
                insert_text=f"{offer.text}: " if offer.kind == "key" else None,
            )
            for offer in language.offers(document.source, at)
        ]

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
        document = ls.workspace.get_text_document(params.text_document.uri)
        found = _about(document, params.position)
        if found is None:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, found))

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def define(ls: Server, params: lsp.DefinitionParams) -> lsp.Location | None:
        document = ls.workspace.get_text_document(params.text_document.uri)
        here = _named(document, params.position)
        for one in names(source_of(document)) if here else ():
            if here and one.defines and one.name == here.name:
                return lsp.Location(document.uri, _range(document, one.span))
        return None

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def refer(ls: Server, params: lsp.ReferenceParams) -> list[lsp.Location]:
        document = ls.workspace.get_text_document(params.text_document.uri)
        here = _named(document, params.position)
        return [
            lsp.Location(document.uri, _range(document, one.span))
            for one in (names(source_of(document)) if here else ())
            if here and one.name == here.name
            if params.context.include_declaration or not one.defines
        ]

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outline(
        ls: Server, params: lsp.DocumentSymbolParams
    ) -> list[lsp.DocumentSymbol]:
        document = ls.workspace.get_text_document(params.text_document.uri)
        return [
            lsp.DocumentSymbol(
                one.name,
                lsp.SymbolKind.Class,
                _range(document, one.span),
                _range(document, one.span),
            )
            for one in names(source_of(document))
            if one.defines
        ]


def _about(document: TextDocument, position: lsp.Position) -> str | None:
    """The Markdown about the key, type or shape at a position."""
    here = _named(document, position)
    text = document.source
    if here is not None:
        return _about_name(document, here)
    at = _offset(document, position)
    source = source_of(document)
    for key in keys(text):
        line, column = source.position(at)
        if key.line == line - 1 and key.column <= column - 1 <= key.column + len(
            key.name
        ):
            before = text.rfind("\n", 0, at) + 1 + key.column
            return language.about_key(cursor(text[:before]), key.name)
    inside = cursor(text[:at])
    word = inside.word + _rest(text, at)
    return language.section(word) if inside.path[-1:] == ("type",) else None


def _about_name(document: TextDocument, here: Named) -> str | None:
    if language.definition(document.source, here.name) is None:
        return language.section(here.name)
    lines = document.source.split("\n")
    found = language.definition(document.source, here.name)
    start = found.line if found else 0
    end = start + 1
    while end < len(lines) and (
        lines[end].startswith("    ") or not lines[end].strip()
    ):
        end += 1
    shown = "\n".join(lines[start:end][:_MOST_LINES]).rstrip()
    return f"```yaml\n{shown}\n```"


_MOST_LINES = 20


def _rest(text: str, at: int) -> str:
    end = at
    while end < len(text) and (text[end].isalnum() or text[end] in "_-"):
        end += 1
    return text[at:end]


def _add_edits(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    def may_rename(ls: Server, params: lsp.PrepareRenameParams) -> lsp.Range | None:
        document = ls.workspace.get_text_document(params.text_document.uri)
        here = _named(document, params.position)
        if here is None or language.definition(document.source, here.name) is None:
            return None
        return _range(document, here.span)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    def rename(ls: Server, params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        document = ls.workspace.get_text_document(params.text_document.uri)
        here = _named(document, params.position)
        found = names(source_of(document))
        if here is None or not any(
            one.defines and one.name == here.name for one in found
        ):
            return None
        wrong = language.wrong_name(document.source, params.new_name)
        if wrong:
            raise ValueError(wrong)
        edits = [
            lsp.TextEdit(_range(document, one.span), params.new_name)
            for one in found
            if one.name == here.name
        ]
        return lsp.WorkspaceEdit(changes={document.uri: edits})

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def lay_out(
        ls: Server, params: lsp.DocumentFormattingParams
    ) -> list[lsp.TextEdit] | None:
        document = ls.workspace.get_text_document(params.text_document.uri)
        laid = formatted(document.source)
        if laid is None or laid == document.source:
            return None
        end = lsp.Position(len(document.lines), 0)
        return [lsp.TextEdit(lsp.Range(lsp.Position(0, 0), end), laid)]
