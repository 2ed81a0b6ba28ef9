"""The service model of the installed botocore, found by botocore's own loader."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from shapespec.diagnostics.suggest import nearest
from shapespec.ground.errors import Unusable, reason
from shapespec.ground.extras import need


class Model(NamedTuple):
    """A service model.

    Attributes:
        data: What the file holds.
        version: That of botocore.
        document: Where botocore keeps the file.
        sha256: The hash of the file, as it is when it is not compressed.
        paginators: How operations are paged, by operation.
    """

    data: Any
    version: str
    document: str
    sha256: str
    paginators: Mapping[str, Any] = MappingProxyType({})


def load(service: str) -> Model:
    """The newest model of a service that botocore ships with.

    Models that a user keeps in `~/.aws/models` are not looked at.

    Raises:
        Unusable: botocore is not installed or too old, or does not know the service.
    """
    botocore, loader, folder = _loader()
    known = loader.list_available_services("service-2")
    if service not in known:
        near = nearest(service, known) or _like(service, known)
        hint = f"; did you mean {near}?" if near else ""
        hint = hint or "; `shapespec aws` lists them"
        raise Unusable(f"botocore has no service {service!r}{hint}")
    version = loader.determine_latest_version(service, "service-2")
    name = f"{service}/{version}/service-2"
    contents = _contents(Path(folder, name))
    patched = any(Path(folder, name).parent.glob("service-2.sdk-extras*"))
    return Model(
        data=loader.load_service_model(service, "service-2", version)
        if patched
        else json.loads(contents),
        version=botocore.__version__,
        document=f"botocore/data/{name}.json",
        sha256=hashlib.sha256(contents).hexdigest(),
        paginators=_paginators(loader, service, version),
    )


def _paginators(loader: Any, service: str, version: str) -> Mapping[str, Any]:
    """How operations are paged; nothing where no file says it."""
    if version not in loader.list_api_versions(service, "service-2"):
        return {}
    try:
        held = loader.load_service_model(service, "paginators-1", version)
    except Exception as error:
        if type(error).__name__ not in ("DataNotFoundError", "UnknownServiceError"):
            raise
        return {}
    found = held.get("pagination", {}) if isinstance(held, dict) else {}
    return found if isinstance(found, dict) else {}


def _like(short: str, known: Iterable[str]) -> str | None:
    """The name that differs in one sign from a very short one: `ec2` for `ec3`."""
    found = [
        name
        for name in known
        if len(name) == len(short) <= _SHORT and sum(map(str.__ne__, name, short)) == 1
    ]
    kinds = [*map(str.isdigit, short)]
    return min(
        found,
        key=lambda name: (kinds != [*map(str.isdigit, name)], name),
        default=None,
    )


_SHORT = 3


def raw_model(service: str) -> Any:
    """The newest model of a service that is known, unchecked."""
    _, loader, _ = _loader()
    return loader.load_service_model(service, "service-2")


def services() -> tuple[str, ...]:
    """The names of the services that the installed botocore knows.

    Raises:
        Unusable: botocore is not installed or too old.
    """
    return tuple(_loader()[1].list_available_services("service-2"))


def _loader() -> tuple[Any, Any, str]:
    """botocore, its loader of the models that it ships with, and their folder."""
    need("botocore", "botocore")
    loaders = import_module("botocore.loaders")
    folder: str = loaders.Loader.BUILTIN_DATA_PATH
    loader = loaders.Loader(
        extra_search_paths=[folder], include_default_search_paths=False
    )
    return import_module("botocore"), loader, folder


def _contents(name: Path) -> bytes:
    """The bytes of a model's file, which botocore compresses since 2023."""
    plain = name.with_name(f"{name.name}.json")
    packed = name.with_name(f"{name.name}.json.gz")
    try:
        if plain.is_file():
            return plain.read_bytes()
        return gzip.decompress(packed.read_bytes())
    except OSError as error:
        raise Unusable(f"cannot read {packed}: {reason(error)}") from error


def operation_called(model: Model, name: str) -> str:
    """The operation that a name means: `describe-instances` is `DescribeInstances`.

    Raises:
        Unusable: The model has none of that name.
    """
    plain = _plain(name)
    for known in model.data["operations"]:
        if name == known or _plain(known) == plain:
            return str(known)
    check_operation(model, name)
    return name


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").casefold()


def check_operation(model: Model, name: str) -> None:
    """See to it that a model has an operation.

    Raises:
        Unusable: It has none of that name.
    """
    known = model.data["operations"]
    if name not in known:
        near = nearest(name, known)
        hint = f"; did you mean {near}?" if near else ""
        raise Unusable(f"{model.document} has no operation {name!r}{hint}")
