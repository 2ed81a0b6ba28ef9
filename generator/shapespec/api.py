"""Contracts by their address: what `shapespec.load_contract` gives."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, assert_never, cast

from shapespec.addresses import Aws, OpenApi, Package, cache, openapi, read_address
from shapespec.addresses.botocore import state
from shapespec.contract.answers import Asked
from shapespec.ground.errors import Unusable
from shapespec.ground.extras import need_compiler
from shapespec.ground.resources import FLAGSHIP
from shapespec.ground.source import shown
from shapespec.project.files import MAX_SPEC_BYTES, read_source
from shapespec.project.stamp import compiler_state
from shapespec.responses.finding import AnyFinding

if TYPE_CHECKING:
    from shapespec.backends.files import OutputFile
    from shapespec.contract.schema import Schema
    from shapespec.importers.botocore.parse import Model
    from shapespec.importers.openapi.description import Answer, Operation
    from shapespec.project.settings import Settings
    from shapespec.responses.contract import Contract
    from shapespec.responses.in_files import FileFinding


def load_contract(
    address: str | Path,
    *,
    operation: str | None = None,
    status: str | int | None = None,
    target: str = "dataclasses",
    limit: int = MAX_SPEC_BYTES,
    dated: bool = False,
) -> Contract:
    """The validators of a contract, and its dataclasses.

    A contract of AWS or of an OpenAPI description is compiled when it is first asked
    for, and kept in the user's cache folder: `SHAPESPEC_CACHE` names another one, or is
    `off`.

    Args:
        address: The path of a spec or of an OpenAPI description,
            `aws:SERVICE:OPERATION`, `aws:SERVICE`, or the name of a generated package
            that can be imported.
        operation: The operation, where the address names a service or a description:
            `DescribeInstances`, `GET /pets/{id}`.
        status: The status of the answer of a description's operation: `404`, `4XX`,
            `default`; that of the first success where it is left out.
        target: What else is needed: `validators` alone, or `dataclasses` too.
        limit: How many bytes a spec may have.
        dated: Whether the history of a spec is needed, too.

    Raises:
        Unusable: There is no such contract, or it cannot be read; botocore is needed
            and not installed.
        Faults: The spec is wrong.
    """
    found = read_address(address, operation, None if status is None else str(status))
    if not isinstance(found, Package):
        need_compiler(f"the contract {shown(str(address))}")
    match found:
        case Aws():
            return _of_service(found, target)
        case OpenApi():
            return _of_description(found, target)
        case Package(name=name):
            package: Any = import_module(name)
            contract: Contract = package
            return contract
        case Path():
            from shapespec.responses.contract import contract_by_path

            word = None if status is None else str(status)
            return contract_by_path(
                found,
                limit=limit,
                target=target,
                dated=dated,
                asked=Asked(operation, word),
            )
        case _:
            assert_never(found)


def contract_at(
    contract: str | Path | Contract | None,
    operation: str | None = None,
    status: str | int | None = None,
) -> Contract:
    """The contract of an address; a package is one itself.

    None stands for the shipped contract of SageMaker.

    Raises:
        Unusable: There is no such contract, or it cannot be read.
        Faults: The spec is wrong.
    """
    if isinstance(contract, ModuleType):
        return cast("Contract", contract)
    given = cast("str | Path", FLAGSHIP if contract is None else contract)
    return load_contract(given, operation=operation, status=status, target="validators")


def validate_file(
    path: str | Path,
    contract: str | Path | Contract | None = None,
    *,
    shape: str | None = None,
    form: str | None = None,
    strict: bool | Literal["all"] = False,
    operation: str | None = None,
    status: str | int | None = None,
    at: str = "",
    rows: bool = False,
) -> list[FileFinding]:
    """Everything there is to say about the responses in a file, with line and column.

    It is read as `shapespec validate` reads files: JSON, YAML or NDJSON, packed or not.
    What a project ignores or knows already is found, too. A document or a line that
    cannot be read is an error of the rule `unreadable`.

    Args:
        path: The file.
        contract: The address of a contract, or a generated package; the shipped
            contract of SageMaker where left out.
        shape: The shape of the responses; that of the operation where left out.
        form: The system that wrote them; any spelling is right where it is left out.
        strict: Whether warnings count as errors; with "all", notes do, too.
        operation: The operation, where the address names a service or a description.
        status: The status of an answer of a description.
        at: Where the response is within each document, as a JSON Pointer.
        rows: Whether each document holds many responses, as a list or a frame.

    Raises:
        Unusable: The file cannot be opened; there is no such contract, shape or form.
        Faults: The spec is wrong.
    """
    from shapespec.responses.contract import judge_of
    from shapespec.responses.in_files import findings_in
    from shapespec.responses.read import ReadOptions
    from shapespec.runtime._found import Findings

    found = contract_at(contract, operation, status)
    judge = judge_of(found, shape=shape, form=form, strict=strict, frame=False)
    findings: Any = Findings(
        findings_in(Path(path), ReadOptions(rows=rows, at=at), judge)
    )
    listed: list[FileFinding] = findings
    return listed


Link: TypeAlias = Callable[[AnyFinding], str | None]
"""Where to read on about a finding; nowhere for a contract without a site."""


def unlinked(finding: AnyFinding) -> str | None:
    """Nowhere: the contract has no site that we know."""
    del finding
    return None


def links_of(
    address: str | Path, settings: Settings | None = None, *, shape: str | None
) -> Link:
    """Where the reference of a contract speaks of a finding.

    Args:
        address: The address of the contract.
        settings: The project's; those of the folder of the spec where left out.
        shape: The shape of the responses.

    Raises:
        Unusable: The settings cannot be read.
    """
    if isinstance(read_address(address), Package):
        return unlinked
    from shapespec.tools import reference_links

    return reference_links.links_of(address, settings, shape=shape)


def compile_file(path: str | Path, *, limit: int = MAX_SPEC_BYTES) -> Schema:
    """The schema that a spec describes, with the evidence that it names.

    Args:
        path: The spec.
        limit: How many bytes it may have.

    Raises:
        Unusable: The spec cannot be read.
        Faults: It is wrong; `diagnostics` has each fault.
    """
    need_compiler("compiling a spec")
    from shapespec.compiler import compile_spec
    from shapespec.project.files import siblings

    at = Path(path)
    return compile_spec(read_source(at, limit=limit), siblings(at, str(path)))


def generate(
    spec: str | Path | Schema, targets: Iterable[str] | None = None
) -> dict[str, str]:
    """The files that a spec is compiled into: their paths, and what they hold.

    Nothing is written; `shapespec generate` writes the same.

    Args:
        spec: The path of a spec, or the schema that `compile_spec` gave.
        targets: What to generate, as `--target` calls it; default: the first four.

    Raises:
        Unusable: The spec cannot be read, there is no such target, or it needs a
            library that is not installed.
        Faults: The spec is wrong.
    """
    need_compiler("generating")
    from shapespec.backends.targets import DEFAULT_TARGETS, unknown_target
    from shapespec.compiler import generate as generated
    from shapespec.tools.examples import SHOWN
    from shapespec.tools.samples.examples import for_readers

    wanted = DEFAULT_TARGETS if targets is None else tuple(targets)
    for target in wanted:
        wrong = unknown_target(target)
        if wrong:
            raise Unusable(wrong)
    schema = compile_file(spec) if isinstance(spec, str | Path) else spec
    if any(target in SHOWN for target in wanted):
        schema = for_readers(schema)
    return {file.path: file.text for file in generated(schema, wanted)}


def spec_of(
    address: str | Path, operation: str | None = None, status: str | None = None
) -> Path:
    """The spec of a contract, as a file.

    That of AWS or of an OpenAPI description is made, and removed at the end.

    Raises:
        Unusable: There is no such contract, or only its package is there.
    """
    found = read_address(address, operation, status)
    match found:
        case Aws():
            words = (found.service, found.operation)
            return _written("-".join(filter(None, words)), imported_text(found))
        case OpenApi():
            return _written(found.path.name.partition(".")[0], imported_text(found))
        case Package(name=name):
            raise Unusable(f"{name} is a generated package; name its spec here")
        case Path() if operation is None and status is None:
            return found
        case Path():
            raise Unusable("--operation and --status of a spec are for `validate`")
        case _:
            assert_never(found)


def imported_text(address: Aws | OpenApi) -> str:
    """The spec that is made of a service or of a description.

    Raises:
        Unusable: It cannot be read, or has no such operation or status; with the
            nearest name.
        Faults: A file is too large, or not UTF-8.
    """
    return spec_text(address) if isinstance(address, Aws) else _openapi_text(address)


def operation_of(
    address: str | Path, operation: str | None = None, shape: str | None = None
) -> str:
    """The operation whose responses a contract is of; empty where that is not known.

    Args:
        address: The address of the contract.
        operation: The operation, where the address names a service.
        shape: The shape of the responses, which tells several operations apart.

    Raises:
        Unusable: There is no such contract.
        Faults: The spec is wrong.
    """
    found = read_address(address, operation)
    if isinstance(found, Aws):
        if found.operation is None:
            return ""
        from shapespec.importers.botocore import parse

        return parse.operation_called(parse.load(found.service), found.operation)
    if isinstance(found, OpenApi):
        return found.operation or ""
    if isinstance(found, Package):
        return ""
    from shapespec.language import read_spec

    stated = read_spec(read_source(found, limit=MAX_SPEC_BYTES)).operations or ()
    fitting = [
        entry.name.value
        for entry in stated
        if shape is None or (entry.value.output and entry.value.output.value == shape)
    ]
    return fitting[0] if len(fitting) == 1 else ""


def operations_of(address: str | Path) -> tuple[str, ...]:
    """What can be named with `--operation`; empty where that cannot be known.

    Args:
        address: The address of a contract that names no operation.

    Raises:
        Unusable: There is no such contract.
        Faults: The spec is wrong.
    """
    found = read_address(address)
    match found:
        case Aws():
            from shapespec.importers.botocore import parse

            operations = parse.load(found.service).data["operations"]
            return tuple(name for name, one in operations.items() if "output" in one)
        case OpenApi():
            from shapespec.importers.openapi.description import read_description

            return tuple(f"{one}" for one in read_description(found.path).operations)
        case Package():
            return ()
        case Path():
            from shapespec.language import read_spec

            stated = read_spec(read_source(found, limit=MAX_SPEC_BYTES)).operations
            return tuple(entry.name.value for entry in stated or ())
        case _:
            assert_never(found)


def _of_service(address: Aws, target: str) -> Contract:
    key = cache.key_of(str(address), target, state(address.service), *compiler_state())
    entry = cache.read(key)
    if entry is None:
        entry = _built(address, spec_text(address), target)
        cache.write(key, entry)
    return _loaded(entry)


def _loaded(entry: cache.CachedPackage) -> Contract:
    from shapespec.responses.contract import load_code

    contract: Contract = load_code(entry.package, entry.modules)
    return contract


def contract_of_model(service: str, description: Any, operation: str) -> Contract:
    """The validators of an operation, made of a service model that a client has.

    Args:
        service: What botocore calls the service.
        description: The model, as its JSON file holds it.
        operation: The operation.

    Raises:
        Unusable: It is not a service model.
        Faults: The spec that it becomes cannot be compiled.
    """
    from shapespec.importers.botocore.reach import within

    part = within(description, (operation,))
    digest = cache.key_of(json.dumps(part, sort_keys=True, default=str))
    key = cache.key_of(service, operation, digest, *compiler_state())
    entry = cache.read(key)
    if entry is None:
        from shapespec.importers.botocore import parse

        model = parse.Model(part, "", f"the model of {service}", digest)
        entry = _built(Aws(service, operation), _text(service, model, operation))
        cache.write(key, entry)
    return _loaded(entry)


def _text(service: str, model: Model, operation: str | None) -> str:
    """The spec of a model, or of one of its operations."""
    from shapespec.drafts import finish
    from shapespec.drafts.reach import claiming
    from shapespec.importers.botocore import spec

    operations = () if operation is None else (operation,)
    return finish(claiming(spec.draft(service, model, operations))).text


def _built(
    address: Aws | OpenApi, text: str, target: str = "validators"
) -> cache.CachedPackage:
    from shapespec.compiler import compile_spec, generate
    from shapespec.ground.source import SourceFile

    schema = compile_spec(SourceFile(f"{address}", text))
    files = generate(schema, (target,), layout=False)
    return cache.CachedPackage(schema.package, text, dict(_code(schema.package, files)))


def _code(package: str, files: tuple[OutputFile, ...]) -> Any:
    prefix = f"python/{package}/"
    for file in files:
        if file.path.startswith(prefix) and file.path.endswith(".py"):
            name = file.path.removeprefix(prefix).removesuffix(".py")
            yield name, compile(file.text, f"<{package}/{name}.py>", "exec")


def spec_text(address: Aws) -> str:
    """The spec of a service or an operation of the installed botocore.

    Raises:
        Unusable: botocore is not installed, or knows no such service or operation;
            with the nearest name.
    """
    from shapespec.importers.botocore import parse

    model = parse.load(address.service)
    name = None
    if address.operation is not None:
        name = parse.operation_called(model, address.operation)
        if "output" not in model.data["operations"][name]:
            raise Unusable(f"{address}: a response of {name} holds nothing to validate")
    return _text(address.service, model, name)


def _written(name: str, text: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="shapespec-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / f"{name}.yaml"
    file.write_text(text, "utf-8")
    return file


# --- OpenAPI --------------------------------------------------------------------------


def _of_description(address: OpenApi, target: str) -> Contract:
    held = openapi.state(address.path)
    words = (address.operation or "", address.status or "")
    key = cache.key_of("openapi", *words, target, held, *compiler_state())
    entry = cache.read(key)
    if entry is None:
        entry = _built(address, _openapi_text(address), target)
        cache.write(key, entry)
    return _loaded(entry)


def _openapi_text(address: OpenApi) -> str:
    """The spec of a description, or of what one of its operations answers.

    Raises:
        Unusable: It cannot be read, or has no such operation or status; with the
            nearest name.
        Faults: A file is too large, or not UTF-8.
    """
    from shapespec.drafts import finish
    from shapespec.importers.openapi import spec
    from shapespec.importers.openapi.description import read_description

    description = read_description(address.path)
    if address.operation is None:
        return finish(spec.draft(description)).text
    operation = description.find(address.operation)
    answer = description.answer(operation, address.status)
    return finish(spec.answer_draft(description, operation, answer)).text


class Answers:
    """The contracts of what the operations of a description answer, made when needed.

    Attributes:
        description: The description.
    """

    def __init__(self, path: Path) -> None:
        """Read a description.

        Raises:
            Unusable: It cannot be read, or is not an OpenAPI description.
            Faults: A file is too large, or not UTF-8.
        """
        from shapespec.importers.openapi.description import read_description

        self._held = openapi.state(path)
        self.path = path
        self.description = read_description(path)

    def contract(self, operation: Operation, answer: Answer) -> Contract:
        """The validators of an answer.

        Raises:
            Unusable: It has no body that is JSON, or none that can be validated.
            Faults: The spec that it becomes cannot be compiled.
        """
        words = (f"{operation}", answer.status)
        media = answer.media
        key = cache.key_of("openapi", *words, media, self._held, *compiler_state())
        entry = cache.read(key)
        if entry is None:
            from shapespec.drafts import finish
            from shapespec.importers.openapi import spec

            text = finish(spec.answer_draft(self.description, operation, answer)).text
            entry = _built(OpenApi(self.path, *words), text)
            cache.write(key, entry)
        return _loaded(entry)
