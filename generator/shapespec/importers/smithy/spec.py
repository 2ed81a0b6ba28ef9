"""What a Smithy model means in the spec language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from shapespec.contract.schema import Bounds
from shapespec.diagnostics.suggest import nearest
from shapespec.drafts.model import Draft, Member, Note, Operation, Shape, Target, Value
from shapespec.drafts.packages import package_name
from shapespec.drafts.reach import only
from shapespec.ground.errors import Unusable
from shapespec.importers.json_file import JsonFile
from shapespec.importers.smithy import traits as trait
from shapespec.importers.smithy.model import (
    API,
    PRELUDE,
    UNIT,
    Model,
    SmithyMember,
    SmithyShape,
)
from shapespec.patterns import PatternRefused
from shapespec.patterns.ecmascript import as_java

_CONSTRAINED_AS_THEY_ARE = ("enum", "intEnum", "structure", "union")
"""Types of shapes that no trait of a member constrains any further."""
_NO_VALUE = ("service", "resource", "operation", "member")
_NARROW = {"byte": Bounds(-128, 127), "short": Bounds(-32768, 32767)}
_WIDE = {"bigInteger": "long", "bigDecimal": "double"}
_BY_MEMBER_NAME = ("aws.protocols#awsJson1_0", "aws.protocols#awsJson1_1")
"""Protocols that write members under their own names, whatever `jsonName` says."""


def draft(
    file: JsonFile,
    operations: tuple[str, ...] = (),
    *,
    package: str | None = None,
    docs: bool = False,
) -> Draft:
    """The draft of a model, or of some of its operations.

    Args:
        file: The model.
        operations: The operations that are wanted, by name; all where left out.
        package: What the package is called; else after the service or the file.
        docs: Whether descriptions come along.

    Raises:
        Unusable: It is no model, or lacks one of the operations.
    """
    model = Model(file.data, file.name)
    made = _Maker(model, docs=docs)
    found = tuple(made.operations())
    _check(operations, found, file.name)
    service = next(model.of_type("service"), None)
    subject = _name(service.id) if service else file.name.partition(".")[0]
    title = trait.get(service.traits, "title") if service else None
    chosen = "".join(f" --operation {name}" for name in operations)
    whole = Draft(
        command=f"shapespec import smithy {file.name}{chosen}",
        origin=(
            f"{file.name}, a Smithy model of version {model.version},",
            f"SHA-256 {file.sha256}.",
            "Enums are open, as they are for whoever reads responses.",
        ),
        package=package or package_name(subject, operations),
        title=title if isinstance(title, str) else None,
        shapes=dict(made.shapes()),
        operations=found,
    )
    return only(whole, operations) if operations else whole


def _check(wanted: tuple[str, ...], found: tuple[Operation, ...], name: str) -> None:
    known = [one.name for one in found]
    for one in wanted:
        if one not in known:
            near = nearest(one, known)
            hint = f"; did you mean {near}?" if near else ""
            raise Unusable(f"{name} has no operation {one!r}{hint}")


def _name(id_: str) -> str:
    """A shape's name without its namespace."""
    return id_.rpartition("#")[2]


class _Maker:
    """Makes shapes of a model."""

    def __init__(self, model: Model, *, docs: bool) -> None:
        self.model = model
        self.docs = docs
        services = [*model.of_type("service")]
        self.within: set[str] = set()
        self.json_names = not any(
            name in service.traits for service in services for name in _BY_MEMBER_NAME
        )
        self.errors = [
            error
            for service in services
            for error in model.targets(service.data, service.id, "errors")
        ]
        versions = [service.data.get("version") for service in services]
        self.version = next((str(one) for one in versions if one), None)
        self.paging = {
            key: value
            for service in services
            for key, value in trait.paging(service.traits).items()
        }
        names: dict[str, str] = {}
        for id_ in model.shapes:
            names.setdefault(_name(id_), id_)
        self.ids = {id_: name for name, id_ in names.items()}
        for service in services:
            self.ids |= _renamed(service)

    def id(self, shape: str) -> str:
        """A shape's id in the draft: its name, unless another namespace has it, too."""
        return self.ids.get(shape, shape)

    def operations(self) -> Iterator[Operation]:
        for one in self.model.of_type("operation"):
            errors = self.model.targets(one.data, one.id, "errors")
            yield Operation(
                name=_name(one.id),
                input=self.role(one, "input"),
                output=self.role(one, "output"),
                errors=tuple(dict.fromkeys(map(self.id, [*errors, *self.errors]))),
                doc=trait.doc(one.traits, wanted=self.docs),
                deprecated=trait.deprecated(one.traits),
                api_version=self.version,
                pagination=trait.pagination(one.traits, self.paging),
                notes=tuple(trait.unknown(one.traits)),
            )

    def role(self, operation: SmithyShape, role: str) -> str | None:
        """The structure that goes in or comes out."""
        given = operation.data.get(role) or {"target": UNIT}
        (target,) = self.model.targets({role: [given]}, operation.id, role)
        shape = self.model.shapes.get(target)
        if shape is not None and shape.type != "structure":
            raise Unusable(
                f"{self.model.name}: the {role} of {operation.id} is of type"
                f" {shape.type}; expected a structure"
            )
        return None if target == UNIT else self.id(target)

    def shapes(self) -> Iterator[tuple[str, Shape]]:
        for id_, one in self.model.shapes.items():
            no_value = one.type in _NO_VALUE
            if not no_value and not {"mixin", "trait"} & _own(one):
                yield self.id(id_), self.shape(one)

    def shape(self, one: SmithyShape) -> Shape:
        """A shape as the spec has it."""
        made = self.typed(one)
        notes = [*trait.unknown(one.traits), *_http_date(one.traits)]
        return replace(
            made,
            doc=trait.doc(one.traits, wanted=self.docs),
            deprecated=trait.deprecated(one.traits),
            sensitive=trait.has(one.traits, "sensitive"),
            remark=made.remark or _time_format(one.traits),
            notes=(*notes, *made.notes),
        )

    def typed(self, one: SmithyShape) -> Shape:
        """What depends on the type."""
        length, limits = trait.bounds(one.traits, "length"), _range(one)
        parts = {member.name: member for member in one.members}
        match one.type:
            case "string" if trait.has(one.traits, "enum"):
                return _enum_trait(trait.get(one.traits, "enum"))
            case "string":
                return _string(trait.get(one.traits, "pattern"), length)
            case "enum":
                return self.enum(one)
            case "intEnum":
                return _int_enum(one)
            case "integer" | "long" | "float" | "double":
                return Shape(type=one.type, range=limits)
            case "byte" | "short":
                return Shape(type="integer", range=limits)
            case "bigInteger" | "bigDecimal":
                wide = Shape(type=_WIDE[one.type], range=limits)
                return wide.noting("narrowed-number", f"it is a {one.type}")
            case "blob":
                streaming = trait.has(one.traits, "streaming")
                return Shape(type="blob", length=length, streaming=streaming)
            case "boolean" | "timestamp" | "document":
                return Shape(type=one.type)
            case "list" | "set":
                unique = one.type == "set" or trait.has(one.traits, "uniqueItems")
                return Shape(
                    type="list",
                    length=length,
                    member=self.part(parts["member"]),
                    unique_items=unique,
                    sparse=trait.has(one.traits, "sparse"),
                )
            case "map":
                return Shape(
                    type="map",
                    length=length,
                    key=self.part(parts["key"]),
                    value=self.part(parts["value"]),
                    sparse=trait.has(one.traits, "sparse"),
                )
            case "structure" | "union":
                members = tuple(self.member(member, one) for member in one.members)
                return Shape(type=one.type, members=members)
            case _:
                return Shape(type="document").noting("unknown-trait", f"`{one.type}`")

    def enum(self, one: SmithyShape) -> Shape:
        values: list[Value] = []
        notes: list[Note] = []
        for member in one.members:
            given = trait.get(member.traits, "enumValue")
            text = given if isinstance(given, str) else member.name
            doc = trait.doc(member.traits, wanted=self.docs)
            values.append(Value(text=text, doc=doc))
            if trait.has(member.traits, "deprecated"):
                notes.append(Note("deprecated-value", f"`{text}`"))
        return Shape(type="enum", open=True, values=tuple(values), notes=tuple(notes))

    # --- members ------------------------------------------------------------------

    def member(self, member: SmithyMember, owner: SmithyShape) -> Member:
        """A member of a structure or a union."""
        target = self.target(member)
        notes = [*trait.unknown(member.traits), *_http_date(member.traits)]
        shape = self.model.shapes.get(member.target)
        if shape and shape.type == "union" and trait.has(shape.traits, "streaming"):
            target = Shape(type="list", member=target, streaming=True)
        called = trait.get(member.traits, "jsonName")
        name = called if self.json_names and isinstance(called, str) else member.name
        remarks = [
            f"the member `{member.name}`" if name != member.name else "",
            f"wire: {called}" if called and name != called else "",
            _time_format(member.traits) or "",
        ]
        default = trait.get(member.traits, "default")
        return Member(
            name=name,
            target=target,
            required=owner.type == "structure" and trait.has(member.traits, "required"),
            default=None if default is None or owner.type == "union" else (default,),
            doc=trait.doc(member.traits, wanted=self.docs),
            deprecated=trait.deprecated(member.traits),
            sensitive=trait.has(member.traits, "sensitive"),
            remark="; ".join(filter(None, remarks)) or None,
            notes=tuple(notes),
        )

    def part(self, member: SmithyMember) -> Target:
        """A list's member, a map's key or value: their traits belong to the target."""
        found = self.target(member)
        notes = tuple(trait.unknown(member.traits))
        if notes and not isinstance(found, str):
            return replace(found, notes=(*found.notes, *notes))
        return found

    def target(self, member: SmithyMember) -> Target:
        """What a member refers to; in place where it has constraints of its own."""
        kind = PRELUDE.get(member.target)
        shape = self.model.shapes.get(member.target)
        if member.target == UNIT:
            return Shape(type="map", key=_STRING, value=Shape(type="document"))
        if shape is None and kind is None:
            return Shape(type="document").noting("remote-reference", member.target)
        if shape is None or _is_constrained_further(member, shape):
            return self.in_place(member, shape, kind)
        return self.id(member.target)

    def in_place(
        self, member: SmithyMember, shape: SmithyShape | None, kind: str | None
    ) -> Shape:
        """What a member refers to, with the constraints of its own."""
        if member.target in self.within:
            said = f"`{member.target}` is constrained within itself"
            return Shape(type="document").noting("unknown-trait", said)
        of = dict(shape.traits) if shape else {}
        own = {name: of for name, of in member.traits.items() if name != _ENUM}
        self.within.add(member.target)
        made = self.typed(
            SmithyShape(
                id=member.target,
                type=shape.type if shape else kind or "document",
                members=shape.members if shape else (),
                traits={**of, **own},
                data={},
            )
        )
        self.within.discard(member.target)
        if _ENUM in member.traits:  # only a shape of its own can have it
            return made.noting("unknown-trait", f"`{_ENUM}` of a member")
        return made


_ENUM = f"{API}enum"


def _is_constrained_further(member: SmithyMember, shape: SmithyShape) -> bool:
    """Whether a member adds constraints to a shape that can have them."""
    if shape.type in _CONSTRAINED_AS_THEY_ARE or _ENUM in shape.traits:
        return False
    return any(
        trait.has(member.traits, name) for name in ("length", "range", "pattern")
    )


_STRING = Shape(type="string")


def _renamed(service: SmithyShape) -> dict[str, str]:
    given = service.data.get("rename")
    if not isinstance(given, dict):
        return {}
    return {id_: name for id_, name in given.items() if isinstance(name, str)}


def _own(one: SmithyShape) -> set[str]:
    return {name.rpartition("#")[2] for name in one.traits}


def _string(pattern: Any, length: Bounds) -> Shape:
    plain = Shape(type="string", length=length)
    if not isinstance(pattern, str):
        return plain
    try:
        java = as_java(pattern)
    except PatternRefused as refused:
        said = f"`{pattern}`: {refused.reason}"
        return plain.noting("unsupported-pattern", said)
    remark = None if java in pattern else f"pattern there: {pattern}"
    return replace(plain, pattern=java, remark=remark)


def _range(one: SmithyShape) -> Bounds:
    """The bounds of a number: those that are stated, and those of its width."""
    stated = trait.bounds(one.traits, "range")
    narrow = _NARROW.get(one.type, Bounds())
    return Bounds(
        narrow.min if stated.min is None else stated.min,
        narrow.max if stated.max is None else stated.max,
    )


def _enum_trait(given: Any) -> Shape:
    """The trait `enum` of Smithy 1.0."""
    listed = [
        one
        for one in given or ()
        if isinstance(one, dict) and isinstance(one.get("value"), str)
    ]
    return Shape(
        type="enum",
        open=True,
        values=tuple(Value(text=one["value"]) for one in listed),
        notes=tuple(
            Note("deprecated-value", f"`{one['value']}`")
            for one in listed
            if one.get("deprecated")
        ),
    )


def _int_enum(one: SmithyShape) -> Shape:
    """Whole numbers, each with a name: the spec has no such type."""
    found = {
        member.name: trait.get(member.traits, "enumValue") for member in one.members
    }
    numbers = sorted(value for value in found.values() if isinstance(value, int))
    named = ", ".join(f"{value} {name}" for name, value in found.items())
    return Shape(type="integer").noting(
        "enum-not-text", f"{named}" if numbers else "it has no values"
    )


def _http_date(traits: Any) -> Iterator[Note]:
    if trait.get(traits, "timestampFormat") == "http-date":
        yield Note("http-date", "")


def _time_format(traits: Any) -> str | None:
    given = trait.get(traits, "timestampFormat")
    return f"wire: {given}" if isinstance(given, str) else None
