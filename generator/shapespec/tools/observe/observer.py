"""Observes responses one by one, and says in the end what they had in common."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shapespec.contract import constraints, schema as ir
from shapespec.diagnostics.suggest import meant
from shapespec.ground.errors import Unusable
from shapespec.ground.pointer import steps
from shapespec.responses.contract import Contract, speller
from shapespec.responses.finding import AnyFinding
from shapespec.responses.hints import forms_of
from shapespec.tools.observe.keywords import broken_keyword
from shapespec.tools.observe.model import BrokenConstraint, Observation
from shapespec.tools.observe.only_seen import only_seen
from shapespec.tools.observe.sites import ObservedPlace, sites, walk
from shapespec.tools.observe.watch import EnumCounts, StructureCounts, Watches
from shapespec.tools.observe.words import LIMIT, NONE, OTHER, WordCounts, value_word

_COUNTED_BY_WATCHES = frozenset(
    ("required", "unknown-member", "unknown-value", "retired-value", "enum")
)


class Counts(NamedTuple):
    """What was observed of some responses.

    Attributes:
        responses: How many they are.
        digests: The SHA-256 of the text of each.
        statuses: How many were in each status, in the order they came.
        structures: What the watches of structures counted, by their numbers.
        enums: What the watches of enums counted.
        broken: Findings and responses, by place, shape, rule, keyword and severity.
    """

    responses: int
    digests: bytes
    statuses: dict[str, int]
    structures: dict[int, StructureCounts]
    enums: dict[int, EnumCounts]
    broken: dict[tuple[str, str, str, str, str], list[int]]


class Observer:
    """Counts what responses hold; keeps nothing else of them.

    Attributes:
        limit: How many different words are kept for a place.
        digests: How many digests of texts are kept before they are hashed.
    """

    limit = LIMIT
    digests = 64

    def __init__(
        self,
        schema: ir.Schema,
        contract: Contract,
        *,
        shape: str | None = None,
        form: str | None = None,
        status: str | None = None,
    ) -> None:
        """Observe responses of a contract.

        Args:
            schema: The contract.
            contract: Its validators.
            shape: The shape of the responses; that of the operation where left out.
            form: The system that wrote them.
            status: The member by whose value presence is counted; where left out, the
                first required enum of the response whose name ends in `Status`.

        Raises:
            Unusable: There is no such shape, form or member, or the shape has to be
                named.
        """
        self._form = form
        self._options: dict[str, object] = {"form": form}
        if shape is not None:
            self._options["shape"] = shape
        self._contract = contract
        self._schema = schema
        self._try_out()
        root = shape or response_shape(schema)
        self._respell = speller(contract, root, form)
        self._root = sites(schema, root)
        self._status = _StatusReader(self._root, status, self.limit)
        self._watches = Watches(schema, self._root, only_seen(schema), self.limit)
        self._extra = _extra_members(schema, form) - self._root.members.keys()
        self._advises = _has_advice(schema)
        self._broken: dict[tuple[str, str, str, str, str], list[int]] = {}
        self._hash = hashlib.sha256()
        self._digests: list[bytes] = []
        self._responses = 0

    def _try_out(self) -> None:
        try:
            self._contract.validate(None, **self._options)
        except TypeError:
            message = "the contract has several operations; name a shape with --shape"
            raise Unusable(message) from None
        except ValueError as error:
            near = meant(self._form, forms_of(self._contract))
            raise Unusable(f"{error}{near}") from None

    def observe(self, response: object, text: str) -> None:
        """Count a response, and the text that it was read from.

        The response is used up: members that the spec lacks may be gone from it.
        """
        self._note(text.encode("utf-8", "surrogatepass"))
        options = self._options
        respelt = None if self._respell is None else self._respell(response)
        if respelt is not None:
            response, options = respelt, {**options, "form": None}
        if type(response) is dict:
            for name in self._extra:
                response.pop(name, None)
        self._watches.look(response, self._status.read(response))
        if self._is_plain(response):
            return
        # They are counted, and to the validator each is a search for a like name.
        for structure, names in self._watches.notes.unknown:
            for name, _ in names:
                del structure[name]
        self._count_broken(response, options)

    def observe_clean(self, response: object, line: bytes) -> bool:
        """Count a response of which there is nothing to say.

        Args:
            response: The response, as JSON has it; it is used up.
            line: The text that it was read from.

        Returns:
            Whether it was counted. If not, it is for `observe`.
        """
        count = self._watches.count
        if count is None or type(response) is not dict or b"null" in line:
            return False
        if self._respell is not None and self._respell(response) is not None:
            return False
        for name in self._extra:
            response.pop(name, None)
        if self._contract.validate(response, **self._options):
            return False
        self._note(line)
        count(response, self._status.read(response))
        return True

    def _note(self, text: bytes) -> None:
        """Note that there is another response, read from a text."""
        self._responses += 1
        self._digests.append(hashlib.sha256(text).digest())
        if len(self._digests) >= self.digests:
            self._settle()

    def _is_plain(self, response: object) -> bool:
        """Whether the full validator has nothing to say that is not counted yet."""
        if self._form is not None or self._advises or self._watches.notes.relaxed:
            return False  # a verdict costs as much, or does not show it
        return self._contract.is_valid(response, **self._options)

    def _count_broken(self, response: object, options: Mapping[str, object]) -> None:
        seen = set()
        for finding in self._contract.validate(response, **options):
            if finding.rule in _COUNTED_BY_WATCHES:
                continue
            site, value = _stand(self._root, response, finding)
            keyword = broken_keyword(site.shape, value, finding.rule)
            key = (site.path, site.shape.id, finding.rule, keyword, finding.severity)
            counts = self._broken.setdefault(key, [0, 0])
            counts[0] += 1
            if key not in seen:
                counts[1] += 1
                seen.add(key)

    def _settle(self) -> None:
        self._hash.update(b"".join(self._digests))
        self._digests.clear()

    def taken(self) -> Counts:
        """What was observed, which begins anew: for another observer to add.

        Of one whose words are not limited, so that the other one can limit them.
        """
        watches = self._watches
        counts = Counts(
            self._responses,
            b"".join(self._digests),
            self._status.words.taken(),
            {
                number: counted
                for number, watch in enumerate(watches.structures)
                if (counted := watch.taken()) is not None
            },
            {
                number: values
                for number, enum in enumerate(watches.enums)
                if (values := enum.taken()) is not None
            },
            self._broken,
        )
        self._responses, self._broken = 0, {}
        self._digests.clear()
        return counts

    def add(self, counts: Counts) -> bool:
        """Add what another one has observed, unless there are too many words.

        Returns:
            Whether it was added. If not, observe the responses themselves: which words
            are kept depends on the order in which they come.
        """
        watches = self._watches
        structures = [
            (watches.structures[at], one) for at, one in counts.structures.items()
        ]
        enums = [(watches.enums[at], one) for at, one in counts.enums.items()]
        if not (
            self._status.words.fits(counts.statuses)
            and all(watch.fits(one) for watch, one in structures)
            and all(enum.fits(one) for enum, one in enums)
        ):
            return False
        self._responses += counts.responses
        self._settle()
        self._hash.update(counts.digests)
        self._status.words.fold(counts.statuses)
        for watch, one in structures:
            watch.fold(one)
        for enum, values in enums:
            enum.fold(values)
        for key, (findings, responses) in counts.broken.items():
            known = self._broken.setdefault(key, [0, 0])
            known[0] += findings
            known[1] += responses
        return True

    def result(self, unreadable: int = 0) -> Observation:
        """What was observed; `unreadable` is how many responses could not be read."""
        self._settle()
        statuses = self._status.counts()
        watches = self._watches
        return Observation(
            responses=self._responses,
            unreadable=unreadable,
            statuses=statuses,
            digest=self._hash.hexdigest(),
            presence=tuple(
                one for watch in watches.structures for one in watch.presence(statuses)
            ),
            members=tuple(
                one for watch in watches.structures for one in watch.new_members()
            ),
            values=tuple(one for watch in watches.enums for one in watch.values()),
            broken=tuple(self._all_broken()),
        )

    def _all_broken(self) -> Iterator[BrokenConstraint]:
        order = {site.path: number for number, site in enumerate(walk(self._root))}
        keys = sorted(self._broken, key=lambda key: (order[key[0]], key))
        for key in keys:
            path, shape, rule, keyword, severity = key
            findings, responses = self._broken[key]
            yield BrokenConstraint(
                path=path,
                shape=shape,
                rule=rule,
                keyword=keyword,
                severity=severity,
                findings=findings,
                responses=responses,
                claim=any(
                    one.claimed and keyword == one.fact
                    for one in constraints.of(self._schema.shapes[shape])
                ),
            )


class UnlimitedObserver(Observer):
    """Keeps all words, for another observer to choose from; for a few responses."""

    limit = sys.maxsize
    digests = sys.maxsize


class _StatusReader:
    """Tells the status of a response, and counts the responses in each."""

    def __init__(self, root: ObservedPlace, named: str | None, limit: int) -> None:
        member = named or _status_member(root)
        site = root.members.get(member) if member is not None else None
        if named is not None and (site is None or not isinstance(site.shape, ir.Enum)):
            raise Unusable(f"the response has no enum member {named!r} to count by")
        self._member = member
        self._known: tuple[str, ...] = ()
        self._discreet = site is not None and site.sensitive
        if site is not None and isinstance(site.shape, ir.Enum):
            self._known = tuple(one.value for one in site.shape.values)
        self.words = WordCounts(limit)

    def read(self, response: object) -> str:
        """The word for the status of a response."""
        value = response.get(self._member) if type(response) is dict else None
        if value is None or type(value) is not str:
            return self.words.add(NONE)
        if value not in self._known:
            value = OTHER if self._discreet else value_word(value)
        return self.words.add(value)

    def counts(self) -> Mapping[str, int]:
        """How many responses were in each status; nothing where there is no status."""
        return self.words.counts(self._known) if self._member is not None else {}


def response_shape(schema: ir.Schema) -> str:
    """The shape of a response: what the first operation gives, or the first root."""
    for operation in schema.operations:
        if operation.output is not None:
            return operation.output
    return schema.roots[0]


def _status_member(root: ObservedPlace) -> str | None:
    if isinstance(root.shape, ir.Structure):
        for member in root.shape.members:
            is_enum = isinstance(root.members[member.name].shape, ir.Enum)
            if is_enum and member.required and member.name.endswith("Status"):
                return member.name
    return None


def _extra_members(schema: ir.Schema, named: str | None) -> frozenset[str]:
    """The members that a form adds beside those of the response."""
    if named is None:
        return schema.extra_members
    return frozenset(
        name
        for form in schema.forms
        if form.name == named
        for name in form.extra_members
    )


def _has_advice(schema: ir.Schema) -> bool:
    return any(
        rule.severity == "advice"
        for shape in schema.shapes.values()
        if isinstance(shape, ir.Structure)
        for rule in shape.rules
    )


def _stand(
    root: ObservedPlace, response: object, finding: AnyFinding
) -> tuple[ObservedPlace, object]:
    """The place that a finding is about, and the value that stands there."""
    site, value = root, response
    names = steps(finding.pointer)
    for number, name in enumerate(names, start=1):
        below = site.members.get(name, site.within)
        if below is None:
            break
        if site.key is not None and number == len(names):
            here = value.get(name) if isinstance(value, dict) else None
            if _is_about_key(site.key, below, name, here, finding):
                return site.key, name
        value = _within(value, name)
        site = below
    if site.key is not None and finding.shape != _title(site):
        return _unnamed(site, finding.shape), None
    return site, value


def _unnamed(around: ObservedPlace, shape: str) -> ObservedPlace:
    """The place below a map, whose keys are not shown, of a shape that a finding names.

    The first of several; the map itself where there is none.
    """
    return next((site for site in walk(around) if _title(site) == shape), around)


def _title(site: ObservedPlace) -> str:
    """What findings call the shape of a place."""
    return site.shape.id.replace("$", ".")


def _within(value: object, step: str) -> object:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdecimal():
        return value[int(step)]
    return None


def _is_about_key(
    key: ObservedPlace,
    within: ObservedPlace,
    name: str,
    value: object,
    finding: AnyFinding,
) -> bool:
    """Whether a finding on an entry of a map is about its key, not its value."""
    if key.shape.id != within.shape.id:
        return finding.shape == _title(key)
    rule = finding.rule
    broken_by_value = broken_keyword(within.shape, value, rule) != rule
    broken_by_key = broken_keyword(key.shape, name, rule) != rule
    return broken_by_key and not broken_by_value
