"""Makes responses from a spec alone: right ones, and ones that break one constraint.

Every response is judged by the generated validator before it is handed out. One that
is not what it was made to be is made anew, and never shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any, Self

from shapespec.backends.python_package import main_root
from shapespec.compiler import compile_spec, generate
from shapespec.contract import schema as ir
from shapespec.contract.choices import pick
from shapespec.contract.places import require_places
from shapespec.diagnostics.suggest import nearest
from shapespec.ground.errors import Unusable
from shapespec.project.files import read_source
from shapespec.responses.contract import load_modules
from shapespec.responses.finding import AnyFinding
from shapespec.tools.samples.draw import Amount, Draw, NoSample
from shapespec.tools.samples.rules import Rules
from shapespec.tools.samples.settle import Aim, Settler, Wish
from shapespec.tools.samples.shown import Sample, Shower
from shapespec.tools.samples.sites import PlacedConstraint, constraints

_TRIES = 12


_ANYTHING = Wish()


class Sampler:
    """Makes responses of one contract.

    Attributes:
        schema: The contract.
        package: Its generated package.
    """

    def __init__(self, schema: ir.Schema, package: Any = None) -> None:
        """Make responses of a schema.

        Args:
            schema: The schema.
            package: Its generated package; made in memory where it is left out.
        """
        self.schema = schema
        self.package = package or load_modules(
            schema.package, generate(schema, ("dataclasses",), layout=False)
        )
        self._listed: set[str] = set()

    @classmethod
    def of(cls, spec: Path) -> Self:
        """What makes responses of the contract that a file holds.

        Raises:
            Unusable: The spec cannot be read.
            Faults: The spec is wrong.
        """
        return cls(compile_spec(read_source(spec)))

    def root(self, named: str | None = None) -> str:
        """The shape that responses have: the one named, or the main one.

        Raises:
            Unusable: There is no such shape, or one has to be named.
        """
        known = [shape.id for shape in self.schema.named_shapes()]
        if named is None:
            found = main_root(self.schema)
            if found is None:
                names = ", ".join(self.schema.roots)
                raise Unusable(f"the contract has several roots; name one: {names}")
            return found
        if named not in known:
            near = nearest(named, known)
            hint = f"; did you mean {near}?" if near else ""
            raise Unusable(f"no shape is called {named}{hint}")
        return named

    @cached_property
    def rules(self) -> Rules:
        """The rules of the contract."""
        has_rules = any(
            isinstance(shape, ir.Structure) and shape.rules
            for shape in self.schema.shapes.values()
        )
        name = f"{self.package.__name__}._rules"
        return Rules(self.schema, import_module(name) if has_rules else None)

    def _list(self, root: str) -> None:
        """Refuse a root with too many places, which are counted once."""
        if root not in self._listed:
            require_places(self.schema, root)
            self._listed.add(root)

    @cached_property
    def _forms(self) -> Any:
        return import_module(f"{self.package.__name__}._forms")

    # --- right ones -----------------------------------------------------------------

    def valid(
        self,
        root: str,
        *,
        seed: int = 0,
        size: str = Amount.TYPICAL,
        wild: bool = False,
        count: int | None = None,
    ) -> Iterator[Any]:
        """Responses without any finding, one at a time.

        The n-th one depends on the seed and on n alone.

        Args:
            root: The shape that they have.
            seed: Random seed.
            size: How much of what may be absent is there.
            wild: Whether all that is right may come, in place of what is usual.
            count: How many; without end where it is left out.

        Raises:
            NoSample: None was found.
        """
        made = 0
        while count is None or made < count:
            wish = Wish(size=Amount(size), wild=wild)
            yield self.one(root, f"{seed}/{made}", wish)
            made += 1

    def one(self, root: str, seed: str, wish: Wish = _ANYTHING) -> Any:
        """A response without any finding that is as wished.

        Raises:
            NoSample: None was found.
            Faults: The root has too many places.
        """
        self._list(root)
        found: list[AnyFinding] = []
        for attempt in range(_TRIES):
            draw = self.draw(f"{seed}/{attempt}", wish.size, wild=wish.wild)
            response = draw.value(root, wish.wanted)
            aim = Aim(goal=wish.goal, wanted=wish.wanted)
            if self.settle(response, root, draw, aim):
                found = self.findings(response, root)
                if not found:
                    return self.ordered(response, root)
        reason = f": {found[0].message}" if found else ""
        message = f"no {root} was found that keeps every rule{reason}"
        raise NoSample(message)

    def draw(
        self, seed: str, size: Amount = Amount.MINIMAL, *, wild: bool = False
    ) -> Draw:
        """What draws values, from a seed."""
        return Draw(self.schema, Random(seed), size, wild=wild)

    def findings(self, response: Any, root: str) -> list[AnyFinding]:
        """Everything that the generated validator says of a response."""
        found: list[AnyFinding] = self.package.validate(response, shape=root)
        return found

    def settle(
        self,
        response: Any,
        root: str,
        draw: Draw,
        aim: Aim,
    ) -> bool:
        """Change a response in place until it is as it should be; whether it is."""
        settler = Settler(self.rules, draw, self._forms.read_moment)
        return settler.settle(response, root, aim)

    def ordered(self, value: Any, target: str) -> Any:
        """The same value, members in the order of the spec."""
        shape = self.schema.shapes[target]
        match shape:
            case ir.Structure(members=members) | ir.Union(members=members):
                if not isinstance(value, dict):
                    return value
                known = {one.name: one.target for one in members}
                found = {
                    name: self.ordered(value[name], known[name])
                    for name in known
                    if name in value
                }
                return found | {k: v for k, v in value.items() if k not in known}
            case ir.List(member=inner) if isinstance(value, list):
                return [self.ordered(item, inner) for item in value]
            case ir.Tuple() if isinstance(value, list):
                pairs = [(shape.at(index), one) for index, one in enumerate(value)]
                return [
                    one if to is None else self.ordered(one, to) for to, one in pairs
                ]
            case ir.Map(value=inner) if isinstance(value, dict):
                return {key: self.ordered(item, inner) for key, item in value.items()}
            case ir.OneOf():
                option = pick(self.schema, shape, value)
                return value if option is None else self.ordered(value, option.target)
            case _:
                return value

    # --- one constraint at a time -----------------------------------------------------

    def constraints(self, root: str) -> Iterator[PlacedConstraint]:
        """Everything that the spec demands of a response.

        Raises:
            Faults: The root has too many places.
        """
        self._list(root)
        return constraints(self.schema, root)

    def invalid(self, root: str, *, seed: int = 0) -> Iterator[Sample]:
        """A response for each constraint that breaks it, in the order of the spec."""
        for constraint in self.constraints(root):
            sample = self.refused(root, constraint, seed=seed)
            if sample is not None:
                yield sample

    def boundary(self, root: str, *, seed: int = 0) -> Iterator[Sample]:
        """A response for each bound that meets it exactly, in the order of the spec."""
        for constraint in self.constraints(root):
            if constraint.is_bound:
                sample = self.accepted(root, constraint, seed=seed)
                if sample is not None:
                    yield sample

    def accepted(
        self, root: str, constraint: PlacedConstraint, *, seed: int = 0
    ) -> Sample | None:
        """A response that keeps a constraint, at the bound where it is one.

        None where there is no such response, and for documentation.
        """
        return Shower(self, root, constraint, seed).accepted()

    def refused(
        self, root: str, constraint: PlacedConstraint, *, seed: int = 0
    ) -> Sample | None:
        """A response that breaks a constraint, and as little else as can be.

        None where there is no such response.
        """
        return Shower(self, root, constraint, seed).refused()
