"""A draft of a spec from the facts of a page: where a contract begins with documents.

A page says less than a spec: a type may be one of several, a list may be a map, and
what a structure holds may stand on another page. Each choice is a note in the draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from shapespec.contract.facts import Fact, Value
from shapespec.contract.places import ERRORS, ITEMS, KEYS, OPERATION, REQUEST, VALUES
from shapespec.contract.schema import Bounds
from shapespec.drafts.model import (
    Draft,
    Member,
    Operation,
    Shape,
    Target,
    Value as EnumValue,
)
from shapespec.drafts.names import identifier
from shapespec.drafts.packages import package_name
from shapespec.ground.values import Json
from shapespec.importers.protocol import Importer, Page

_LIKELIEST = (
    *("structure", "list", "map", "union", "string", "boolean", "timestamp"),
    *("long", "integer", "double", "float", "blob", "document"),
)
"""Of several types that a word may stand for, the one that a draft takes."""

_ENDS = re.compile(r"(?:Response|Result|Output)$")
_PART = re.compile(r"[^.\[\]{}()]+")


def draft(page: Page, importer: Importer, command: str, package: str | None) -> Draft:
    """The draft that a page makes.

    Args:
        page: What was read of it.
        importer: What read it, which knows what its words for types mean.
        command: What is to be told as having written it.
        package: What the package is called; after the page where left out.
    """
    title = _camel(page.title)
    name = _ENDS.sub("", title) or title
    drafting = _Drafting(page.facts, importer)
    response = title if title != name else f"{name}Response"
    shapes: dict[str, Shape] = {response: drafting.structure("", response)}
    sent = None
    if drafting.children(REQUEST):
        sent = f"{name}Request"
        shapes[sent] = drafting.structure(REQUEST, sent)
    shapes |= drafting.shapes
    errors = drafting.errors()
    for error in errors:
        shapes.setdefault(error, Shape(type="structure"))
    version = drafting.stated.get(OPERATION, {}).get("apiVersion")
    operation = Operation(
        name=name,
        input=sent,
        output=response,
        errors=errors,
        api_version=None if version is None else str(version),
    )
    return Draft(
        command=command,
        origin=(f"{importer.describes}: {page.title}",),
        package=package or package_name(name),
        title=None,
        shapes=shapes,
        operations=(operation,),
        roots=(response,),
        claimed=True,
    )


class _Drafting:
    """Makes shapes of facts, place by place."""

    def __init__(self, facts: Iterable[Fact], importer: Importer) -> None:
        self.importer = importer
        self.stated: dict[str, dict[str, Value]] = {}
        self.shapes: dict[str, Shape] = {}
        self._below: dict[str, dict[str, str]] = {}
        for fact in facts:
            self.stated.setdefault(fact.path, {})[fact.kind] = fact.value
            self._index(fact.path)

    def _index(self, path: str) -> None:
        """Note which members stand below which place."""
        above, _, name = path.rpartition(".")
        if path.startswith((OPERATION, ERRORS)) or path == REQUEST:
            return
        plain = _PART.match(name)
        if plain is not None:
            self._below.setdefault(above, {})[plain[0]] = f"{above}.{plain[0]}".lstrip(
                "."
            )
        if above:
            self._index(above)

    def children(self, path: str) -> Mapping[str, str]:
        """The members at a place, each with its path."""
        return self._below.get(path, {})

    def errors(self) -> tuple[str, ...]:
        """What the operation can fail with."""
        named = self.stated.get(OPERATION, {}).get("errors")
        return tuple(map(str, named)) if isinstance(named, list) else ()

    def structure(self, path: str, name: str) -> Shape:
        """A structure with the members that stand at a place."""
        members = tuple(self._members(path, name))
        found = Shape(type="structure", members=members)
        if not members:
            found = replace(found, remark="the page does not say what it holds")
        return found

    def _members(self, path: str, owner: str) -> Iterator[Member]:
        for name, below in self.children(path).items():
            facts = self.stated.get(below, {})
            default: tuple[Json] | None = None
            if "default" in facts:
                default = (facts["default"],)
            yield Member(
                name=name,
                target=self.target(below, _camel(name), owner),
                required=facts.get("required") is True,
                default=default,
                remark=self._remark(facts),
            )

    def _remark(self, facts: Mapping[str, Value]) -> str | None:
        """What else the word of the page may mean."""
        word = str(facts.get("type", ""))
        types = self.importer.means(word)
        if len(types) > 1 and self._likeliest(types) not in ("structure", "string"):
            return f"{word}: {' or '.join(sorted(types))}"
        return None

    def _likeliest(self, types: Iterable[str]) -> str:
        known = set(types)
        return next((one for one in _LIKELIEST if one in known), "document")

    def target(self, path: str, name: str, owner: str) -> Target:
        """The shape of what stands at a place; a structure gets a name of its own."""
        facts = self.stated.get(path, {})
        types = set(self.importer.means(str(facts.get("type", ""))))
        inside = self._inside(path)
        if self.children(path):
            types &= {"structure", "union"}
            kind = self._likeliest(types or {"structure"})
        elif inside is not None:
            kind = "map" if inside == VALUES else "list"
        elif len(types) > 3:
            kind = "document"
        else:
            kind = self._likeliest(types or {"string"})
        if kind in ("structure", "union"):
            return self._named(path, name, owner)
        shape = Shape(type=kind)
        if kind == "list":
            shape = replace(shape, member=self._part(path + ITEMS, name, owner))
        if kind == "map":
            values = self._part(path + VALUES, name, owner)
            keys = self.target(path + KEYS, f"{name}Key", owner)
            shape = replace(shape, key=keys, value=values)
        found = _bounded(shape, facts)
        return self._enum(found, name, owner) if found.type == "enum" else found

    def _enum(self, shape: Shape, name: str, owner: str) -> str:
        """The name of an enum; one with the same values is the same."""
        for known, other in self.shapes.items():
            if other == shape:
                return known
        found = self._free(name, owner)
        self.shapes[found] = shape
        return found

    def _inside(self, path: str) -> str | None:
        """Whether something is said of items or of values at a place."""
        for mark in (ITEMS, VALUES):
            if path + mark in self.stated or self.children(path + mark):
                return mark
        return None

    def _part(self, path: str, name: str, owner: str) -> Target:
        known = path in self.stated or self.children(path)
        if not known:
            return Shape(type="string")
        return self.target(path, name.removesuffix("s"), owner)

    def _free(self, name: str, owner: str) -> str:
        """A name that no other shape has."""
        found = f"{owner}{name}" if name in self.shapes else name
        while found in self.shapes:
            found += "_"
        return found

    def _named(self, path: str, name: str, owner: str) -> str:
        """A structure under a name that no other place has."""
        found = self._free(name, owner)
        self.shapes[found] = Shape(type="structure")
        self.shapes[found] = self.structure(path, found)
        return found


def _bounded(shape: Shape, facts: Mapping[str, Value]) -> Shape:
    """A shape with the constraints that are stated of it."""
    values = facts.get("enum")
    if isinstance(values, list) and shape.type == "string":
        named = tuple(EnumValue(text=str(one)) for one in values)
        return Shape(type="enum", open=True, values=named)
    sizes = (
        ("minItems", "maxItems")
        if shape.type in ("list", "map")
        else (("minLength", "maxLength"))
    )
    pattern = facts.get("pattern")
    return replace(
        shape,
        length=Bounds(*(_number(facts.get(one)) for one in sizes)),
        range=Bounds(*(_number(facts.get(one)) for one in ("minimum", "maximum"))),
        pattern=pattern if isinstance(pattern, str) else None,
    )


def _number(value: Value) -> int | float | None:
    return value if isinstance(value, int | float) else None


def _camel(text: str) -> str:
    """A name as a shape has it: `aws describe-job` as `AwsDescribeJob`."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    return identifier("".join(word[:1].upper() + word[1:] for word in words) or "Page")
