"""Services and operations of the installed botocore, for people who look for one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from shapespec.addresses import cache
from shapespec.addresses.botocore import state
from shapespec.ground.terminal import Progress
from shapespec.importers.botocore.parse import raw_model, services


class Service(NamedTuple):
    """A service: what botocore and AWS call it, and its operations."""

    name: str
    title: str
    operations: tuple[str, ...]


def listed() -> tuple[Service, ...]:
    """Every service; the list is kept, for all models have to be read to make it.

    Raises:
        Unusable: botocore is not installed or too old.
    """
    names = services()
    key = cache.key_of("listing", state(), *names)
    entry = cache.read(key)
    if entry is None:
        found = tuple(_read(names))
        cache.write(key, cache.CachedPackage("listing", json.dumps(found), {}))
        return found
    return tuple(
        Service(name, title, tuple(operations))
        for name, title, operations in json.loads(entry.spec)
    )


def _read(names: Iterable[str]) -> Iterable[Service]:
    with Progress("services") as progress:
        for name in names:
            model = raw_model(name)
            title = str(model["metadata"].get("serviceFullName", ""))
            yield Service(name, title, tuple(model["operations"]))
            progress.advance()


def search(services: Iterable[Service], words: Iterable[str]) -> list[str]:
    """The addresses of the operations that have all of some words in them."""
    wanted = [word.casefold().removeprefix("aws:") for word in words]
    addresses = (
        f"aws:{service.name}:{operation}"
        for service in services
        for operation in service.operations
    )
    return [one for one in addresses if all(_has(one.casefold(), w) for w in wanted)]


def _has(address: str, word: str) -> bool:
    plain = word.replace("-", "").replace("_", "")
    return word in address or plain in address.replace("-", "")
