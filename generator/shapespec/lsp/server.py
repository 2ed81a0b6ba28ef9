"""The server: requests of an editor in, answers of the other modules out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from os.path import normpath
from pathlib import Path

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from shapespec.compiler import compile_spec
from shapespec.diagnostics.model import Annotation, Diagnostic, Faults, Severity
from shapespec.evidence.files import read_decisions, read_evidence
from shapespec.evidence.history.files import read_history
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile, Span
from shapespec.ground.version import __version__
from shapespec.lsp import language
from shapespec.lsp.documents import (
    Documents,
    ShapeInFile,
    kind_of,
    lines_of,
    named_files,
    offset_of,
    range_of,
    source_of,
)
from shapespec.lsp.formatting import formatted
from shapespec.lsp.language import Kind, Offer
from shapespec.lsp.outline import Cursor, cursor, keys
from shapespec.lsp.references import Named, names

_WORD = re.compile(r"[\w.-]*\Z", re.ASCII)
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


_READERS: Mapping[Kind, Callable[[SourceFile], object]] = {
    "decisions": read_decisions,
    "evidence": read_evidence,
    "history": read_history,
}


class Server(LanguageServer):
    """A language server for specs, which compiles a document when typing pauses."""

    def __init__(self) -> None:
        """A server that nobody has spoken to."""
        super().__init__(
            "shapespec",
            __version__,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Full,
        )
        self.waiting: dict[str, asyncio.TimerHandle] = {}

    @property
    def documents(self) -> Documents:
        """The specs of the workspace."""
        return Documents(self.workspace)

    def soon(self, uri: str) -> None:
        """Compile a document once there is a pause."""
        before = self.waiting.pop(uri, None)
        if before is not None:
            before.cancel()
        loop = asyncio.get_running_loop()
        self.waiting[uri] = loop.call_later(PAUSE, self.changed, uri)

    def changed(self, uri: str) -> None:
        """Tell the editor what is wrong with a document, and with who imports it."""
        documents = self.documents
        self.publish(uri)
        for other in documents.opened():
            if other != uri and uri in documents.imports(documents.get(other)).values():
                self.publish(other)

    def publish(self, uri: str) -> None:
        """Tell the editor what is wrong with a document."""
        document = self.documents.get(uri)
        found = [_shown(document, one) for one in faults(document, self.documents)]
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(uri, found, document.version)
        )


def faults(document: TextDocument, documents: Documents) -> tuple[Diagnostic, ...]:
    """What is wrong with a document, and with the files that it names."""
    kind = kind_of(document.source)
    if kind is None or not any(keys(document.source)):
        return ()
    source = source_of(document)
    try:
        if kind == "spec":
            beside = partial(documents.reads, document) if document.path else None
            compile_spec(source, beside)
        else:
            _READERS[kind](source)
    except Faults as found:
        return found.diagnostics
    except Unusable as error:
        return (Diagnostic(rule="unreadable", message=str(error)),)
    return ()


def _shown(document: TextDocument, one: Diagnostic) -> lsp.Diagnostic:
    """A diagnostic as the protocol has it; of another file, where that is named."""
    here = one.primary is not None and one.primary.span.file.name == (
        document.path or document.uri
    )
    message, label = one.message, one.primary.label if one.primary else ""
    if one.primary is not None and not here:
        message = f"{one.primary.span}: {message}"
    parts = (message, label, f"help: {one.help}" if one.help else "")
    span = one.primary.span if one.primary else None
    if span is not None and not here:
        span = _naming(document, span.file)
    start = lsp.Position(0, 0)
    return lsp.Diagnostic(
        range_of(document, span) if span else lsp.Range(start, start),
        "\n".join(filter(None, parts)),
        severity=_SEVERITIES[one.severity],
        code=one.rule,
        source="shapespec",
        related_information=[*_related(document, one.secondary)] if here else None,
    )


def _naming(document: TextDocument, file: SourceFile) -> Span | None:
    """Where a document names a file, if it is one that it imports."""
    source = source_of(document)
    for _, path, (start, end) in named_files(document.source):
        if normpath(Path(source.name).parent / path) == normpath(file.name):
            return Span(source, start, end)
    return None


def _related(
    document: TextDocument, places: tuple[Annotation, ...]
) -> Iterator[lsp.DiagnosticRelatedInformation]:
    for place in places:
        if place.span.file.name == (document.path or document.uri):
            at = lsp.Location(document.uri, range_of(document, place.span))
            yield lsp.DiagnosticRelatedInformation(at, place.label or "see here")


def _before(document: TextDocument, position: lsp.Position) -> Cursor:
    return cursor(document.source[: offset_of(document, position)])


def _named(document: TextDocument, position: lsp.Position) -> Named | None:
    """The name of a shape that is at a position, with its namespace."""
    at = offset_of(document, position)
    for one in names(source_of(document)):
        space = len(one.space) + 1 if one.space else 0
        if one.span.start - space <= at <= one.span.end:
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
        ls.changed(params.text_document.uri)

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
        documents = ls.documents
        document = documents.get(params.text_document.uri)
        kind = kind_of(document.source)
        if kind is None:
            return []
        at = _before(document, params.position)
        others = {
            space: documents.get(uri).source
            for space, uri in documents.imports(document).items()
        }
        end = params.position
        offset = offset_of(document, end)
        typed = _WORD.findall(document.source[:offset])[0]
        rest = document.source[offset:].partition("\n")[0]
        return [
            lsp.CompletionItem(
                offer.text,
                kind=_KINDS[offer.kind],
                detail=offer.kind,
                documentation=offer.about or None,
                text_edit=_typed_in(offer, typed, end, rest),
            )
            for offer in language.offers(document.source, at, kind, others)
        ]

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
        document = ls.documents.get(params.text_document.uri)
        found = _about(document, params.position, ls.documents)
        if found is None:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, found))

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def define(ls: Server, params: lsp.DefinitionParams) -> lsp.Location | None:
        shape = _shape(ls.documents, params.text_document, params.position)
        found = ls.documents.definition(shape) if shape else None
        if shape is None or found is None:
            return None
        document = ls.documents.get(shape.uri)
        return lsp.Location(shape.uri, range_of(document, found.span))

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def refer(ls: Server, params: lsp.ReferenceParams) -> list[lsp.Location]:
        shape = _shape(ls.documents, params.text_document, params.position)
        return [
            lsp.Location(document.uri, range_of(document, one.span))
            for document, one in (ls.documents.uses(shape) if shape else ())
            if params.context.include_declaration or not one.defines
        ]

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outline(
        ls: Server, params: lsp.DocumentSymbolParams
    ) -> list[lsp.DocumentSymbol]:
        document = ls.documents.get(params.text_document.uri)
        return [
            lsp.DocumentSymbol(
                one.name,
                lsp.SymbolKind.Class,
                range_of(document, one.span),
                range_of(document, one.span),
            )
            for one in names(source_of(document))
            if one.defines
        ]


def _typed_in(offer: Offer, typed: str, end: lsp.Position, rest: str) -> lsp.TextEdit:
    """What puts an offer in the place of the word that has been typed.

    A namespace goes with the name of a shape; what else stands before a dot stays.
    """
    if "." not in offer.text:
        typed = typed.rpartition(".")[2]
    start = lsp.Position(end.line, end.character - len(typed))
    colon = offer.kind == "key" and not rest.lstrip().startswith(":")
    text = f"{offer.text}: " if colon else offer.text
    return lsp.TextEdit(lsp.Range(start, end), text)


def _shape(
    documents: Documents, where: lsp.TextDocumentIdentifier, position: lsp.Position
) -> ShapeInFile | None:
    """The shape that is named at a position, in whichever file it is defined."""
    document = documents.get(where.uri)
    if kind_of(document.source) != "spec":
        return None
    here = _named(document, position)
    return documents.shape(document, here) if here else None


def _about(
    document: TextDocument, position: lsp.Position, documents: Documents
) -> str | None:
    """The Markdown about the key, type or shape at a position."""
    text = document.source
    kind = kind_of(text)
    if kind is None:
        return None
    here = _named(document, position) if kind == "spec" else None
    if here is not None:
        return _about_name(documents, documents.shape(document, here), here.name)
    at = offset_of(document, position)
    line, column = source_of(document).position(at)
    for key in keys(text):
        if key.line == line - 1 and key.column <= column - 1 <= key.column + len(
            key.name
        ):
            before = at - (column - 1) + key.column
            return language.about_key(cursor(text[:before]), key.name, kind)
    inside = cursor(text[:at])
    word = inside.word + _rest(text, at)
    return language.section(word) if inside.path[-1:] == ("type",) else None


def _about_name(
    documents: Documents, shape: ShapeInFile | None, name: str
) -> str | None:
    text = documents.get(shape.uri).source if shape else ""
    found = language.definition(text, name)
    if found is None:
        return language.section(name)
    lines = text.split("\n")
    end = found.line + 1
    while end < len(lines) and (
        lines[end].startswith("    ") or not lines[end].strip()
    ):
        end += 1
    shown = "\n".join(lines[found.line : end][:_MOST_LINES]).rstrip()
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
        shape = _shape(ls.documents, params.text_document, params.position)
        if shape is None or ls.documents.definition(shape) is None:
            return None
        document = ls.documents.get(params.text_document.uri)
        here = _named(document, params.position)
        if here is None or offset_of(document, params.position) < here.span.start:
            return None  # at the namespace, which is not renamed
        return range_of(document, here.span)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    def rename(ls: Server, params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        shape = _shape(ls.documents, params.text_document, params.position)
        if shape is None or ls.documents.definition(shape) is None:
            return None
        wrong = language.wrong_name(ls.documents.get(shape.uri).source, params.new_name)
        if wrong:
            raise JsonRpcInvalidParams(wrong)
        edits: dict[str, list[lsp.TextEdit]] = {}
        for document, one in ls.documents.uses(shape):
            edit = lsp.TextEdit(range_of(document, one.span), params.new_name)
            edits.setdefault(document.uri, []).append(edit)
        return lsp.WorkspaceEdit(changes=edits)

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def lay_out(
        ls: Server, params: lsp.DocumentFormattingParams
    ) -> list[lsp.TextEdit] | None:
        document = ls.documents.get(params.text_document.uri)
        known = kind_of(document.source) is not None
        laid = formatted(document.source) if known else None
        if laid is None or laid == document.source:
            return None
        end = lsp.Position(len(lines_of(document.source)), 0)
        return [lsp.TextEdit(lsp.Range(lsp.Position(0, 0), end), laid)]
