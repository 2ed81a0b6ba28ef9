"""The spec as written to the schema as meant. Checked before, so it cannot fail."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from shapespec.cel import CelFault, read, shapes_asked
from shapespec.contract import naming, schema as ir
from shapespec.contract.answers import answers
from shapespec.contract.formats import FORMATS
from shapespec.ground.source import Located, Span
from shapespec.ground.values import Json
from shapespec.language import surface
from shapespec.language.grammar import Entry
from shapespec.passes.claims import Claims, stated_keywords
from shapespec.patterns import translate

_T = TypeVar("_T")


def resolve(spec: surface.Spec, source: str) -> ir.Schema:
    """The schema of a spec whose names and bounds have been checked.

    Args:
        spec: The spec as written.
        source: Its path, as headers of generated files show it.
    """
    shapes = _Shapes(
        Claims().within(spec.claimed),
        _Nulls(spec),
        closed=_flag(spec.closed),
        asserted=_value(spec.formats) != "annotate",
        named=[
            entry.name.value
            for entry in spec.forms or ()
            if _value(entry.value.keys) == "named"
        ],
    )
    for entry in spec.shapes:
        shapes.declare(entry.name.value, entry.value, entry.name.span)
    package = spec.package.value
    return ir.Schema(
        source=source,
        package=package,
        title=_text(spec.title) or naming.title_words(package),
        doc=_text(spec.doc),
        operations=tuple(map(_operation, spec.operations or ())),
        roots=root_names(spec),
        shapes=MappingProxyType(shapes.found),
        forms=tuple(map(_form, spec.forms or ())),
        samples=_samples(spec.samples),
        not_carried=tuple(_left_out(spec)),
        span=spec.package.span,
    )


def _left_out(spec: surface.Spec) -> Iterator[ir.LeftOut]:
    for entry in spec.not_carried or ():
        one = entry.value
        for place in one.places:
            yield ir.LeftOut(
                rule=entry.name.value,
                effect=one.effect.value,
                means=_said(one.means),
                at=_value(place.at) or "",
                keyword=_value(place.keyword) or "",
                source=_value(place.source) or "",
                digest=_value(place.digest) or "",
                span=place.span,
            )


def asked(shape: surface.Shape) -> Iterator[str]:
    """The shapes that the rules of a structure ask for; wrong rules ask for none."""
    if isinstance(shape, surface.Structure):
        for rule in shape.rules or ():
            if "conform" in rule.value.cel.value:
                with suppress(CelFault):
                    yield from shapes_asked(read(rule.value.cel.value))


def root_names(spec: surface.Spec) -> tuple[str, ...]:
    """What is used on its own: the operations' shapes and those under `roots`.

    Where a spec names neither, the structures, unions and choices of shapes that
    nothing refers to.
    """
    found: dict[str, None] = {}
    for entry in spec.operations or ():
        operation = entry.value
        outputs = (one.value for one in operation.outputs or ())
        names = (operation.input, operation.output, *outputs, *(operation.errors or ()))
        for name in names:
            if name is not None:
                found[name.value] = None
    for root in spec.roots or ():
        found[root.value] = None
    if found:
        return tuple(found)
    used = {
        target.value
        for entry in spec.shapes
        for target in references(entry.value)
        if target.value != entry.name.value
    }
    used |= {name for entry in spec.shapes for name in asked(entry.value)}
    return tuple(
        entry.name.value
        for entry in spec.shapes
        if isinstance(entry.value, surface.Structure | surface.Union | surface.OneOf)
        and entry.name.value not in used
    )


def references(shape: surface.Shape) -> list[Located[str]]:
    """Every name a shape refers to, in the order written."""
    found: list[Located[str]] = []
    pending: list[surface.Target | surface.Shape | surface.Reference] = [shape]
    while pending:
        one = pending.pop()
        if isinstance(one, Located):
            found.append(one)
            continue
        match one:
            case surface.Structure(members=members) | surface.Union(members=members):
                pending.extend(entry.value.shape for entry in reversed(members))
            case surface.Reference(target=target):
                found.append(target)
            case surface.List():
                pending.extend(reversed(one.items))
            case surface.Map(key=key, value=value):
                pending.extend((value, key))
            case surface.OneOf(one_of=options):
                pending.extend(reversed(options))
            case _:
                pass
    return found


def _text(located: Located[str] | None) -> str | None:
    """A text with its lines joined, or none where nothing is said."""
    return None if located is None else _said(located) or None


def _said(located: Located[str]) -> str:
    """A text with its lines joined."""
    paragraphs = located.value.split("\n\n")
    joined = "\n\n".join(" ".join(part.split()) for part in paragraphs)
    return joined.strip()


def _value(located: Located[_T] | None) -> _T | None:
    return located.value if located is not None else None


def _span(located: Located[str] | None) -> Span | None:
    return located.span if located is not None else None


def _flag(located: Located[bool] | None) -> bool:
    return located is not None and located.value


def _bounds(written: surface.Length | surface.Range | None) -> ir.Bounds:
    if written is None:
        return ir.UNBOUNDED
    return ir.Bounds(
        **{end: _value(getattr(written, end, None)) for end in ir.Bounds._fields}
    )


def _deprecated(written: surface.Deprecated | None) -> ir.Deprecated | None:
    if written is None:
        return None
    return ir.Deprecated(_text(written.since), _text(written.use))


def _relaxed(written: surface.Shape, claims: Claims) -> tuple[ir.Relaxation, ...]:
    """What is relaxed by a decision, and what else is a claim."""
    decided = tuple(
        ir.Relaxation(
            entry.name.value,
            entry.value.value,
            span=entry.value.span,
            keyword_span=entry.name.span,
        )
        for entry in getattr(written, "relaxed", None) or ()
    )
    known = {one.keyword for one in decided}
    claimed = tuple(
        ir.Relaxation(keyword, None)
        for keyword in stated_keywords(written)
        if keyword not in known and claims.cover(keyword)
    )
    return decided + claimed


def _ids(written: tuple[Located[str], ...] | None) -> tuple[str, ...]:
    return tuple(one.value for one in written or ())


def _operation(entry: Entry[surface.Operation]) -> ir.Operation:
    written = entry.value
    outputs = tuple((one.name.value, one.value.value) for one in written.outputs or ())
    usual, failed = answers(outputs)
    return ir.Operation(
        name=entry.name.value,
        doc=_text(written.doc),
        input=_value(written.input),
        output=_value(written.output) or usual,
        errors=tuple(dict.fromkeys((*_ids(written.errors), *failed))),
        outputs=outputs,
        deprecated=_deprecated(written.deprecated),
        http=None if written.http is None else _http(written.http),
        api_version=_text(written.api_version),
        pagination=_pagination(written.pagination),
        span=entry.name.span,
    )


def _pagination(written: surface.Pagination | None) -> ir.Pagination | None:
    if written is None:
        return None
    return ir.Pagination(
        input_token=_ids(written.input_token),
        output_token=_ids(written.output_token),
        items=_ids(written.items),
        page_size=_text(written.page_size),
        more_results=_text(written.more_results),
    )


def _http(written: surface.Http) -> ir.Http:
    return ir.Http(
        method=written.method.value,
        path=written.path.value,
        status=None if written.status is None else int(written.status.value),
        headers=_ids(written.headers),
        cookies=_ids(written.cookies),
        query=_ids(written.query),
        body=_text(written.body),
    )


def _form(entry: Entry[surface.Form]) -> ir.Form:
    written = entry.value
    envelope = written.envelope
    return ir.Form(
        name=entry.name.value,
        doc=_text(written.doc),
        read=_ids(written.timestamps.read),
        write=written.timestamps.write.value,
        extra_members=tuple(one.name.value for one in written.extra_members or ()),
        extra_types={
            one.name.value: one.value.value
            for one in written.extra_members or ()
            if one.value is not None
        },
        table=_text(written.table),
        keys=_text(written.keys) or "as-is",
        columns=_ids(written.columns),
        vectors=written.vectors is not None and written.vectors.value,
        absent=_ids(written.absent),
        envelope=None if envelope is None else _envelope(envelope),
    )


def _envelope(written: surface.Envelope) -> ir.Envelope:
    marks = tuple(
        (entry.name.value, entry.value.value) for entry in written.marks or ()
    )
    return ir.Envelope(member=written.member.value, marks=marks)


def _samples(written: surface.Samples | None) -> ir.Samples:
    if written is None:
        return ir.Samples(words={}, values={})
    words = {entry.name.value: entry.value for entry in written.words or ()}
    values = {
        entry.name.value: ir.SampleValues(
            place=entry.name.value, values=entry.value, span=entry.name.span
        )
        for entry in written.values or ()
    }
    return ir.Samples(words=MappingProxyType(words), values=MappingProxyType(values))


class _Nulls:
    """What null is in the place of a member."""

    def __init__(self, spec: surface.Spec) -> None:
        """Note what the spec says of all members, and which shapes take null."""
        self.invalid = _value(spec.nulls) == "invalid"
        self.right = {"document"} | {
            entry.name.value for entry in spec.shapes if _takes_null(entry.value)
        }

    def of(self, written: surface.Target, *, nullable: bool | None) -> ir.Null:
        """What null is where a target is written, and `nullable` is said or is not."""
        if nullable is None and not self.invalid:
            return "absent"
        if nullable is None:
            if isinstance(written, Located):
                nullable = written.value in self.right
            else:
                nullable = _takes_null(written)
        return "value" if nullable else "invalid"


def _takes_null(written: surface.Shape) -> bool:
    """Whether null is one of the values of a shape."""
    if not isinstance(written, surface.Document):
        return False
    listed = _listed(written)
    return not listed or None in listed


def _listed(written: surface.Listed) -> tuple[Json, ...]:
    """The values that a shape lists, or the only one."""
    if written.const is not None:
        return (written.const.value,)
    return tuple(one.value for one in written.values or ())


class _Shapes:
    """Collects shapes under their ids, nameless ones among them."""

    def __init__(
        self,
        claims: Claims,
        nulls: _Nulls,
        *,
        closed: bool,
        asserted: bool,
        named: Collection[str],
    ) -> None:
        self.claims = claims
        self.nulls = nulls
        self.named = named
        self.closed = closed
        self.asserted = asserted
        self.found: dict[str, ir.Shape] = {}

    def declare(
        self,
        name: str,
        written: surface.Shape,
        span: Span,
        within: Claims | None = None,
    ) -> None:
        """Add a shape under a name, and behind it those written inside it."""
        claims = (within or self.claims).within(written.claimed)
        self.found[name] = ir.Document(id=name)  # keeps its place in the order
        self.found[name] = self.shape(name, written, span, claims)

    def target(self, place: str, written: surface.Target, claims: Claims) -> str:
        """The id of a shape that is referred to or written in place."""
        if isinstance(written, Located):
            name: str = written.value
            if name in ir.BUILT_IN:
                self.found.setdefault(name, _built_in(name))
            return name
        self.declare(place, written, written.span, claims)
        return place

    def shape(
        self, name: str, written: surface.Shape, span: Span, claims: Claims
    ) -> ir.Shape:
        common = ir.ShapeBase(
            id=name,
            python=naming.class_name(name),
            doc=_text(written.doc),
            deprecated=_deprecated(written.deprecated),
            sensitive=_flag(written.sensitive),
            examples=tuple(one.value for one in written.examples or ()),
            span=span,
        )
        traits: dict[str, Any] = {
            field: getattr(common, field) for field in ir.ShapeBase.__slots__
        }
        if isinstance(written, surface.Listed):
            listed = _listed(written)
            traits["const"] = listed[:1] if written.const is not None else None
            traits["allowed"] = listed if written.const is None else ()
        match written:
            case surface.Structure():
                return ir.Structure(
                    **traits,
                    members=self.members(name, written.members, claims),
                    closed=self.is_closed(written),
                    rules=tuple(map(_rule, written.rules or ())),
                    derived=tuple(map(_derived, written.derived or ())),
                    notes=tuple(map(_note, written.notes or ())),
                )
            case surface.Union():
                members = self.members(name, written.members, claims)
                return ir.Union(
                    **traits,
                    members=tuple(map(_variant, members)),
                    closed=self.is_closed(written),
                )
            case surface.String():
                pattern = _value(written.pattern)
                return ir.String(
                    **traits,
                    length=_bounds(written.length),
                    pattern=None
                    if pattern is None
                    else translate(pattern, written.longest),
                    format=FORMATS.get(_value(written.format) or ""),
                    asserted=self.asserted,
                    relaxed=_relaxed(written, claims),
                )
            case surface.Enum():
                return ir.Enum(
                    **traits,
                    values=tuple(map(_enum_value, written.values)),
                    open=_flag(written.open) or claims.all,
                    grouped_by=_value(written.grouped_by),
                )
            case (
                surface.Integer() | surface.Long() | surface.Float() | surface.Double()
            ):
                kind = (
                    ir.Integer
                    if isinstance(written, surface.Integer | surface.Long)
                    else ir.Float
                )
                wide = isinstance(written, surface.Long | surface.Double)
                return kind(
                    **traits,
                    bits=64 if wide else 32,
                    range=_bounds(written.range),
                    multiple_of=_value(written.multiple_of),
                    unit=_text(written.unit),
                    relaxed=_relaxed(written, claims),
                )
            case surface.Bool():
                return ir.Boolean(**traits, relaxed=_relaxed(written, claims))
            case surface.Timestamp():
                return ir.Timestamp(**traits)
            case surface.Blob():
                return ir.Blob(
                    **traits,
                    length=_bounds(written.length),
                    streaming=_flag(written.streaming),
                    relaxed=_relaxed(written, claims),
                )
            case surface.Document():
                return ir.Document(**traits, relaxed=_relaxed(written, claims))
            case surface.List() if written.prefix is not None:
                return self.prefixed(name, written, traits, claims)
            case surface.List():
                member = written.member
                assert member is not None  # noqa: S101 - or there is a prefix
                return ir.List(
                    **traits,
                    member=self.target(f"{name}$member", member, claims),
                    length=_bounds(written.length),
                    unique_items=_flag(written.unique_items),
                    sparse=_flag(written.sparse),
                    streaming=_flag(written.streaming),
                    relaxed=_relaxed(written, claims),
                )
            case surface.Map():
                return ir.Map(
                    **traits,
                    key=self.target(f"{name}$key", written.key, claims),
                    value=self.target(f"{name}$value", written.value, claims),
                    length=_bounds(written.length),
                    sparse=_flag(written.sparse),
                    relaxed=_relaxed(written, claims),
                )
            case surface.OneOf():
                return ir.OneOf(
                    **traits,
                    options=tuple(self.options(name, written, claims)),
                    discriminator=_value(written.discriminator),
                    open=_flag(written.open) or claims.all,
                )

    def prefixed(
        self, name: str, written: surface.List, traits: dict[str, Any], claims: Claims
    ) -> ir.Tuple:
        """A list with a prefix: its items are all there, unless a length says else."""
        prefix = tuple(
            self.target(f"{name}$item{number}", one, claims)
            for number, one in enumerate(written.prefix or (), 1)
        )
        rest = None
        if written.member is not None:
            rest = self.target(f"{name}$member", written.member, claims)
        limits = _bounds(written.length)
        low = len(prefix) if limits.min is None else limits.min
        high = len(prefix) if limits.max is None and rest is None else limits.max
        if limits.min is None and high is not None:
            low = min(low, high)
        return ir.Tuple(
            **traits,
            prefix=prefix,
            rest=rest,
            length=ir.Bounds(low, high),
            unique_items=_flag(written.unique_items),
            sparse=_flag(written.sparse),
            relaxed=_relaxed(written, claims),
        )

    def options(
        self, name: str, written: surface.OneOf, claims: Claims
    ) -> Iterator[ir.Option]:
        """The options as written; see `choose` for what tells them apart."""
        for number, option in enumerate(written.one_of, 1):
            target = self.target(f"{name}$option{number}", option, claims)
            tags = tuple(
                entry.name.value
                for entry in written.mapping or ()
                if entry.value.value == target
            )
            called = written.names[number - 1] if written.names else ""
            yield ir.Option(
                target=target,
                name=called,
                tags=tags,
                untagged=target == _value(written.otherwise),
                span=option.span,
            )

    def is_closed(self, written: surface.Structure | surface.Union) -> bool:
        """Whether there are no members but those of a shape."""
        own = _value(written.closed)
        return self.closed if own is None else own

    def members(
        self, name: str, entries: tuple[Entry[surface.Member], ...], claims: Claims
    ) -> tuple[ir.Member, ...]:
        return tuple(self.member(name, entry, claims) for entry in entries)

    def member(
        self, name: str, entry: Entry[surface.Member], claims: Claims
    ) -> ir.Member:
        shape = entry.value.shape
        traits = entry.value.traits
        written = shape.target if isinstance(shape, surface.Reference) else shape
        required = _flag(traits.required)
        claimed = claims.within(shape.claimed).cover("required")
        return ir.Member(
            name=entry.name.value,
            target=self.target(f"{name}${_escaped(entry.name.value)}", written, claims),
            required=required and not claimed,
            claimed=required and claimed,
            null=self.nulls.of(written, nullable=_value(traits.nullable)),
            default=None if traits.default is None else (traits.default.value,),
            doc=_text(shape.doc),
            deprecated=_deprecated(shape.deprecated),
            sensitive=_flag(shape.sensitive),
            unit=_text(getattr(shape, "unit", None)),
            examples=tuple(one.value for one in shape.examples or ()),
            python=_value(traits.python) or naming.attribute(entry.name.value),
            names=tuple(
                (one.name.value, one.value.value)
                for one in traits.names or ()
                if one.name.value in self.named and one.value.value != entry.name.value
            ),
            span=entry.name.span,
        )


def _variant(member: ir.Member) -> ir.Member:
    """A member of a union: it is given where it is not null."""
    return replace(member, null="absent") if member.null == "value" else member


def _escaped(name: str) -> str:
    """A member's name as part of an id: its `$` must not look like ours."""
    return name.replace("$", "$$")


def _built_in(name: str) -> ir.Shape:
    match name:
        case "string":
            return ir.String(id=name)
        case "integer" | "long":
            return ir.Integer(id=name, bits=32 if name == "integer" else 64)
        case "float" | "double":
            return ir.Float(id=name, bits=32 if name == "float" else 64)
        case "boolean":
            return ir.Boolean(id=name)
        case "timestamp":
            return ir.Timestamp(id=name)
        case "blob":
            return ir.Blob(id=name)
        case _:
            return ir.Document(id=name)


def _enum_value(entry: Entry[surface.EnumValue]) -> ir.EnumValue:
    written = entry.value
    return ir.EnumValue(
        value=entry.name.value,
        doc=_text(written.doc),
        retired=_flag(written.retired),
        under=_value(written.under),
        python=_value(written.python) or naming.constant(entry.name.value),
        span=entry.name.span,
    )


def _rule(entry: Entry[surface.Rule]) -> ir.Rule:
    written = entry.value
    return ir.Rule(
        id=entry.name.value,
        python=naming.rule_function(entry.name.value),
        cel=written.cel.value,
        message=_said(written.message),
        severity=_value(written.severity) or "error",
        at=_value(written.at),
        each=_value(written.each),
        sources=_ids(written.source),
        span=entry.name.span,
        cel_span=written.cel.span,
        at_span=_span(written.at),
        each_span=_span(written.each),
    )


def _derived(entry: Entry[surface.Derived]) -> ir.Derived:
    written = entry.value
    return ir.Derived(
        name=entry.name.value,
        cel=written.cel.value,
        type=written.type.value,
        doc=_text(written.doc),
        unit=_text(written.unit),
        python=_value(written.python) or naming.attribute(entry.name.value),
        sources=_ids(written.source),
        span=entry.name.span,
        cel_span=written.cel.span,
    )


def _note(entry: Entry[surface.Note]) -> ir.Note:
    written = entry.value
    return ir.Note(
        id=entry.name.value,
        doc=_said(written.doc),
        at=_value(written.at),
        sources=_ids(written.source),
        span=entry.name.span,
        at_span=_span(written.at),
    )
