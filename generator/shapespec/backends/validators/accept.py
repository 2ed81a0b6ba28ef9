"""From the schema to the fast path: which values are surely right.

The fast path may refuse what is right, and then the full validator decides; it must
never accept what is wrong. So it tests exact types, and leaves rare cases, such as a
float that is a whole number, to the full validator.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from shapespec import schema as ir
from shapespec.backends.environment import literal
from shapespec.backends.validators import view
from shapespec.backends.validators.lower import Lowering, pattern_literal, title_of
from shapespec.timestamps import EPOCH_END, EPOCH_FIRST, text_pattern

_LARGEST = "1.7976931348623157e308"


class AcceptLowering(Lowering):
    """Turns each structure of a schema into a function that accepts it."""

    def structures(self) -> tuple[view.AcceptStructure, ...]:
        """A function for every structure that a root leads to."""
        return tuple(
            view.AcceptStructure(
                function=self.names.function("accept", shape.id),
                title=title_of(shape),
                members=tuple(self.members(shape)),
            )
            for shape in self.schema.shapes.values()
            if isinstance(shape, ir.Structure)
        )

    def members(self, shape: ir.Structure) -> Iterator[view.AcceptMember]:
        """The members about which there is something to test."""
        for member in shape.members:
            test = self.accept(member.target, "v")
            if member.required and not test.fails:
                test = view.Accept(fails="v is None")
            if test.fails:
                yield view.AcceptMember(
                    key=literal(member.name), required=member.required, test=test
                )

    def accept_roots(self) -> tuple[view.Root, ...]:
        """The structures that can be asked for by name."""
        return tuple(
            view.Root(
                key=literal(shape.id), function=self.names.function("accept", shape.id)
            )
            for shape in self.schema.shapes.values()
            if isinstance(shape, ir.Structure)
        )

    def accept_patterns(self) -> tuple[view.PatternConstant, ...]:
        """The constants that the functions use."""
        found = [
            pattern
            for pattern, shape in zip(self.patterns(), self._patterned(), strict=True)
            if not _relaxes(shape, "pattern")
        ]
        moment = text_pattern(ir.encodings(self.schema))
        if moment is not None and self.has_moments():
            found.append(
                view.PatternConstant(name="MOMENT", literal=pattern_literal(moment))
            )
        return tuple(found)

    def has_moments(self) -> bool:
        """Whether any shape is a timestamp."""
        return any(isinstance(one, ir.Timestamp) for one in self.schema.shapes.values())

    def _patterned(self) -> list[ir.String]:
        return [
            shape
            for shape in self.schema.shapes.values()
            if isinstance(shape, ir.String) and shape.pattern is not None
        ]

    def accept(self, target: str, v: str) -> view.Accept:
        """What a value in the variable `v` must pass."""
        shape = self.schema.shapes[target]
        match shape:
            case ir.String():
                tests = [f"type({v}) is not str", *_sizes(shape, "Length", f"len({v})")]
                if shape.pattern is not None and not _relaxes(shape, "pattern"):
                    constant = f"{self.names.constant(shape.id)}_PATTERN"
                    tests.append(f"{constant}({v}) is None")
                return _any(tests)
            case ir.Enum():
                if shape.open:
                    return _any([f"type({v}) is not str"])
                values = ", ".join(literal(one.value) for one in shape.values)
                return _any([f"type({v}) is not str", f"{v} not in {{{values}}}"])
            case ir.Integer():
                return _any([f"type({v}) is not int", *_range(shape, v)])
            case ir.Float():
                finite = f"not -{_LARGEST} <= {v} <= {_LARGEST}"
                number = f"type({v}) is not float and type({v}) is not int"
                return _any([number, finite, *_range(shape, v)])
            case ir.Boolean():
                return _any([f"type({v}) is not bool"])
            case ir.Timestamp():
                return self.moment(v)
            case ir.Blob():
                return _any(
                    [f"type({v}) is not bytes", *_sizes(shape, "Length", f"len({v})")]
                )
            case ir.Document():
                return view.Accept(fails="")
            case ir.List():
                return self.list(shape, v)
            case ir.Map():
                return self.map(shape, v)
            case ir.Structure():
                return view.Accept(
                    fails=f"not {self.names.function('accept', target)}({v})"
                )
            case ir.Union():
                return view.Accept(fails="True")
            case _:
                assert_never(shape)

    def moment(self, v: str) -> view.Accept:
        encodings = ir.encodings(self.schema)
        right = []
        if "epoch-seconds" in encodings:
            right += [
                f"type({v}) is {kind} and {EPOCH_FIRST} <= {v} < {EPOCH_END}"
                for kind in ("float", "int")
            ]
        if "datetime" in encodings:
            right.append(f"type({v}) is datetime")
        if text_pattern(encodings) is not None:
            right.append(f"type({v}) is str and MOMENT({v}) is not None")
        return view.Accept(fails=f"not ({' or '.join(f'({one})' for one in right)})")

    def list(self, shape: ir.List, v: str) -> view.Accept:
        tests = [f"type({v}) is not list", *_sizes(shape, "Items", f"len({v})")]
        if shape.unique_items and not _relaxes(shape, "uniqueItems"):
            tests.append("True")
        item = f"{v}i"
        return view.Accept(
            fails=" or ".join(tests),
            each=_each(item, v, [self.part(shape.member, item, sparse=shape.sparse)]),
        )

    def map(self, shape: ir.Map, v: str) -> view.Accept:
        tests = [f"type({v}) is not dict", *_sizes(shape, "Properties", f"len({v})")]
        key, item = f"{v}k", f"{v}v"
        return view.Accept(
            fails=" or ".join(tests),
            each=_each(
                f"{key}, {item}",
                f"{v}.items()",
                [
                    self.accept(shape.key, key),
                    self.part(shape.value, item, sparse=shape.sparse),
                ],
            ),
        )

    def part(self, target: str, v: str, *, sparse: bool) -> view.Accept:
        test = self.accept(target, v)
        if sparse:
            return view.Accept(fails=f"{v} is not None")
        return test


def _each(names: str, iterable: str, tests: list[view.Accept]) -> view.Each | None:
    """A loop, unless there is nothing to test in it."""
    kept = tuple(test for test in tests if test.fails)
    return view.Each(names=names, iterable=iterable, tests=kept) if kept else None


def _any(tests: list[str]) -> view.Accept:
    return view.Accept(fails=" or ".join(tests))


def _relaxes(
    shape: ir.String | ir.Integer | ir.Float | ir.List | ir.Map, keyword: str
) -> bool:
    return any(relaxation.keyword == keyword for relaxation in shape.relaxed)


def _sizes(
    shape: ir.String | ir.Blob | ir.List | ir.Map, noun: str, size: str
) -> list[str]:
    relaxed = () if isinstance(shape, ir.Blob) else shape.relaxed
    words = {relaxation.keyword for relaxation in relaxed}
    low = None if f"min{noun}" in words else shape.length.min or None
    high = None if f"max{noun}" in words else shape.length.max
    return _outside(low, high, size)


def _range(shape: ir.Integer | ir.Float, v: str) -> list[str]:
    low = None if _relaxes(shape, "minimum") else shape.range.min
    high = None if _relaxes(shape, "maximum") else shape.range.max
    return _outside(low, high, v)


def _outside(low: float | None, high: float | None, what: str) -> list[str]:
    """The condition of being outside of bounds, as at most one expression."""
    if low is not None and high is not None:
        return [f"not {low!r} <= {what} <= {high!r}"]
    if low is not None:
        return [f"{what} < {low!r}"]
    if high is not None:
        return [f"{what} > {high!r}"]
    return []
