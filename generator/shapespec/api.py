"""Contracts by their address: what `shapespec.load_contract` gives."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

from shapespec.addresses import Aws, Package, cache, read_address
from shapespec.addresses.botocore import state
from shapespec.ground.errors import Unusable
from shapespec.project.files import MAX_SPEC_BYTES, read_source
from shapespec.project.stamp import compiler_state
from shapespec.responses.contract import Contract, load_code, load_contract as load_path

if TYPE_CHECKING:
    from shapespec.backends.files import OutputFile
    from shapespec.importers.botocore.parse import Model


def load_contract(
    address: str | Path,
    *,
    operation: str | None = None,
    target: str = "dataclasses",
    limit: int = MAX_SPEC_BYTES,
    dated: bool = False,
) -> Contract:
    """The validators of a contract, and its dataclasses.

    A contract of AWS is compiled when it is first asked for, and kept in the user's
    cache folder: `SHAPESPEC_CACHE` names another one, or is `off`.

    Args:
        address: The path of a spec, `aws:SERVICE:OPERATION`, `aws:SERVICE`, or the
            name of a generated package that can be imported.
        operation: The operation, where the address names a service.
        target: What else is needed: `validators` alone, or `dataclasses` too.
        limit: How many bytes a spec may have.
        dated: Whether the history of a spec is needed, too.

    Raises:
        Unusable: There is no such contract, or it cannot be read; botocore is needed
            and not installed.
        Faults: The spec is wrong.
    """
    found = read_address(address, operation)
    match found:
        case Aws():
            return _of_service(found, target)
        case Package(name=name):
            package: Any = import_module(name)
            contract: Contract = package
            return contract
        case Path():
            return load_path(found, limit=limit, target=target, dated=dated)
        case _:
            assert_never(found)


def spec_of(address: str | Path, operation: str | None = None) -> Path:
    """The spec of a contract, as a file; that of AWS is made, and removed at the end.

    Raises:
        Unusable: There is no such contract, or only its package is there.
    """
    found = read_address(address, operation)
    match found:
        case Aws():
            return _written(found)
        case Package(name=name):
            raise Unusable(f"{name} is a generated package; name its spec here")
        case Path():
            return found
        case _:
            assert_never(found)


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


def _of_service(address: Aws, target: str) -> Contract:
    key = cache.key_of(str(address), target, state(address.service), *compiler_state())
    entry = cache.read(key)
    if entry is None:
        entry = _built(address, spec_text(address), target)
        cache.write(key, entry)
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
    contract: Contract = load_code(entry.package, entry.modules)
    return contract


def _text(service: str, model: Model, operation: str | None) -> str:
    """The spec of a model, or of one of its operations."""
    from shapespec.drafts import finish
    from shapespec.drafts.reach import claiming
    from shapespec.importers.botocore import spec

    operations = () if operation is None else (operation,)
    return finish(claiming(spec.draft(service, model, operations))).text


def _built(address: Aws, text: str, target: str = "validators") -> cache.CachedPackage:
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


def _written(address: Aws) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="shapespec-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    name = "-".join(filter(None, (address.service, address.operation)))
    file = folder / f"{name}.yaml"
    file.write_text(spec_text(address), "utf-8")
    return file
