"""The ways to each structure from what is sent and received, the shortest ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from shapespec.contract import schema as ir
from shapespec.contract.places import option_step, parts
from shapespec.records import dataclass

MOST = 3
"""As many ways to a shape are kept."""


@dataclass(frozen=True, slots=True)
class Step:
    """A member on the way, and what of it is meant: `[]` items, `{}` values."""

    member: ir.Member
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a structure, and the operation or the root where it begins.

    Attributes:
        request: Whether it begins at what is sent.
        start: The option of the response that it is in, as paths spell it.
    """

    operation: ir.Operation | None
    request: bool
    steps: tuple[Step, ...] = ()
    start: str = ""

    def path(self, member: ir.Member) -> str:
        """The path of a member of the structure."""
        names = (one.member.name + one.inside for one in self.steps)
        path = ".".join((*([self.start] if self.start else []), *names, member.name))
        return f"(request).{path}" if self.request else path


def ways(schema: ir.Schema) -> Mapping[str, tuple[Way, ...]]:
    """The shortest ways to each structure and union, responses first."""
    found: dict[str, list[Way]] = {}
    within: dict[str, list[tuple[str, Step]]] = {}
    pending = deque(_starts(schema))
    while pending:
        target, way = pending.popleft()
        known = found.setdefault(target, [])
        if len(known) == MOST:
            continue
        known.append(way)
        shape = schema.shapes[target]
        if not isinstance(shape, ir.Structure | ir.Union):  # a root: others are passed
            for part in parts(shape):
                start = way.start + part.step
                pending.append(
                    (part.target, Way(way.operation, way.request, way.steps, start))
                )
            continue
        if target not in within:
            within[target] = [
                one for member in shape.members for one in _into(schema, member)
            ]
        for below, step in within[target]:
            if len(found.get(below, ())) < MOST:
                steps = (*way.steps, step)
                pending.append(
                    (below, Way(way.operation, way.request, steps, way.start))
                )
    return {name: tuple(known) for name, known in found.items()}


def _starts(schema: ir.Schema) -> Iterator[tuple[str, Way]]:
    named: set[str] = set()
    for one in schema.operations:
        if one.output is not None:
            named.add(one.output)
            yield one.output, Way(one, request=False)
    for one in schema.operations:
        if one.input is not None:
            named.add(one.input)
            yield one.input, Way(one, request=True)
        named.update(one.errors)
    for root in schema.roots:
        if root not in named:
            yield root, Way(None, request=False)


def _into(schema: ir.Schema, member: ir.Member) -> Iterator[tuple[str, Step]]:
    """The structures that a member holds, through lists, maps and choices."""
    pending, seen = deque([(member.target, "")]), set[str]()
    while pending:
        target, inside = pending.popleft()
        if target in seen:
            continue
        seen.add(target)
        match schema.shapes[target]:
            case ir.List(member=below):
                pending.append((below, f"{inside}[]"))
            case ir.Tuple():
                pending.extend(
                    (part.target, f"{inside}{part.step}")
                    for part in parts(schema.shapes[target])
                )
            case ir.Map(value=below):
                pending.append((below, f"{inside}{{}}"))
            case ir.OneOf(options=options):
                pending.extend(
                    (option.target, f"{inside}{option_step(option, number)}")
                    for number, option in enumerate(options, 1)
                )
            case ir.Structure() | ir.Union():
                yield target, Step(member, inside)
            case _:
                continue
