"""What becomes of each trait: carried over, without effect on a value, or noted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shapespec.contract.schema import Bounds, Deprecated
from shapespec.drafts.digests import digest_of
from shapespec.drafts.model import Note
from shapespec.importers.smithy.model import API

_CARRIED = (
    "box",
    "default",
    "deprecated",
    "documentation",
    "enum",
    "enumValue",
    "error",
    "jsonName",
    "length",
    "pattern",
    "range",
    "required",
    "sensitive",
    "sparse",
    "streaming",
    "timestampFormat",
    "title",
    "uniqueItems",
)
_WITHOUT_EFFECT = (
    "addedDefault",
    "auth",
    "authDefinition",
    "clientOptional",
    "cors",
    "endpoint",
    "eventHeader",
    "eventPayload",
    "examples",
    "externalDocumentation",
    "hostLabel",
    "http",
    "httpApiKeyAuth",
    "httpBasicAuth",
    "httpBearerAuth",
    "httpChecksumRequired",
    "httpDigestAuth",
    "httpError",
    "httpHeader",
    "httpLabel",
    "httpPayload",
    "httpPrefixHeaders",
    "httpQuery",
    "httpQueryParams",
    "httpResponseCode",
    "idempotencyToken",
    "idempotent",
    "input",
    "internal",
    "mediaType",
    "mixin",
    "nestedProperties",
    "noReplace",
    "notProperty",
    "optionalAuth",
    "output",
    "paginated",
    "private",
    "property",
    "protocolDefinition",
    "readonly",
    "recommended",
    "references",
    "requestCompression",
    "requiresLength",
    "resourceIdentifier",
    "retryable",
    "since",
    "suppress",
    "tags",
    "trait",
    "traitValidators",
    "unstable",
    "xmlAttribute",
    "xmlFlattened",
    "xmlName",
    "xmlNamespace",
)
"""What is about a call, a tool or a document: no value shows it."""

_ABOUT_CALLS = (
    "aws.api#",
    "aws.auth#",
    "aws.cloudformation#",
    "aws.customizations#",
    "aws.endpoints#",
    "aws.iam#",
    "aws.protocols#",
    "smithy.framework#",
    "smithy.protocols#",
    "smithy.rules#",
    "smithy.test#",
    "smithy.waiters#",
)
"""Namespaces whose traits are all about that."""

_KNOWN = frozenset(f"{API}{name}" for name in (*_CARRIED, *_WITHOUT_EFFECT))


def get(traits: Mapping[str, Any], name: str) -> Any:
    """The value of a trait of Smithy's own; none where it is not there."""
    return traits.get(f"{API}{name}")


def has(traits: Mapping[str, Any], name: str) -> bool:
    """Whether a trait of Smithy's own is there."""
    return f"{API}{name}" in traits


def unknown(traits: Mapping[str, Any]) -> Iterator[Note]:
    """A note for each trait whose meaning is not known here."""
    for name in traits:
        if name not in _KNOWN and not name.startswith(_ABOUT_CALLS):
            yield Note("unknown-trait", f"`{name}`", name, digest_of(traits[name]))


def bounds(traits: Mapping[str, Any], name: str) -> Bounds:
    """The trait `length` or `range`."""
    found = get(traits, name)
    if not isinstance(found, dict):
        return Bounds()
    return Bounds(_number(found.get("min")), _number(found.get("max")))


def _number(given: Any) -> int | float | None:
    return given if isinstance(given, int | float) else None


def deprecated(traits: Mapping[str, Any]) -> Deprecated | None:
    """The trait `deprecated`, without its message."""
    if not has(traits, "deprecated"):
        return None
    found = get(traits, "deprecated")
    since = found.get("since") if isinstance(found, dict) else None
    return Deprecated(since=since if isinstance(since, str) else None)


_PAGES = {
    "input_token": "inputToken",
    "output_token": "outputToken",
    "items": "items",
    "page_size": "pageSize",
}


def paging(traits: Mapping[str, Any]) -> dict[str, str]:
    """What the trait `paginated` says, by the names that a spec has for it."""
    said = get(traits, "paginated") if has(traits, "paginated") else None
    found = said if isinstance(said, dict) else {}
    return {
        name: found[key]
        for name, key in _PAGES.items()
        if isinstance(found.get(key), str)
    }


def pagination(
    traits: Mapping[str, Any], usual: Mapping[str, str]
) -> Mapping[str, str] | None:
    """The trait `paginated` of an operation; what it leaves out its service says."""
    if not has(traits, "paginated"):
        return None
    said = {**usual, **paging(traits)}
    return {name: said[name] for name in _PAGES if name in said}


def doc(traits: Mapping[str, Any], *, wanted: bool) -> str | None:
    """The trait `documentation`, where descriptions are wanted."""
    found = get(traits, "documentation") if wanted else None
    return found if isinstance(found, str) and found.strip() else None
