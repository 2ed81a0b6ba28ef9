"""Schemas by their places: documents, the resources in them, what references mean.

A document is a file. It may hold several resources, each with a URI of its own
(`$id`), and a reference is resolved against that of the resource it stands in. Which
resource a URI means is for `referencing` to say; here every schema gets its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urldefrag, urljoin

from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Faults, Found, stop_on
from shapespec.ground.errors import Portable
from shapespec.ground.pointer import pointer_to, steps
from shapespec.importers.json_file import JsonFile, places
from shapespec.importers.json_schema.dialects import (
    D2020,
    NAMED,
    Dialect,
    dialect_of,
    subschemas,
)
from shapespec.records import dataclass

if TYPE_CHECKING:
    from referencing.jsonschema import SchemaRegistry, SchemaResource

DEFINITIONS = ("$defs", "definitions")
ROOT = "urn:shapespec:schema"
"""The URI of a document that has none."""


def _named(schema: Any) -> str | None:
    """What a schema of draft-04 calls itself, and not the member `id` of objects."""
    name = schema.get("id") if isinstance(schema, dict) else None
    if not isinstance(name, str) or name.startswith("#") or "$ref" in schema:
        return None
    return name


class Dangling(Portable, Exception):
    """A reference leads to a document that is there, and to nothing in it."""


class Elsewhere(Portable, Exception):
    """A reference leads to a document that is not there; the message says why."""


class Scope(NamedTuple):
    """Where a schema stands.

    Attributes:
        document: What messages call the document; empty for the one that is imported.
        base: The URI of the resource.
        dialect: The draft of the resource.
        dynamic: The resources that led here and have dynamic anchors that none before
            them has, the outermost first.
    """

    document: str
    base: str
    dialect: Dialect
    dynamic: tuple[str, ...] = ()


class Node(NamedTuple):
    """A schema, or a part of one, and its place as a JSON Pointer in its document."""

    value: Any
    pointer: str
    scope: Scope
    library: Library

    def child(self, *way: str | int) -> Node:
        """What stands below."""
        value, pointer = self.value, self.pointer
        for step in way:
            value = value[step]
        pointer += pointer_to(way)
        return self.library.within(self, value, pointer)

    @property
    def place(self) -> str:
        """The place in all documents; where references are dynamic, with what led here.

        Two schemas of one place mean the same.
        """
        document, _, _, dynamic = self.scope
        beside = f" {' '.join(dynamic)}" if dynamic else ""
        return f"{document}#{self.pointer}{beside}"

    @property
    def parent(self) -> str:
        """The place of what it stands in."""
        return f"{self.scope.document}#{self.pointer.rpartition('/')[0]}"

    def __str__(self) -> str:
        """The place as a reference would have it."""
        return f"{self.scope.document}#{self.pointer}"


@dataclass(slots=True)
class _Spot:
    """Where an object stands in its document."""

    pointer: str
    scope: Scope
    is_schema: bool


Fetch = Callable[[str], Any]
"""Gives the schema of a URI.

Raises:
    Elsewhere: It cannot be had.
"""


def _nowhere(uri: str) -> Any:
    raise Elsewhere(uri)


@dataclass(slots=True, eq=False)
class Library:
    """All documents that a schema needs, and every object in them by its place.

    Attributes:
        dialect: The draft of schemas that name none.
        fetch: Gives the documents that references lead to.
        unknown: The places of `$schema` that name no draft that is read.
        meanings: What schemas say, as `meaning.py` has it, by their places.
    """

    dialect: Dialect = D2020
    fetch: Fetch = _nowhere
    registry: SchemaRegistry = field(init=False)
    unknown: list[str] = field(init=False, default_factory=list[str])
    meanings: dict[str, str] = field(init=False, default_factory=dict[str, str])
    _tops: dict[str, Any] = field(init=False, default_factory=dict[str, Any])
    _spots: dict[int, _Spot] = field(init=False, default_factory=dict[int, _Spot])
    _homes: dict[str, str] = field(init=False, default_factory=dict[str, str])
    _dynamic: dict[str, dict[str, Any]] = field(
        init=False, default_factory=dict[str, dict[str, Any]]
    )
    _found: dict[tuple[str, str], tuple[Any, str, Scope]] = field(
        init=False, default_factory=dict[tuple[str, str], tuple[Any, str, Scope]]
    )
    _new: list[tuple[str, SchemaResource]] = field(
        init=False, default_factory=list["tuple[str, SchemaResource]"]
    )

    def __post_init__(self) -> None:
        from jsonschema_specifications import REGISTRY

        self.registry = REGISTRY

    # --- documents ------------------------------------------------------------------

    def add(self, data: Any, name: str, uri: str) -> Node:
        """A document, found under its own URI and another one from now on."""
        resource = self._resource(data)
        base = urljoin(uri, resource.id() or "") or uri
        pairs = {uri: resource, base: resource}
        self.registry = self.registry.with_resources(pairs.items())
        with suppress(
            AttributeError
        ):  # `referencing` takes names of members for schemas
            self.registry = self.registry.crawl()
        dialect = self._dialect(data, self.dialect)
        scope = Scope(name, base, dialect)
        self._tops[name] = data
        self._index(data, scope)
        return Node(data, "", self._entered(scope, ()), self)

    def _resource(self, data: Any) -> SchemaResource:
        from attrs import evolve
        from referencing.jsonschema import specification_with

        dialect = self._dialect(data, self.dialect)
        found: Any = specification_with(dialect.uri)
        if dialect.id_keyword == "id":  # which members of objects are called, too
            found = evolve(found, id_of=_named)
        made: SchemaResource = found.create_resource(data)
        return made

    @staticmethod
    def _dialect(data: Any, otherwise: Dialect) -> Dialect:
        named = data.get("$schema") if isinstance(data, dict) else None
        return dialect_of(named) or otherwise

    def _index(self, data: Any, scope: Scope) -> None:
        pending: list[tuple[Any, str, Scope, bool]] = [(data, "", scope, True)]
        while pending:
            value, pointer, scope, is_schema = pending.pop()
            if isinstance(value, bool):
                continue  # a schema that is true or false holds no other
            if isinstance(value, list):
                pending += [
                    (one, f"{pointer}/{at}", scope, False)
                    for at, one in enumerate(value)
                    if isinstance(one, dict | list)
                ]
                continue
            if is_schema and pointer:
                inner = self._inner(value, scope)
                if inner.base != scope.base:
                    self._homes.setdefault(inner.base, pointer)
                scope = inner
            self._spots[id(value)] = _Spot(pointer, scope, is_schema)
            if is_schema:
                self._note_anchors(value, scope)
                named = value.get("$schema")
                if isinstance(named, str) and dialect_of(named) is None:
                    said = f"{scope.document}#{pointer}/$schema: `{named}`"
                    self.unknown.append(said)
            schemas = dict(subschemas(value)) if is_schema else {}
            for keyword, below in value.items():
                if not isinstance(below, dict | list):
                    continue
                at = f"{pointer}{pointer_to([keyword])}"
                if (keyword,) in schemas:
                    pending.append((below, at, scope, True))
                    continue
                parts = below.items() if isinstance(below, dict) else enumerate(below)
                named = is_schema and (keyword in NAMED or isinstance(below, list))
                if not named:
                    pending.append((below, at, scope, False))
                    continue
                if isinstance(below, dict):
                    self._spots[id(below)] = _Spot(at, scope, is_schema=False)
                for name, one in parts:
                    if isinstance(one, dict | list):
                        is_one = (keyword, name) in schemas and isinstance(one, dict)
                        place = f"{at}{pointer_to([name])}"
                        pending.append((one, place, scope, is_one))

    def _inner(self, value: dict[str, Any], scope: Scope) -> Scope:
        """The scope of a schema within a resource: its own where it is one, too."""
        dialect = scope.dialect
        own = value.get("$id", value.get("id"))
        if not isinstance(own, str):
            return scope
        if isinstance(value.get("$id"), str):
            dialect = self._dialect(value, dialect)
        own = value.get(dialect.id_keyword)
        if not isinstance(own, str) or own.startswith("#"):
            return scope
        if not dialect.siblings and "$ref" in value:
            return scope
        return scope._replace(
            base=urljoin(scope.base, own.rstrip("#")), dialect=dialect
        )

    def home(self, base: str) -> str:
        """The pointer to a resource in its document."""
        return self._homes.get(base, "")

    def _note_anchors(self, value: dict[str, Any], scope: Scope) -> None:
        name = value.get("$dynamicAnchor")
        if isinstance(name, str):
            self._dynamic.setdefault(scope.base, {}).setdefault(name, value)
        if value.get("$recursiveAnchor") is True:
            self._dynamic.setdefault(scope.base, {}).setdefault("", value)

    # --- places ---------------------------------------------------------------------

    def at(self, node: Node, pointer: str) -> Node:
        """Another place of the document that a node stands in; else the node itself."""
        value = self._tops.get(node.scope.document)
        for step in steps(pointer):
            match value:
                case dict() if step in value:
                    value = value[step]
                case list() if step.isdecimal() and int(step) < len(value):
                    value = value[int(step)]
                case _:
                    return node
        return Node(value, pointer, node.scope, self)

    def is_schema(self, value: Any) -> bool:
        """Whether an object stands where a schema does."""
        spot = self._spots.get(id(value))
        return spot is not None and spot.is_schema

    def within(self, node: Node, value: Any, pointer: str) -> Node:
        """A value below another one, with the scope that it stands in."""
        spot = self._spots.get(id(value)) if isinstance(value, dict) else None
        if spot is None or spot.scope.base == node.scope.base:
            return Node(value, pointer, node.scope, self)
        return Node(value, pointer, self._entered(spot.scope, node.scope.dynamic), self)

    def _entered(self, scope: Scope, before: tuple[str, ...]) -> Scope:
        """A scope, with itself among the resources that led there if that matters."""
        own = self._dynamic.get(scope.base)
        if own and scope.base not in before:
            known = {name for one in before for name in self._dynamic.get(one, ())}
            if not own.keys() <= known:
                before = (*before, scope.base)
        return scope._replace(dynamic=before)

    # --- references -----------------------------------------------------------------

    def find(self, node: Node) -> Node | None:
        """What a schema refers to; none where it does not.

        Raises:
            Dangling: It refers to nothing.
            Elsewhere: It refers to a document that cannot be had.
        """
        match reference_of(node):
            case None:
                return None
            case ("$ref", reference):
                return self.follow(node, reference)
            case ("$dynamicRef", reference):
                found = self.follow(node, reference)
                name = unquote(reference.partition("#")[2])
                if _anchored(found, "$dynamicAnchor") == name:
                    return self._outermost(found, name)
                return found
            case _:
                found = self.follow(node, "#")
                if _anchored(found, "$recursiveAnchor") is True:
                    return self._outermost(found, "")
                return found

    def _outermost(self, found: Node, name: str) -> Node:
        for base in found.scope.dynamic:
            value = self._dynamic[base].get(name)
            if value is not None:
                spot = self._spots[id(value)]
                scope = spot.scope._replace(dynamic=found.scope.dynamic)
                return Node(value, spot.pointer, scope, self)
        return found

    def follow(self, node: Node, reference: str) -> Node:
        """What a reference means that stands in a schema.

        Raises:
            Dangling: It means nothing.
            Elsewhere: It means something in a document that cannot be had.
        """
        key = (node.scope.base, reference)
        if key not in self._found:
            self._found[key] = self._resolved(node.scope, reference)
        value, pointer, scope = self._found[key]
        return Node(value, pointer, self._entered(scope, node.scope.dynamic), self)

    def _resolved(self, scope: Scope, reference: str) -> tuple[Any, str, Scope]:
        from referencing.exceptions import NoSuchResource, Unresolvable

        uri, fragment = _target(scope.base, reference)
        if uri not in self.registry:
            self.registry = self.registry.crawl()
        if uri not in self.registry:
            data = self.fetch(uri)
            if uri not in self.registry:
                self.add(data, uri, uri)
        try:
            found = self.registry.resolver(scope.base).lookup(reference)
        except (Unresolvable, NoSuchResource, ValueError, TypeError) as error:
            raise Dangling(reference) from error
        spot = self._spot(found.contents, uri, fragment)
        return found.contents, spot.pointer, spot.scope

    def _spot(self, contents: Any, uri: str, fragment: str) -> _Spot:
        spot = self._spots.get(id(contents)) if isinstance(contents, dict) else None
        if spot is not None:
            return spot
        around = self.registry.contents(uri)
        if isinstance(around, dict) and id(around) not in self._spots:
            self.add(around, uri, uri)  # one that came with the registry
            return self._spot(contents, uri, fragment)
        base = self._spots.get(id(around))
        if base is None:
            return _Spot(fragment, Scope(uri, uri, self.dialect), is_schema=True)
        pointer = pointer_to(steps(unquote(fragment))) if fragment else ""
        return _Spot(base.pointer + pointer, base.scope, is_schema=True)


def _anchored(node: Node, keyword: str) -> object:
    return node.value.get(keyword) if isinstance(node.value, dict) else None


def _target(base: str, reference: str) -> tuple[str, str]:
    """The URI and the fragment that a reference means."""
    if reference.startswith("#"):
        return base, reference[1:]
    uri, fragment = urldefrag(urljoin(base, reference))
    return uri.rstrip("#"), fragment


@dataclass
class Document:
    """The schema that is imported, and what leads to it.

    Attributes:
        top: The whole schema.
        root: The whole schema, or the part that is asked for.
        name: What messages call it.
        files: The texts of the documents, by what messages call them.
        skip_remote: Whether what is in documents that cannot be had is any value.
        followed: The places that references have led to.
    """

    top: Node
    root: Node
    name: str
    files: Mapping[str, JsonFile] = field(default_factory=dict[str, JsonFile])
    skip_remote: bool = True
    followed: set[str] = field(default_factory=set[str])

    @property
    def library(self) -> Library:
        """All documents that it needs."""
        return self.top.library

    def find(self, node: Node) -> Node | None:
        """What a schema refers to; none where it refers to nothing.

        Raises:
            Elsewhere: It is in a document that cannot be had, and is to be skipped.
            Faults: It refers to nothing that is there, with its place.
        """
        try:
            found = self.library.find(node)
        except Dangling as dangling:
            raise self._fault(node, "", str(dangling)) from None
        except Elsewhere as elsewhere:
            if self.skip_remote:
                raise
            raise self._fault(node, str(elsewhere), "") from None
        if found is not None:
            self.followed.add(found.place)
        return found

    def _fault(self, node: Node, why: str, dangling: str) -> Faults:
        keyword, reference = reference_of(node) or ("$ref", dangling)
        file = self.files.get(node.scope.document)
        spans = places(file, [f"{node.pointer}/{keyword}"]) if file else [None]
        if why:
            return Faults([catalogue.remote_reference(spans[0], reference, why)])
        return Faults([catalogue.dangling_reference(spans[0], reference)])

    def check_root(self) -> None:
        """Look whether the root is more than a reference that leads back to itself.

        Raises:
            Faults: It is not.
        """
        from shapespec.importers.json_schema.parts import alias

        seen: dict[str, Node] = {}
        node: Node | None = self.root
        while node is not None and node.place not in seen:
            seen[node.place] = node
            node = alias(self, node)
        if node is None:
            return
        keyword, reference = reference_of(self.root) or ("allOf", str(node))
        file = self.files.get(self.root.scope.document)
        spans = places(file, [f"{self.root.pointer}/{keyword}"]) if file else [None]
        raise Faults([catalogue.circular_reference(spans[0], reference, len(seen))])

    def check_references(self) -> None:
        """Look whether every reference in the document leads somewhere.

        Raises:
            Faults: With all that do not.
        """
        faults = Found()
        pending = [self.top]
        while pending:
            node = pending.pop()
            if not isinstance(node.value, dict):
                continue
            try:
                self.library.find(node)
            except Dangling as dangling:
                faults.extend(self._fault(node, "", str(dangling)).diagnostics)
            except Elsewhere as elsewhere:
                if not self.skip_remote:
                    faults.extend(self._fault(node, str(elsewhere), "").diagnostics)
            pending += [node.child(*way) for way, _ in subschemas(node.value)]
        stop_on(faults)

    @cached_property
    def given(self) -> dict[str, str]:
        """The names of the schemas under `$defs` and `definitions`, by place."""
        return {node.place: name for name, node in self.definitions()}

    def definitions(self) -> Iterator[tuple[str, Node]]:
        """The schemas under `$defs` and `definitions` of the document, by name."""
        value = self.top.value
        for key in DEFINITIONS:
            listed = value.get(key) if isinstance(value, dict) else None
            if isinstance(listed, dict):
                for name in listed:
                    yield name, self.top.child(key, name)


def reference_of(node: Node) -> tuple[str, str] | None:
    """The keyword by which a schema refers to another one, and its value."""
    if isinstance(node.value, dict):
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            found = node.value.get(keyword)
            if isinstance(found, str) and keyword in node.scope.dialect.keywords:
                return keyword, found
    return None
