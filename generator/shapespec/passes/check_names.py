"""Checks that every name means something, and the right kind of thing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shapespec.contract import schema as ir
from shapespec.contract.findings import FINDINGS
from shapespec.contract.schema import BUILT_IN
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic, Found
from shapespec.ground.source import Located, Span
from shapespec.language import surface
from shapespec.passes.check_traits import with_nameless
from shapespec.passes.resolve import asked, references, root_names


def check_names(spec: surface.Spec) -> Iterator[Diagnostic]:
    """Faults in what names refer to."""
    shapes = {entry.name.value: entry.value for entry in spec.shapes}
    known = [*shapes, *BUILT_IN]
    found = Found()
    for entry in spec.shapes:
        if entry.name.value in BUILT_IN:
            found.append(catalogue.reserved_name(entry.name))
        found.extend(
            catalogue.unknown_shape(target, known)
            for target in references(entry.value)
            if target.value not in shapes and target.value not in BUILT_IN
        )
        found.extend(_map_keys(entry.value, shapes))
        if isinstance(entry.value, surface.Enum):
            found.extend(_groups(entry.value, shapes))
        for shape in with_nameless(entry.value):
            if isinstance(shape, surface.OneOf):
                found.extend(_mapping(shape))
    found.extend(_operations(spec, shapes))
    found.extend(_rules(spec))
    yield from found
    if not found:  # a wrong name may be what should have led there
        yield from _unreachable(spec, shapes)


def _mapping(choice: surface.OneOf) -> Iterator[Diagnostic]:
    """Tags that mean a shape which is not an option, or that nothing asks for."""
    if choice.mapping and choice.discriminator is None:
        where = "a `one_of` with a `mapping`"
        yield catalogue.missing_key("discriminator", where, choice.span)
    if choice.otherwise and choice.discriminator is None:
        where = "a `one_of` with `otherwise`"
        yield catalogue.missing_key("discriminator", where, choice.span)
    options = [one.value for one in choice.one_of if isinstance(one, Located)]
    if choice.otherwise and choice.otherwise.value not in options:
        yield catalogue.unknown_option(choice.otherwise, options)
    for entry in choice.mapping or ():
        if entry.value.value not in options:
            yield catalogue.unknown_option(entry.value, options)


def _groups(
    enum: surface.Enum, shapes: dict[str, surface.Shape]
) -> Iterator[Diagnostic]:
    by = enum.grouped_by
    if by is None:
        return
    groups = shapes.get(by.value)
    if by.value in BUILT_IN:
        yield catalogue.not_an_enum(by, "a built-in type")
    elif groups is None:
        yield catalogue.unknown_shape(by, shapes)
    elif not isinstance(groups, surface.Enum):
        yield catalogue.not_an_enum(by, kind(groups))


def _rules(spec: surface.Spec) -> Iterator[Diagnostic]:
    first: dict[str, Span] = {}
    for entry in spec.shapes:
        if not isinstance(entry.value, surface.Structure):
            continue
        for rule in entry.value.rules or ():
            name = rule.name
            if name.value in FINDINGS:
                yield catalogue.duplicate_rule(name, None)
            elif name.value in first:
                yield catalogue.duplicate_rule(name, first[name.value])
            first.setdefault(name.value, name.span)


def _operations(
    spec: surface.Spec, shapes: dict[str, surface.Shape]
) -> Iterator[Diagnostic]:
    named: list[tuple[Located[str], str]] = []
    for entry in spec.operations or ():
        operation = entry.value
        named += [
            (name, role)
            for name, role in (
                (operation.input, "the input of an operation"),
                (operation.output, "the output of an operation"),
            )
            if name is not None
        ]
        named += [
            (one.value, "the output of an operation") for one in operation.outputs or ()
        ]
        named += [(error, "an error") for error in operation.errors or ()]
        yield from _http(operation, shapes)
        yield from _pages(operation, shapes)
    named += [(root, "a root") for root in spec.roots or ()]
    for name, role in named:
        shape = shapes.get(name.value)
        if shape is None and name.value in BUILT_IN:
            yield catalogue.not_a_structure(name, "a built-in type", role)
        elif shape is None:
            yield catalogue.unknown_shape(name, shapes)
        elif role == "the input of an operation" and not isinstance(
            shape, surface.Structure
        ):
            yield catalogue.not_a_structure(name, kind(shape), role)


def _http(
    operation: surface.Operation, shapes: dict[str, surface.Shape]
) -> Iterator[Diagnostic]:
    """Whatever HTTP says of the members of an input that it lacks."""
    http = operation.http
    if http is None:
        return
    given = None if operation.input is None else shapes.get(operation.input.value)
    if operation.input is not None and not isinstance(given, surface.Structure):
        return  # that is said already
    members = given.members if isinstance(given, surface.Structure) else ()
    known = [entry.name.value for entry in members]
    path = http.path
    named = [
        Located(one, path.span) for one in re.findall(r"\{([^{}/]+)\}", path.value)
    ]
    for listed in (http.headers, http.cookies, http.query):
        named += listed or ()
    if http.body is not None:
        named.append(http.body)
    for name in named:
        if name.value not in known:
            yield catalogue.not_an_input(name, known)


_PLAIN = re.compile(r"\w+")


def _pages(
    operation: surface.Operation, shapes: dict[str, surface.Shape]
) -> Iterator[Diagnostic]:
    """What is said to turn pages, and is no member; expressions are not looked into."""
    pages = operation.pagination
    if pages is None:
        return
    sent = (*(pages.input_token or ()), pages.page_size)
    back = (*(pages.output_token or ()), *(pages.items or ()), pages.more_results)
    for role, names, fault in (
        (operation.input, sent, catalogue.not_an_input),
        (operation.output, back, catalogue.not_an_output),
    ):
        shape = None if role is None else shapes.get(role.value)
        if not isinstance(shape, surface.Structure):
            continue
        known = [entry.name.value for entry in shape.members]
        for name in names:
            if (
                name is not None
                and _PLAIN.fullmatch(name.value)
                and name.value not in known
            ):
                yield fault(name, known)


def kind(shape: object) -> str:
    """A shape's type in words."""
    if isinstance(shape, surface.OneOf | ir.OneOf):
        return "a `one_of`"
    word = type(shape).__name__.lower().replace("bool", "boolean")
    return f"an {word}" if word in ("enum", "integer") else f"a {word}"


def _map_keys(
    shape: surface.Shape, shapes: dict[str, surface.Shape]
) -> Iterator[Diagnostic]:
    pending: list[object] = [shape]
    while pending:
        match pending.pop():
            case surface.Structure(members=members) | surface.Union(members=members):
                pending.extend(entry.value.shape for entry in members)
            case surface.List(items=items):
                pending.extend(items)
            case surface.OneOf(one_of=options):
                pending.extend(options)
            case surface.Map(key=key, value=value):
                pending.append(value)
                found: object = key
                if isinstance(key, Located):
                    found = surface.String(span=key.span)
                    if key.value != "string":
                        found = shapes.get(key.value, key.value)
                if isinstance(found, str) and found in BUILT_IN:
                    yield catalogue.non_string_map_key(key.span, f"`{found}`")
                elif not isinstance(found, surface.String | surface.Enum | str):
                    yield catalogue.non_string_map_key(key.span, kind(found))


def _unreachable(
    spec: surface.Spec, shapes: dict[str, surface.Shape]
) -> Iterator[Diagnostic]:
    roots = root_names(spec)
    reached: set[str] = set()
    pending = [name for name in roots if name in shapes]
    while pending:
        name = pending.pop()
        if name in reached:
            continue
        reached.add(name)
        pending += [
            target.value
            for target in references(shapes[name])
            if target.value in shapes
        ]
        shape = shapes[name]
        pending += [one for one in asked(shape) if one in shapes]
        if isinstance(shape, surface.Enum) and shape.grouped_by is not None:
            pending.append(shape.grouped_by.value)
    for entry in spec.shapes:
        if entry.name.value not in reached:
            yield catalogue.unreachable_shape(entry.name)
