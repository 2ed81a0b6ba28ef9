"""`shapespec import`."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from shapespec.cli.import_help import ImportCommand
from shapespec.cli.names import FileName
from shapespec.cli.options import out_option
from shapespec.cli.size import Size
from shapespec.diagnostics.model import Faults, stop_on
from shapespec.ground.errors import Unusable, reason
from shapespec.ground.sinks.out import put
from shapespec.ground.terminal import lines, say, style_for, warn
from shapespec.ground.writing import write_file
from shapespec.importers import DOCUMENTS, FORMATS, SCHEMAS
from shapespec.project.files import MAX_SPEC_BYTES, read_source
from shapespec.project.settings import find_settings

if TYPE_CHECKING:
    from shapespec.contract.facts import Fact, Lines, Source
    from shapespec.contract.places import Tree
    from shapespec.ground.source import SourceFile
    from shapespec.importers.prose import Checked
    from shapespec.importers.protocol import DocumentImporter, Page

_MOST_GONE = 3
"""How many of the members that are gone from a page are named."""


@click.command(cls=ImportCommand)
@click.argument("kind", type=click.Choice(FORMATS), metavar="KIND")
@click.argument("file", metavar="FILE", type=FileName())
@click.option("--edition", help="The year, version or date of a page.")
@click.option("--title", help="Title of the source; default: its own.")
@click.option("--id", "source", help="The source's id; default: KIND.")
@click.option(
    "--spec",
    type=click.Path(path_type=Path),
    help="The spec that a page is about; default: that of the project.",
)
@click.option(
    "--no-spec", is_flag=True, help="Read a page without any spec, as it is written."
)
@click.option(
    "--operation",
    "operations",
    multiple=True,
    help="With botocore, smithy and openapi: an operation; may be given several times.",
)
@click.option(
    "--evidence", is_flag=True, help="With botocore: write evidence, not a spec."
)
@click.option(
    "--draft",
    "drafted",
    is_flag=True,
    help="With a page: write the draft of a spec, not evidence.",
)
@click.option(
    "--history",
    is_flag=True,
    help="With botocore: write which release stated what.",
)
@click.option(
    "--wheels",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With --history: a folder of wheels of botocore; default: the package index.",
)
@click.option(
    "--releases",
    metavar="LIST",
    help="With --history: releases, as 1.8.5,1.40.0, or all between two, as"
    " 1.8.5..1.40.0; default: all.",
)
@click.option(
    "--package", help="Name of the spec's package; default: after its source."
)
@click.option("--docs", is_flag=True, help="Include descriptions in the spec.")
@click.option(
    "--root",
    metavar="POINTER",
    default="",
    help="With json-schema: the schema that is the root, as /$defs/Order; default: all"
    " of the file.",
)
@click.option(
    "--allow-net",
    is_flag=True,
    help="With json-schema: fetch a URL, and the documents that a schema refers to.",
)
@click.option(
    "--skip-remote",
    is_flag=True,
    help="With json-schema: allow any value where a document that is referred to"
    " cannot be read.",
)
@click.option(
    "--infer-types",
    is_flag=True,
    help="With json-schema: where no type is stated, infer object or list from the"
    " keywords.",
)
@click.option(
    "--facts",
    is_flag=True,
    help="With botocore and smithy: constraints of responses are facts, not claims.",
)
@out_option("The file to write; default: standard output.")
@click.option(
    "--max-size",
    type=Size(),
    default=MAX_SPEC_BYTES,
    help="How large a page may be; default: 16MB.",
)
def command(
    kind: str,
    file: str,
    *,
    edition: str | None,
    title: str | None,
    source: str | None,
    spec: Path | None,
    no_spec: bool,
    operations: tuple[str, ...],
    evidence: bool,
    drafted: bool,
    history: bool,
    wheels: Path | None,
    releases: str | None,
    package: str | None,
    docs: bool,
    root: str,
    allow_net: bool,
    skip_remote: bool,
    infer_types: bool,
    facts: bool,
    out: Path | None,
    max_size: int,
) -> None:
    """Import evidence from a page, or a spec from a service model or schema.

    A page of documentation becomes evidence: facts with their line numbers, but no
    sentence of the page. A service model or a schema becomes a spec, which `shapespec
    generate` compiles. With --evidence, an operation of botocore becomes evidence, too.
    With --history, many releases of botocore become a record of when each fact about an
    operation was first stated, changed and removed.

    \b
    KIND is one of:
      aws-api-reference  Markdown of github.com/awsdocs
      paws               R documentation of an operation, as Markdown
      aws-cli            a command of the AWS CLI reference, as Markdown
      aws-sdk-ruby       the YARD text of a class of Types, or a gem's types.rb
      datadog-ddsql      a table of the DDSQL data directory, as Markdown
      botocore           a service of the installed botocore; needs shapespec[botocore]
      json-schema        a JSON Schema, draft-04 to 2020-12, as JSON or YAML
      openapi            an OpenAPI description, 3.0 to 3.2, as JSON or YAML
      smithy             a Smithy model, as the JSON that `smithy ast` prints

    `shapespec import KIND --help` shows the options of one.

    Nothing is dropped silently. If a page cannot be read to its end, it is refused, and
    the message shows the line. Skipped lines are listed. If a spec cannot express a
    part of a model or schema, it has a comment `note[...]` in that place, and standard
    error has the number of notes; spec/importing.md explains each.

    Some pages do not tell everything: the wire names of members in snake case, or where
    a structure ends. The importer looks these up in the spec.

    If there is a NAME.prose.yaml next to the NAME.yaml that is written, it holds the
    facts that a person read in the prose of the page. If a line that it cites has
    changed or is gone, nothing is written. If lines have only moved, their numbers are
    corrected and listed. Lines that nobody has read yet are listed, too, and are open
    in the audit.

    \b
    Exit codes:
      0  written
      1  the page is refused, or no longer says what the .prose.yaml cites
      2  wrong usage, or a file that cannot be read or written

    \b
    Examples:
      shapespec import botocore s3 --operation ListObjectsV2 -o s3.yaml
      shapespec import json-schema order.schema.json -o order.yaml
      shapespec import openapi api.yaml --operation 'GET /pets/{id}' -o pets.yaml
      shapespec import smithy model.json --operation GetBook -o library.yaml
      shapespec import json-schema api.yaml --root '/$defs/Order' -o order.yaml
      shapespec import aws-cli describe-job.md --edition 2025 -o aws-cli.yaml
      shapespec import aws-api-reference API_Job.md --edition 2019 -o api.yaml
      shapespec import aws-sdk-ruby types.rb --edition 2021 --spec job.yaml -o ruby.yaml
      shapespec import datadog-ddsql jobs.md --edition 2025 --spec job.yaml -o rows.yaml
      shapespec import paws describe_job.md --draft -o job.yaml
      shapespec import botocore sagemaker --operation DescribeTrainingJob --evidence
      shapespec import botocore sagemaker --operation DescribeTrainingJob --history
    """
    if history:
        _only_history(
            kind, edition, wrong=bool(evidence or package or docs or spec or drafted)
        )
        from shapespec.cli.import_history import import_history

        written = import_history(
            file, _one(operations), source, title, wheels=wheels, releases=releases
        )
        _put(out, written.text, written.said)
        return
    if wheels is not None or releases is not None:
        raise click.UsageError("--wheels and --releases are for --history")
    if drafted and kind not in DOCUMENTS:
        raise click.UsageError("--draft is for pages; other kinds always give a spec")
    if kind in SCHEMAS and not evidence:
        _check_schema_options(
            kind,
            operations=bool(operations),
            facts=facts,
            about_pages=any(one is not None for one in (edition, title, source, spec)),
            about_schemas=bool(root or allow_net or skip_remote or infer_types),
        )
        from shapespec.cli.import_spec import SpecOptions, import_spec

        wanted = SpecOptions(
            operations,
            package,
            docs,
            facts,
            max_size,
            root=root,
            allow_net=allow_net,
            skip_remote=skip_remote,
            infer_types=infer_types,
        )
        finished = import_spec(kind, file, wanted)
        said = f"{_count(finished.shapes, 'shape')}, "
        said += _count(finished.operations, "operation")
        _put(out, finished.text, said)
        return
    if drafted:
        context = _Context(None, "") if no_spec else _context(spec)
        _put(out, *_draft_of_page(Path(file), kind, context, package, max_size))
        return
    if package is not None or docs or facts or root or allow_net or skip_remote:
        raise click.UsageError(
            "--package, --docs, --facts, --root, --allow-net and --skip-remote are for"
            " specs, not for evidence"
        )
    from shapespec.evidence.files import write_evidence

    if kind in DOCUMENTS:
        if operations or evidence:
            raise click.UsageError("--operation and --evidence are for botocore")
        if edition is None:
            raise click.UsageError(
                f"pages of {kind} do not state their edition: give it with --edition"
            )
        if no_spec and spec is not None:
            raise click.UsageError("--spec and --no-spec exclude each other")
        about = _About(kind, source, title, edition)
        context = _Context(None, "") if no_spec else _context(spec)
        found = _import_page(Path(file), about, context, out=out, limit=max_size)
    else:
        if kind != "botocore":
            raise click.UsageError(
                f"evidence cannot be made from {kind}; leave out --evidence"
            )
        operation = _one(operations)
        if edition is not None or spec is not None:
            raise click.UsageError(
                "--edition and --spec are not for botocore: its edition is its version"
            )
        found = _import_model(file, operation, source, title)
    if found.beside is not None:
        write_file(*found.beside, named=False)
    text = write_evidence(found.source, found.facts, found.called, found.prose)
    _put(out, text, f"{len(found.facts)} facts")


def _check_schema_options(
    kind: str, *, operations: bool, facts: bool, about_pages: bool, about_schemas: bool
) -> None:
    """Check that options fit a kind that specs are made of.

    Raises:
        click.UsageError: One does not.
    """
    if kind == "json-schema" and operations:
        raise click.UsageError(
            "--operation is not for JSON Schemas, which have no operations"
        )
    if kind in ("json-schema", "openapi") and facts:
        what = "a JSON Schema" if kind == "json-schema" else "OpenAPI"
        raise click.UsageError(f"--facts is not for {what}, which always states facts")
    if about_pages:
        raise click.UsageError(
            "--edition, --title, --id and --spec are for evidence, not for specs"
        )
    if kind != "json-schema" and about_schemas:
        raise click.UsageError(
            "--root, --allow-net, --skip-remote and --infer-types are for json-schema"
        )


def _only_history(kind: str, edition: str | None, *, wrong: bool) -> None:
    """See to it that nothing else is asked for with a history.

    Raises:
        UsageError: Something is.
    """
    if kind != "botocore":
        raise click.UsageError(f"--history is not for {kind}, which has no releases")
    if wrong:
        raise click.UsageError(
            "--history writes neither a spec nor evidence: leave out --evidence,"
            " --draft, --package, --docs and --spec"
        )
    if edition is not None:
        raise click.UsageError(
            "--edition is not for --history: releases have dates of their own"
        )


def _draft_of_page(
    path: Path, kind: str, context: _Context, package: str | None, limit: int
) -> tuple[str, str]:
    """The draft of a spec that a page makes, and what is said of it.

    Raises:
        Faults: The page cannot be read.
    """
    from shapespec.cli.import_spec import notes_in_words
    from shapespec.drafts import finish
    from shapespec.importers import find_reader
    from shapespec.importers.page_draft import draft

    importer = find_reader(kind)
    page = _read_page(importer, read_source(path, limit=limit), context)
    stop_on(page.warnings)
    called = f"shapespec import {kind} {path.name} --draft"
    finished = finish(draft(page, importer, called, package))
    for text in notes_in_words(finished.notes):
        warn(text)
    return finished.text, f"{_count(finished.shapes, 'shape')}, to be read and mended"


def _one(operations: tuple[str, ...]) -> str:
    """The operation that is meant.

    Raises:
        UsageError: None is named, or several are.
    """
    if len(operations) != 1:
        raise click.UsageError("name one operation of the service with --operation")
    return operations[0]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _put(out: Path | None, text: str, said: str) -> None:
    """Print a text, or write it to a file and say what it holds."""
    if out is None:
        put(lines(text), nl=False)
        return
    write_file(out, text)
    say(f"{out}: {said}")


class _About(NamedTuple):
    """What is said of a page on the command line."""

    kind: str
    source: str | None
    title: str | None
    edition: str


class _Found(NamedTuple):
    """What evidence is made of."""

    source: Source
    facts: tuple[Fact, ...]
    called: str
    prose: tuple[Lines, ...] | None = None
    beside: tuple[Path, str] | None = None


def _import_page(
    path: Path, about: _About, context: _Context, *, out: Path | None, limit: int
) -> _Found:
    """The evidence of a page; warnings go to standard error.

    Raises:
        Faults: The page cannot be read, or its prose does not say any more what was
            read in it.
    """
    from shapespec.contract.facts import Source
    from shapespec.importers import find_reader
    from shapespec.importers.prose import prose_lines

    importer = find_reader(about.kind)
    document = read_source(path, limit=limit)
    page = _read_page(importer, document, context)
    if page.skipped:
        warn(f"{path.name}: not read: {', '.join(page.skipped)}")
    checked, beside = _check_prose(out, document, page)
    stop_on([*page.warnings, *(checked.faults if checked else ())])
    _tell(checked, out, document)
    if page.warnings:
        from shapespec.diagnostics.render import render

        put(render(page.warnings, style_for(sys.stderr)), err=True)
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Unusable(f"cannot read {path}: {reason(error)}") from error
    who = Source(
        id=about.source or about.kind,
        kind=about.kind,
        title=about.title or f"{importer.describes}, {page.title}",
        edition=about.edition,
        document=path.name,
        sha256=digest,
    )
    _tell_what_went(out, who.id, page, document)
    called = f"shapespec import {about.kind} {path.name}"
    return _Found(who, page.facts, called, prose_lines(page, document), beside)


def _check_prose(
    out: Path | None, document: SourceFile, page: Page
) -> tuple[Checked | None, tuple[Path, str] | None]:
    """What became of the prose beside the file that is to be written.

    And its new text, where its lines have moved.
    """
    from shapespec.evidence.files import read_evidence
    from shapespec.importers.prose import check, followed

    beside = out.with_suffix(".prose.yaml") if out is not None else None
    if beside is None or not beside.is_file():
        return None, None
    source = read_source(beside)
    prose = read_evidence(source)
    checked = check(prose, document, page)
    text = followed(source.text, prose, checked)
    return checked, (beside, text) if text != source.text else None


def _tell_what_went(
    out: Path | None, source: str, page: Page, document: SourceFile
) -> None:
    """Say which members the evidence had that is written over, and the page has not."""
    from shapespec.evidence.files import read_evidence

    if out is None or not out.is_file():
        return
    try:
        known = read_evidence(read_source(out))
    except (Unusable, Faults):
        return
    now = {fact.path for fact in page.facts}
    gone = [
        path
        for path in dict.fromkeys(fact.path for fact in known.facts)
        if path not in now
    ]
    if known.source.id != source or not gone:
        return
    shown = ", ".join(gone[:_MOST_GONE])
    if len(gone) > _MOST_GONE:
        shown += f" and {len(gone) - _MOST_GONE} more"
    warn(
        f"{document.name}: the page no longer states anything about {shown}, but"
        f" {out} does; if the page was cut, fetch all of it"
    )


def _tell(checked: Checked | None, out: Path | None, document: SourceFile) -> None:
    """Say which lines moved, and which nobody has read."""
    from shapespec.importers.prose import shown

    if checked is None or out is None:
        return
    beside = out.with_suffix(".prose.yaml")
    for record, now in checked.moved.items():
        warn(f"{document.name}: {shown(record.spans)} moved to {shown(now)}")
    for aside, gone in checked.lapsed:
        what = f"{shown((gone.lines,))}, set aside ({aside.why})"
        warn(f"{document.name}: {what}, changed or went")
    for span in checked.open:
        warn(
            f"{document.name}: {shown((span,))} is open: cite it or set it aside in"
            f" {beside}"
        )


def _import_model(
    service: str, operation: str, source: str | None, title: str | None
) -> _Found:
    """The evidence of an operation in the service model of the installed botocore.

    Raises:
        Unusable: There is no botocore, no such service or no such operation.
    """
    from shapespec.contract.facts import Source
    from shapespec.importers.botocore.facts import model_facts, service_facts
    from shapespec.importers.botocore.parse import check_operation, load
    from shapespec.importers.botocore.types import DESCRIBES, KIND

    model = load(service)
    check_operation(model, operation)
    who = Source(
        id=source or KIND,
        kind=KIND,
        title=title or f"{DESCRIBES}, {service} {operation}",
        edition=model.version,
        document=model.document,
        sha256=model.sha256,
    )
    called = f"shapespec import {KIND} {service} --operation {operation} --evidence"
    facts = (
        *model_facts(model.data, operation),
        *service_facts(model.data, operation, model.paginators),
    )
    return _Found(who, facts, called)


_FLAT = ("ambiguous-member", "ambiguous-nesting")
"""What is wrong with pages that do not show nesting, where no spec tells it."""


def _read_page(
    importer: DocumentImporter, document: SourceFile, context: _Context
) -> Page:
    """What an importer reads of a page, by the spec that it is about.

    A spec that nobody named is left aside where the page is about something else.

    Raises:
        Faults: The page cannot be read.
        Unusable: It is about something else, but has the members of the spec.
    """
    from shapespec.importers.subject import subject_of

    try:
        page = importer.read(document, context.tree)
        if context.named or context.tree is None:
            return page
        subject = subject_of(page, context.tree)
        if subject == "same":
            return page
        if subject == "like":
            raise Unusable(
                f"{document.name} is about {page.title}, with the members of"
                f" {context.shown}, which is about something else. Name the right spec"
                " with --spec, or read the page without one with --no-spec"
            )
        warn(
            f"{document.name} is about {page.title}, and {context.shown} is not; the"
            " page is read without a spec. Name the right one with --spec"
        )
        return importer.read(document, None)
    except Faults as faults:
        if any(one.rule in _FLAT for one in faults.diagnostics):
            looked = (
                f"{context.shown} does not say" if context.shown else "no spec says"
            )
            warn(
                f"the page does not show which members are inside which, and {looked}"
                " it. Import a spec of its operation and name it:"
            )
            warn("  shapespec import botocore SERVICE --operation NAME -o s.yaml")
            warn(
                f"  shapespec import {importer.kind} {document.name} --spec s.yaml"
                " --edition ..."
            )
        raise


class _Context(NamedTuple):
    """The spec that a page is read by.

    Attributes:
        tree: Its places; none where there is no spec.
        shown: What messages call it.
        named: Whether it was named on the command line.
    """

    tree: Tree | None
    shown: str
    named: bool = False


def _context(spec: Path | None) -> _Context:
    """The spec that is meant; none where the project's is wrong.

    Raises:
        Faults: The spec that was named is wrong.
        Unusable: It cannot be read, or several could be meant.
    """
    from shapespec.compiler import compile_spec
    from shapespec.contract.places import Tree

    settings = find_settings(Path.cwd())
    chosen = settings.only_spec() if spec is None else spec
    shown = settings.shown(chosen)
    try:
        tree = Tree(compile_spec(read_source(chosen, name=shown)))
        return _Context(tree, shown, named=spec is not None)
    except (Faults, Unusable) as error:
        if spec is not None:
            raise
        why = f"{error}" if isinstance(error, Unusable) else f"{shown} is wrong"
        warn(f"{why}; the page is read without a spec")
        return _Context(None, "")
