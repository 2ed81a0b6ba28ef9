"""`shapespec observe`."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from shapespec.cli.common import (
    chosen_address,
    chosen_spec,
    need_one,
    say_waiting,
    stop_on_faults,
)
from shapespec.cli.declared import (
    at_option,
    contract_options,
    exclude_option,
    input_options,
    jobs_option,
    list_forms_option,
)
from shapespec.cli.names import FormName, ResponseFile, ShapeName
from shapespec.cli.options import Aliased, NewFile, out_option
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
from shapespec.responses.bulk import Inputs, Run, lost
from shapespec.responses.contract import Contract, contract_by_path
from shapespec.responses.fast import Quick, compiled_test, fast_reader
from shapespec.responses.read import (
    Chunk,
    Clean,
    Once,
    ReadOptions,
    Response,
    read_part,
)
from shapespec.responses.works import ContractWork
from shapespec.tools.observe.model import ENOUGH, Observation
from shapespec.tools.observe.report import RENDERERS

if TYPE_CHECKING:
    from shapespec.tools.observe.observer import Observer

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
    "--by",
    "--status",  # elsewhere, that is the status of an answer
    "status",
    cls=Aliased,
    shown=("--by",),
    metavar="MEMBER",
    help="The member by whose value presence is counted; default: the first required"
    " enum whose name ends in Status.",
)
@out_option(
    "Write evidence to this file: counts only, no values of responses.", printed=False
)
@click.option(
    "--patch",
    type=NewFile(),
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
    help="Id of the responses in evidence.",
)
@click.option(
    "--title",
    default="the record of real responses",
    show_default=True,
    help="Title of the responses.",
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
@jobs_option
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
    jobs: int | None,
    exclude: tuple[str, ...],
    kind: str | None,
    column: str | None,
    rows: bool,
    max_size: int,
) -> None:
    """Count what real responses contain, and find what the spec lacks.

    FILE is JSON, YAML or NDJSON (one response per line), gzipped or not; a folder with
    such files; a quoted pattern such as 'captures/*.json'; or `-`, standard input. The
    output has only counts, names of members and values of enums, and no other contents
    of responses. Memory does not grow with the number of responses.

    News are: members and enum values that the spec lacks, missing required members, and
    broken constraints, whether claimed or not. The patch, for `git apply` or `patch
    -p1`, changes the spec so that it accepts the responses, and turns a claim into a
    fact if enough values kept it. The patch only lists unknown members: they stay out
    of the spec until a document or a service model states them.

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
    settings = find_settings(Path.cwd())
    path = chosen_spec(spec, settings, operation)
    source, schema = _read_spec(path)
    need_one(chosen_address(spec, settings), schema, shape)
    load = partial(contract_by_path, path, limit=MAX_SPEC_BYTES)
    contract = load()
    observer = Observer(schema, contract, shape=shape, form=form, status=status)
    reading = ReadOptions(kind=kind, rows=rows, limit=max_size, at=at, column=column)
    inputs = Inputs(named=files, reading=reading, exclude=exclude, jobs=jobs)
    work = _Observing(load, contract, reading)
    work.observer = observer
    work.schema = schema
    work.make = partial(_observer, path, shape=shape, form=form, status=status)
    tally = _Tally(as_json=output == "json")
    with (
        Progress("responses", inputs.total()) as progress,
        Run(inputs, work, progress).items() as found,
    ):
        tally.count(found)
    tally.files = inputs.files
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


_Seen: TypeAlias = "int | Response"
"""How many responses were observed, or one that cannot be read."""


class _Observing(ContractWork):
    """Observes responses; in another process with an observer of its own.

    Attributes:
        observer: The observer of this process.
        schema: The contract; a process that is not a copy of this one reads it itself.
        make: Makes that of another process, whose words are not limited.
    """

    observer: Observer
    schema: Schema | None
    make: Callable[[Contract, Schema | None], Observer]

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "observer": None, "schema": None}

    def count(self, item: _Seen) -> int:
        """How many responses an item stands for."""
        return item if isinstance(item, int) else 1

    def items(self, part: Chunk) -> Iterator[_Seen]:
        """Observe the responses of a part."""
        yield from self._observed(part, self.observer, self._quick)

    @cached_property
    def _quick(self) -> Once[Quick]:
        return Once(partial(self._made_quick, self.observer))

    @cached_property
    def _quick_apart(self) -> Once[Quick]:
        return Once(partial(self._made_quick, self._apart))

    def _made_quick(self, observer: Observer) -> Quick | None:
        """What observes a line as it is, if there is nothing to say of it."""
        if self._reading.at or self._reading.rows:
            return None
        read = fast_reader(compiled_test(self._contract.validate))
        if read is None:
            return None

        def observed(line: bytes) -> bool:
            try:
                value = read(line)
            except Exception:  # noqa: BLE001 - the line is read with care
                return False
            return observer.observe_clean(value, line)

        return observed

    def _observed(
        self, part: Chunk, observer: Observer, quick: Once[Quick]
    ) -> Iterator[_Seen]:
        for response in read_part(part, self._reading, quick, self._fast):
            if isinstance(response, Clean):
                yield response.many
            elif response.unreadable is None:
                text = response.text or json.dumps(response.value, default=str)
                observer.observe(response.value, text)
                yield 1
            else:
                yield response

    @cached_property
    def _apart(self) -> Observer:
        return self.make(self._contract, self.schema)

    def packed(self, part: Chunk) -> Sequence[Any]:
        """What was counted, and what cannot be read."""
        seen = [*self._observed(part, self._apart, self._quick_apart)]
        unreadable = [one for one in seen if not isinstance(one, int)]
        return [self._apart.taken(), *unreadable]

    def unpacked(self, part: Chunk, packed: Sequence[Any]) -> Iterable[_Seen]:
        """Add what was counted elsewhere, or count it here if words become too many."""
        counts, *unreadable = packed
        if not self.observer.add(counts):
            yield from self.items(part)
            return
        if counts.responses:
            yield counts.responses
        yield from unreadable

    def lost(self, part: Chunk, how: str) -> _Seen:
        """A response in place of those that nobody knows."""
        return lost(part, how)


def _observer(
    path: Path,
    contract: Contract,
    schema: Schema | None,
    *,
    shape: str | None,
    form: str | None,
    status: str | None,
) -> Observer:
    """An observer that keeps all words, for the responses of a part."""
    from shapespec.tools.observe.observer import UnlimitedObserver

    known = schema or _read_spec(path)[1]
    return UnlimitedObserver(known, contract, shape=shape, form=form, status=status)


class _Tally:
    """Reads files, and counts them and what cannot be read in them."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.files = 0
        self.responses = 0
        self.unreadable = 0

    def count(self, found: Iterable[_Seen]) -> None:
        """Count responses; what cannot be read is reported and passed over."""
        for one in found:
            if isinstance(one, int):
                self.responses += one
            else:
                self.unreadable += 1
                self.report(one.source, one.unreadable or "")

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
        if param.name == "jobs":  # it changes nothing
            continue
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

    if not schema.ledger.evidence:  # it could not be read until this run had written it
        source, schema = _read_spec(spec)
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
