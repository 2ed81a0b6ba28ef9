"""The service model of the installed botocore, found by botocore's own loader."""

from __future__ import annotations

import gzip
import hashlib
from importlib import import_module
from pathlib import Path
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
    """

    data: Any
    version: str
    document: str
    sha256: str


def load(service: str) -> Model:
    """The newest model of a service that botocore ships with.

    Models that a user keeps in `~/.aws/models` are not looked at.

    Raises:
        Unusable: botocore is not installed or too old, or does not know the service.
    """
    need("botocore", "botocore")
    botocore = import_module("botocore")
    loaders = import_module("botocore.loaders")
    folder = loaders.Loader.BUILTIN_DATA_PATH
    loader = loaders.Loader(
        extra_search_paths=[folder], include_default_search_paths=False
    )
    known = loader.list_available_services("service-2")
    if service not in known:
        near = nearest(service, known)
        hint = f"; did you mean {near}?" if near else ""
        raise Unusable(f"botocore knows no service {service!r}{hint}")
    version = loader.determine_latest_version(service, "service-2")
    name = f"{service}/{version}/service-2"
    return Model(
        data=loader.load_service_model(service, "service-2", version),
        version=botocore.__version__,
        document=f"botocore/data/{name}.json",
        sha256=hashlib.sha256(_contents(Path(folder, name))).hexdigest(),
    )


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
