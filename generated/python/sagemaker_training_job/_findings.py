# The run time of packages that shapespec generates, copied.
"""The full validator: every fault of a response, each with its rule and its place.

It walks a response along the table of the contract, `_contract`. A check of a shape is
made when the first value of it is to be looked at. On its way the walk asks of each
structure whether there is nothing to say of it (`_clean`), and of each value without
parts whether it is plainly right: so a fault costs the way to it.
"""
# pyright: basic

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import length_hint
from typing import Any, NamedTuple, TypeAlias

from . import _words as words
from ._choice import misfit, unknown_tag, which
from ._contract import SHAPES
from ._demands import (
    NEVER,
    Sure,
    Test,
    is_sure,
    right_size,
    sure_map,
    sure_of,
    tests_of,
)
from ._form import Form
from ._part import Member, Option, Part, Rule, parts_of
from ._report import (
    At,
    Check,
    Finding,
    Hidden,
    Report,
    byte_count,
    is_integer,
    is_number,
    is_stream,
    suspects,
)

Clean: TypeAlias = "Mapping[str, Callable[[Any], bool]]"
"""By the name of its shape, what says that there is nothing to say of a structure."""


class Checks(dict[str, Check]):
    """The checks of responses that come in one form, each made when it is needed."""

    def __init__(
        self,
        shapes: Mapping[str, Part],
        form: Form,
        clean: Clean,
        kept: Mapping[str, Callable[[Any], Any]],
    ) -> None:
        """Take what is known of the form.

        Args:
            shapes: The table of the contract.
            form: The form.
            clean: The silent checks, if they know all timestamps of the form.
            kept: What of them asks about some members, or finds rules that are broken.
        """
        super().__init__()
        self.shapes = shapes
        self.form = form
        self.clean = clean
        self.kept = kept

    def __missing__(self, name: str) -> Check:
        part = self.shapes[name]
        made = _MAKERS[part.kind](name, part, self)
        self[name] = made = _hiding(made) if part.sensitive else made
        return made

    def use(self, name: str) -> _Use:
        """How a value of a shape is looked at as a part of another."""
        if self.shapes[name].recursive:
            # Nor is it asked at each level whether all below is clean.
            return _Use(NEVER, partial(self.later, name))
        return self.at_once(name)

    def at_once(self, name: str) -> _Use:
        """The same of a value that need not wait, whatever its shape may contain."""
        part = self.shapes[name]
        if part.kind in ("structure", "one_of"):
            clean = self.clean.get(name)
            sure = NEVER if clean is None else Sure(None, -1, -1, clean)
        elif part.kind == "map":
            key, value = self.use(part.key).sure, self.use(part.target).sure
            sure = sure_map(part, key, value, self.shapes)
        else:
            sure = sure_of(part, self.form)
        return _Use(sure, partial(self.__getitem__, name))

    def later(self, name: str) -> Check:
        """What lets a value wait for its turn."""

        def check(value: Any, at: At, report: Report) -> None:
            report.later(self[name], value, at)

        return check


_MADE: dict[tuple[str, bool], Checks] = {}


def checks_for(
    form: Form,
    clean: Clean | None = None,
    kept: Mapping[str, Callable[[Any], Any]] | None = None,
) -> Checks:
    """The checks of responses in a form; see `Checks`."""
    key = (form.name, clean is None)
    if key not in _MADE:
        _MADE[key] = Checks(SHAPES, form, clean or {}, (clean and kept) or {})
    return _MADE[key]


class _Use(NamedTuple):
    """How the value of a part is handed to its check.

    Attributes:
        sure: Of what there is surely nothing to say.
        check: Gives the check, or what lets it wait for its turn.
    """

    sure: Sure
    check: Callable[[], Check]

    def look(self, value: Any, at: At, report: Report) -> None:
        """Check a value, if it may be worth it."""
        if not is_sure(self.sure, value):
            self.check()(value, at, report)


def _hiding(check: Check) -> Check:
    """The same check, of a value that is not to be shown."""

    def hiding(value: Any, at: At, report: Report) -> None:
        check(value, report.hide(at), report)

    return hiding


def _called(name: str) -> str:
    """What findings call a shape: its name, or that of the place it is written in."""
    return name.replace("$", ".")


# --- what is said -----------------------------------------------------------------


def _say(test: Test, value: Any, at: At, report: Report, title: str) -> None:
    severity = report.warning if test.relaxed else "error"
    getattr(report, test.said)(value, at, test.expected, title, severity)


def _say_first(
    tests: Iterable[Test], value: Any, at: At, report: Report, title: str
) -> None:
    """Say which of some constraints is the first that a value breaks."""
    for test in tests:
        if test.fails(value):
            _say(test, value, at, report, title)
            return


def _say_all(
    tests: Iterable[Test], value: Any, at: At, report: Report, title: str
) -> None:
    """Say which of some constraints a value breaks."""
    for test in tests:
        if test.fails(value):
            _say(test, value, at, report, title)


# --- values without parts ---------------------------------------------------------


def _string(name: str, part: Part, made: Checks) -> Check:
    del made
    title, (relaxed, tests) = _called(name), tests_of(part)

    def check(value: Any, at: At, report: Report) -> None:
        if not issubclass(type(value), str):
            report.wrong_type(value, at, "a string", title)
            return
        if relaxed:
            _say_first(relaxed, value, at, report, title)
        if tests:
            _say_first(tests, value, at, report, title)

    return check


def _enum(name: str, part: Part, made: Checks) -> Check:
    del made
    title, values, retired = _called(name), part.values, part.retired
    closed = part.closed

    def check(value: Any, at: At, report: Report) -> None:
        if not issubclass(type(value), str):
            report.wrong_type(value, at, "a string", title)
        elif value not in values:
            report.unknown_value(value, at, values, title, closed=closed)
        elif value in retired:
            report.retired_value(value, at, title)

    return check


def _numeric(name: str, part: Part, made: Checks) -> Check:
    del made
    title, (relaxed, tests) = _called(name), tests_of(part)
    whole = part.kind == "integer"
    is_right, expected = (
        (is_integer, "an integer") if whole else (is_number, "a number")
    )

    def check(value: Any, at: At, report: Report) -> None:
        if not is_right(value):
            report.wrong_type(value, at, expected, title)
            return
        _say_all(relaxed, value, at, report, title)
        _say_first(tests, value, at, report, title)

    return check


def _boolean(name: str, part: Part, made: Checks) -> Check:
    del made
    title, (relaxed, tests) = _called(name), tests_of(part)

    def check(value: Any, at: At, report: Report) -> None:
        if value is not True and value is not False:
            report.wrong_type(value, at, "true or false", title)
            return
        _say_first((*relaxed, *tests), value, at, report, title)

    return check


def _timestamp(name: str, part: Part, made: Checks) -> Check:
    del part, made
    title = _called(name)

    def check(value: Any, at: At, report: Report) -> None:
        report.moment(value, at, title)

    return check


def _document(name: str, part: Part, made: Checks) -> Check:
    del made
    title, (relaxed, tests) = _called(name), tests_of(part)

    def check(value: Any, at: At, report: Report) -> None:
        _say_all((*relaxed, *tests), value, at, report, title)

    return check


def _blob(name: str, part: Part, made: Checks) -> Check:
    del made
    title, (relaxed, tests) = _called(name), tests_of(part)

    def check(value: Any, at: At, report: Report) -> None:
        if part.streaming and is_stream(value):
            return
        size = byte_count(value)
        if size is None:
            report.wrong_type(value, at, "bytes, or base64 text", title)
            return
        _say_first((*tests, *relaxed), size, at, report, title)

    return check


# --- lists and maps ---------------------------------------------------------------


def _list(name: str, part: Part, made: Checks) -> Check:
    title, (relaxed, tests) = _called(name), tests_of(part)
    demands, right = (*relaxed, *tests), right_size(part)
    sure, checked = made.use(part.target)
    kind, low, high, test = sure
    sparse, streaming = part.sparse, part.streaming
    quick = test if kind is None and low < 0 else None
    look: Check | None = None

    def check(value: Any, at: At, report: Report) -> None:
        nonlocal look
        if streaming and is_stream(value):
            return
        if not issubclass(type(value), list):
            report.wrong_type(value, at, "a list", title)
            return
        if len(value) not in right:
            _say_all(demands, value, at, report, title)
        start = 0 if quick is None else _passed(quick, value)
        for index, item in enumerate(value[start:] if start else value, start):
            try:
                if (
                    (kind is None or type(item) is kind)
                    and (low < 0 or low <= len(item) <= high)
                    and (test is None or test(item))
                ):
                    continue
            except Exception:  # noqa: BLE001, S110 - it is not sure
                pass
            if item is None and sparse:
                continue
            if look is None:
                look = checked()
            look(item, (at, index), report)

    return check


def _passed(test: Callable[[Any], Any], items: list[Any]) -> int:
    """How many items, from the first one on, pass a test."""
    left = iter(items)
    try:
        if all(map(test, left)):
            return len(items)
    except Exception:  # noqa: BLE001, S110 - it does not pass
        pass
    return len(items) - length_hint(left) - 1


def _tuple(name: str, part: Part, made: Checks) -> Check:
    title, (relaxed, tests) = _called(name), tests_of(part)
    first = [made.use(one) for one in part.prefix]
    rest = made.use(part.target) if part.target else None

    def check(value: Any, at: At, report: Report) -> None:
        if not issubclass(type(value), list):
            report.wrong_type(value, at, "a list", title)
            return
        _say_all((*relaxed, *tests), value, at, report, title)
        for index, item in enumerate(value):
            use = first[index] if index < len(first) else rest
            if use is not None and not (item is None and part.sparse):
                use.look(item, (at, index), report)

    return check


def _map(name: str, part: Part, made: Checks) -> Check:
    title, (relaxed, tests) = _called(name), tests_of(part)
    demands, right = (*relaxed, *tests), right_size(part)
    sure_key, key_checked = made.use(part.key)
    sure, checked = made.use(part.target)
    way, sparse = _entry(part, made.shapes[part.key]), part.sparse

    def check(value: Any, at: At, report: Report) -> None:
        if not issubclass(type(value), dict):
            report.wrong_type(value, at, "an object", title)
            return
        if len(value) not in right:
            _say_all(demands, value, at, report, title)
        for key, item in value.items():
            if not is_sure(sure_key, key):
                key_checked()(key, way(report, at, key), report)
            if not (item is None and sparse) and not is_sure(sure, item):
                checked()(item, way(report, at, key), report)

    return check


def _entry(part: Part, key: Part) -> Callable[[Report, At, Any], At]:
    """The way to an entry: a key that is sensitive, or is below, is not named."""
    if key.sensitive:
        return Report.unnamed
    return Report.entry if part.hidden else _further


def _further(report: Report, at: At, key: Any) -> At:
    del report
    return at, key


# --- structures -------------------------------------------------------------------


Absent: TypeAlias = "Callable[[Any, At, Report], None]"
"""What is to be said of a structure in which a member is not there, or is null."""


def _structure(name: str, part: Part, made: Checks) -> Check:
    title, known = _called(name), frozenset(part.members)
    uses = {key: made.use(one.shape) for key, one in part.members.items()}
    sure_of_member = {key: use.sure for key, use in uses.items()}.get
    steps = {
        key: Hidden(key) if one.sensitive else key for key, one in part.members.items()
    }
    absents = {
        key: absent
        for key, step in steps.items()
        if (absent := _absent(key, step, part, title, made)) is not None
    }
    needed = absents.keys()
    looks: dict[str, Check] = {}
    place = {key: index for index, key in enumerate(uses)}.__getitem__
    ask = _rules_of(name, part, made)
    severity = "error" if part.closed else ""
    is_other = _other(part)
    is_union = part.is_union
    parts = parts_of(name, part, made.kept)

    def check(value: Any, at: At, report: Report) -> None:
        if not issubclass(type(value), dict):
            report.wrong_type(value, at, "an object", title)
            return
        if is_union:
            report.variants(value, at, known, title)
        get = value.get
        if parts:
            # What `validate` knows of the whole response, it has asked part by part.
            items = _unclean(value, parts[report.known :] if at is None else parts)
            suspects = _suspects(items, sure_of_member, needed)
        else:
            suspects = _suspects(value.items(), sure_of_member, needed)
            if not needed <= value.keys():
                suspects += needed - value.keys()
        if len(suspects) > 1:
            suspects.sort(key=place)
        before = len(report.found)
        for key in suspects:
            item = get(key)
            if item is None:
                absents[key](value, at, report)
            else:
                look = looks.get(key)
                if look is None:
                    look = looks[key] = uses[key].check()
                look(item, (at, steps[key]), report)
        if ask is not None:
            ask(value, at, report, before)
        if not known.issuperset(value):
            names = known.union(filter(is_other, value)) if is_other else known
            report.unknown_members(value, at, names, title, severity)

    return check


def _other(part: Part) -> Callable[[Any], bool] | None:
    """Tells the members without a name of which a rule says what they are."""
    found = [rule.knows for rule in part.rules if rule.knows is not None]

    def is_other(name: Any) -> bool:
        return isinstance(name, str) and any(knows(name) for knows in found)

    return is_other if found else None


def _suspects(
    items: Iterable[tuple[str, Any]],
    sure_of_member: Callable[[str], Sure | None],
    needed: Collection[str],
) -> list[str]:
    """The members of which there may be something to say.

    Args:
        items: Members and their values; none for absent ones.
        sure_of_member: Tells what is plainly right; none for other members.
        needed: Those of which there is something to say where they are null.
    """
    found = []
    for key, item in items:
        sure = sure_of_member(key)
        if sure is None:
            continue
        if item is None:
            if key in needed:
                found.append(key)
            continue
        kind, low, high, test = sure
        try:
            if (
                (kind is None or type(item) is kind)
                and (low < 0 or low <= len(item) <= high)
                and (test is None or test(item))
            ):
                continue
        except Exception:  # noqa: BLE001, S110 - it is not sure
            pass
        found.append(key)
    return found


def _unclean(
    value: Any, parts: list[tuple[list[str], Callable[[Any], bool]]]
) -> list[tuple[str, Any]]:
    """The members of those parts of a structure that are not clean, as the first is."""
    found: list[tuple[str, Any]] = []
    for keys, asks in parts:
        if not found or not _agrees(asks, value):
            found += zip(keys, map(value.get, keys), strict=True)
    return found


def _agrees(asks: Callable[[Any], bool], value: Any) -> bool:
    """Whether a silent check is sure of a value."""
    try:
        return asks(value)
    except Exception:  # noqa: BLE001 - it is not sure
        return False


_Ask: TypeAlias = "Callable[[Any, At, Report, int], None]"
"""Asks the rules of a structure, after so many findings that its members are not in."""


def _rules_of(name: str, part: Part, made: Checks) -> _Ask | None:
    """What asks the rules of a structure; none where it has none.

    Where there are many, `_clean` tells which of them may be broken. It takes for
    granted that what has to be there is there, and no more: of a value of another type
    nothing is false, and where it raises, all rules are asked.
    """
    if not part.rules:
        return None
    kept: Any = made.kept.get(name)
    runs = [
        (each, [rule.function for rule in rules], rules)
        for each, run in groupby(part.rules, key=lambda rule: rule.each)
        for rules in [[*run]]
    ]

    def ask(value: Any, at: At, report: Report, before: int) -> None:
        if kept is not None and all(map(_is_there, report.found[before:])):
            try:
                doubts = kept(value)
            except Exception:  # noqa: BLE001, S110 - all are asked
                pass
            else:
                for rule in part.rules if doubts else ():
                    if rule.id in doubts:
                        _judge(rule, value, at, report, name)
                return
        for each, functions, rules in runs:
            for index in suspects(value, each, functions):
                _judge(rules[index], value, at, report, name)

    return ask


def _is_there(found: Any) -> bool:
    """Whether a finding is of what is there, and not null; a place for more may not."""
    if type(found) is not Finding:
        return False
    return found.rule != "required" and found.got != "null"


def _judge(rule: Rule, value: Any, at: At, report: Report, shape: str) -> None:
    report.judge(
        rule.function,
        value,
        at,
        rule.each,
        rule.at,
        rule.id,
        rule.message,
        shape,
        rule.severity,
        rule.reads,
        rule.of_item,
    )


def _absent(key: str, step: str, part: Part, title: str, made: Checks) -> Absent | None:
    """What is said of a structure without a member; none if there is nothing to say."""
    member = part.members[key]
    needed = not part.is_union and (member.required or member.claimed)
    absent = _missing(key, title, claimed=member.claimed) if needed else None
    if member.null == "invalid":
        return _null(key, step, absent, _of_null(member, title, made))
    if member.null == "value" and absent is not None:
        return _unless_null(key, absent)
    return absent


def _missing(key: str, title: str, *, claimed: bool) -> Absent:
    say = Report.unconfirmed if claimed else Report.missing

    def check(value: Any, at: At, report: Report) -> None:
        del value
        say(report, at, key, title)

    return check


def _unless_null(key: str, absent: Absent) -> Absent:
    """The same, but not where null stands there, which is right."""

    def check(value: Any, at: At, report: Report) -> None:
        if key not in value:
            absent(value, at, report)

    return check


def _null(key: str, step: str, absent: Absent | None, of_null: Check) -> Absent:
    """The same; and something else where null stands there, which is wrong."""

    def check(value: Any, at: At, report: Report) -> None:
        if key in value:
            of_null(None, (at, step), report)
        elif absent is not None:
            absent(value, at, report)

    return check


def _of_null(member: Member, title: str, made: Checks) -> Check:
    """What is said of null: what its check says; else that it is no value here."""
    use = made.use(member.shape)

    def check(value: Any, at: At, report: Report) -> None:
        before = len(report.found)
        use.look(value, at, report)
        if len(report.found) == before:
            report.wrong_type(value, at, "a value", title)

    return check


# --- one of several shapes --------------------------------------------------------


def _one_of(name: str, part: Part, made: Checks) -> Check:
    title = _called(name)
    plain = [
        (frozenset(one.types), made.at_once(one.shape))
        for one in part.options
        if not (one.tags or one.needs)
    ]
    objects = [one for one in part.options if one.tags or one.needs]
    choose = _chosen(title, part, objects, [made.at_once(one.shape) for one in objects])
    kinds = {kind for one in part.options for kind in one.types}
    expected = words.types(kinds)

    def check(value: Any, at: At, report: Report) -> None:
        found = _types(type(value))
        for types, use in plain:
            if not types.isdisjoint(found):
                use.look(value, at, report)
                return
        if not objects or "object" not in found:
            report.wrong_type(value, at, expected, title)
        else:
            choose(value, at, report)

    return check


def _types(kind: type) -> set[str]:
    """What JSON calls values of a class, and what Python does that JSON has not."""
    if kind is bool:
        return {"boolean"}
    return {name for name, classes in _CLASSES.items() if issubclass(kind, classes)}


_CLASSES: Mapping[str, Any] = {
    "string": str,
    "bytes": (bytes, bytearray),
    "moment": datetime,
    "number": (int, float),
    "array": list,
    "object": dict,
}


def _chosen(title: str, part: Part, objects: list[Option], uses: list[_Use]) -> Check:
    """The check of an object, whose members say which of the options it is."""
    if part.tag:
        return _tagged(title, part, objects, uses)
    needs = tuple(one.needs for one in objects)
    names = tuple(one.shape for one in objects)

    def check(value: Any, at: At, report: Report) -> None:
        option = which(value, needs)
        if option is None:
            misfit(report, value, at, needs, names, title)
        else:
            uses[option].look(value, at, report)

    return check


def _tagged(title: str, part: Part, objects: list[Option], uses: list[_Use]) -> Check:
    tags = tuple(tag for one in objects for tag in one.tags if tag is not None)

    def check(value: Any, at: At, report: Report) -> None:
        tag = value.get(part.tag)
        for option, use in zip(objects, uses, strict=True):
            if tag in option.tags:
                use.look(value, at, report)
                return
        unknown_tag(report, tag, at, part.tag, tags, title, closed=part.closed)

    return check


_MAKERS: Mapping[str, Callable[[str, Part, Checks], Check]] = {
    "string": _string,
    "enum": _enum,
    "integer": _numeric,
    "number": _numeric,
    "boolean": _boolean,
    "timestamp": _timestamp,
    "document": _document,
    "blob": _blob,
    "list": _list,
    "tuple": _tuple,
    "map": _map,
    "structure": _structure,
    "one_of": _one_of,
}
