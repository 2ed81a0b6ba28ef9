"""`shapespec observe`."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from shapespec.cli.common import (
    at_option,
    chosen_spec,
    contract_options,
    exclude_option,
    input_options,
    list_forms_option,
    say_waiting,
    stop_on_faults,
)
from shapespec.cli.names import FormName, ResponseFile, ShapeName
from shapespec.cli.options import out_option
from shapespec.cli.param_type import ParamType
from shapespec.contract.facts import OBSERVED, Source
from shapespec.contract.schema import Schema
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import put
from shapespec.ground.sinks.visible import visible
from shapespec.ground.source import SourceFile
from shapespec.ground.terminal import Progress, style_for, warn
from shapespec.ground.writing import write_file
from shapespec.project.files import MAX_SPEC_BYTES, read_source, siblings
from shapespec.project.settings import find_settings
from shapespec.responses.contract import load_contract
from shapespec.responses.files import FoundFile, response_files
from shapespec.responses.read import Response, inside, read_responses
from shapespec.tools.observe.model import ENOUGH, Observation
from shapespec.tools.observe.report import RENDERERS

_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class SourceId(ParamType[str]):
    """What evidence calls a source."""

    name = "id"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The id."""
        text = str(value)
        if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", text):
            self.fail(f"{text!r} is not an id in kebab-case", param, ctx)
        return text


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=ResponseFile()
)
@list_forms_option
@contract_options
@click.option(
    "--shape",
    type=ShapeName(),
    help="The shape each response should have.",
)
@click.option(
    "--form",
    type=FormName(),
    help="The system that wrote the responses, such as aws-cli.",
)
@at_option
@click.option(
    "--status",
    metavar="MEMBER",
    help="The member by whose value presence is counted; default: the first required"
    " enum whose name ends in Status.",
)
@out_option("Write evidence to this file: counts only, no values of responses.")
@click.option(
    "--patch",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the change of the spec that is proposed to this file, as a diff.",
)
@click.option(
    "--confirm",
    "enough",
    type=click.IntRange(min=1),
    default=ENOUGH,
    show_default=True,
    help="How many values have to keep a claim before the patch makes it a fact.",
)
@click.option(
    "--id",
    "source_id",
    type=SourceId(),
    default=OBSERVED,
    show_default=True,
    help="What evidence calls the responses.",
)
@click.option(
    "--title",
    default="the record of real responses",
    show_default=True,
    help="What people call them.",
)
@click.option("--edition", help="When they are from; default: today.")
@click.option(
    "--format",
    "output",
    type=click.Choice([*RENDERERS]),
    default="text",
    show_default=True,
    help="How to print what was observed; json gives one line for each fact.",
)
@exclude_option
@input_options
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    spec: Path | None,
    shape: str | None,
    form: str | None,
    *,
    operation: str | None,
    at: str,
    status: str | None,
    out: Path | None,
    patch: Path | None,
    enough: int,
    source_id: str,
    title: str,
    edition: str | None,
    output: str,
    exclude: tuple[str, ...],
    kind: str | None,
    rows: bool,
    max_size: int,
) -> None:
    """Count what real responses hold, and find what the spec lacks.

    FILE is JSON, YAML or NDJSON (one response a line), gzipped or not; a folder with
    such files; a quoted pattern such as 'captures/*.json'; or `-`, standard input.
    Nothing that a response holds is ever written: only counts, names of
    members and values of enums. Memory does not grow with the number of responses.

    News are members and values of enums that the spec lacks, required members that
    are absent, and constraints that are broken, claimed or not. The patch, for `git
    apply` or `patch -p1`, changes the spec so that it accepts what was seen, and makes
    facts of claims that many values kept; members that it lacks are listed there, and
    stay out of it until a document or a service model states them.

    \b
    Exit codes:
      0  nothing new
      1  news
      2  something cannot be read, or wrong usage

    \b
    Examples:
      shapespec observe archive.ndjson
      shapespec observe captures/ --at /response -o evidence.yaml --patch spec.patch
      aws logs tail ... | shapespec observe - --input ndjson --format json
    """
    from shapespec.tools.observe.observer import Observer

    say_waiting(files)
    path = chosen_spec(spec, find_settings(Path.cwd()), operation)
    source, schema = _read_spec(path)
    contract = load_contract(path, limit=MAX_SPEC_BYTES)
    observer = Observer(schema, contract, shape=shape, form=form, status=status)
    tally = _Tally(as_json=output == "json")
    with Progress("responses") as progress:
        found = tally.counted(response_files(files, exclude=exclude))
        documents = (
            response
            for file in found
            for response in read_responses(file, kind, rows=rows, limit=max_size)
        )
        for response in tally.readable(documents, at):
            text = response.text or json.dumps(response.value)
            observer.observe(response.value, text)
            progress.advance()
    observation = observer.result(tally.unreadable)
    for line in RENDERERS[output](observation, style_for(sys.stdout)):
        put(line)
    if out is not None:
        origin = Source(
            id=source_id,
            kind="observe",
            title=_one_line(title),
            edition=edition or f"{datetime.now(UTC):%Y-%m-%d}",
            document=tally.document(),
            sha256=observation.digest,
        )
        _write_evidence(out, origin, observation, _command_line(ctx))
    if patch is not None:
        _write_patch(
            patch, path, source, schema, observation, source_id=source_id, enough=enough
        )
    sys.exit(2 if tally.unreadable else 1 if observation.news else 0)


def _read_spec(path: Path) -> tuple[SourceFile, Schema]:
    """A spec and what it means.

    Raises:
        Unusable: It cannot be read, or is wrong.
    """
    from shapespec.compiler import compile_spec

    with stop_on_faults("nothing was observed"):
        source = read_source(path, limit=MAX_SPEC_BYTES)
        with suppress(Faults, Unusable):  # the evidence may be what is to be written
            return source, compile_spec(source, siblings(path, str(path)))
        return source, compile_spec(source)


class _Tally:
    """Reads files, and counts them and what cannot be read in them."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.files = 0
        self.responses = 0
        self.unreadable = 0

    def counted(self, files: Iterable[FoundFile]) -> Iterator[FoundFile]:
        """The files, while they are counted."""
        for file in files:
            self.files += file.problem is None
            yield file

    def readable(self, documents: Iterable[Response], at: str) -> Iterator[Response]:
        """The responses; what cannot be read is reported and passed over."""
        for document in documents:
            response = inside(document, at)
            if response.unreadable is None:
                self.responses += 1
                yield response
            else:
                self.unreadable += 1
                self.report(response.source, response.unreadable)

    def report(self, source: str, problem: str) -> None:
        """Say that a document cannot be read, without a word of it."""
        if self.as_json:
            put(dumps({"source": source, "unreadable": problem}))
        else:
            warn(f"{source}: unreadable: {problem}")

    def document(self) -> str:
        """What evidence calls that which was read; a file's name may tell too much."""
        counted = ((self.responses, "response"), (self.files, "file"))
        return " in ".join(f"{one} {noun}{'s' * (one != 1)}" for one, noun in counted)


def _command_line(ctx: click.Context) -> str:
    """The command as it was given."""
    words = ["shapespec", "observe", *ctx.params["files"]]
    for param in ctx.command.params:
        given = ctx.get_parameter_source(param.name or "")
        if isinstance(param, click.Option) and (
            given is click.core.ParameterSource.COMMANDLINE
        ):
            value = ctx.params[param.name or ""]
            for one in value if param.multiple else (value,):
                words += [param.opts[0], *([] if param.is_flag else [str(one)])]
    return _one_line(shlex.join(words))


def _one_line(text: str) -> str:
    """A text that a comment can hold."""
    return visible(" ".join(text.splitlines()))


def _write_evidence(
    path: Path, source: Source, observation: Observation, command_line: str
) -> None:
    from shapespec.evidence.files import write_evidence
    from shapespec.tools.observe.facts import facts

    found = list(facts(observation))
    write_file(path, write_evidence(source, found, command_line))
    warn(f"{path}: {len(found)} facts")


def _write_patch(
    path: Path,
    spec: Path,
    source: SourceFile,
    schema: Schema,
    found: Observation,
    *,
    source_id: str,
    enough: int,
) -> None:
    from shapespec.tools.observe.patch import Terms, propose

    decisions = _decisions(spec, source)
    terms = Terms(source_id, enough)
    patch = propose(found, schema, source, decisions and decisions[1], terms)
    mark = _BYTE_ORDER_MARK if spec.read_bytes().startswith(b"\xef\xbb\xbf") else ""
    beside = None if decisions is None else _from_here(decisions[0])
    write_file(path, patch.text(_from_here(spec), prefix=mark, decisions=beside))
    state = "no change of the spec" if patch.is_empty else "a change of the spec"
    warn(f"{path}: {state} is proposed")


def _decisions(spec: Path, source: SourceFile) -> tuple[Path, SourceFile] | None:
    """The file of decisions that a spec names, if it can be read."""
    from shapespec.language import read_spec

    named = read_spec(source).decisions
    if named is None:
        return None
    file = spec.parent / named.value
    with suppress(Faults, Unusable):
        return file, read_source(file)
    return None


def _from_here(spec: Path) -> str:
    """A spec's path as a patch names it: from here, or else from the project's root."""
    with suppress(ValueError):
        return spec.resolve().relative_to(Path.cwd().resolve()).as_posix()
    return find_settings(spec.resolve().parent).shown(spec)
