# The run time of packages that shapespec generates, copied.
"""The full validator: every fault of a response, each with its rule and its place.

It walks a response along the table of the contract, `_contract`. A check of a shape is
made when the first value of it is to be looked at. On its way the walk asks of each
structure whether there is nothing to say of it (`_accept`), and of each value without
parts whether it is plainly right: so a fault costs the way to it.
"""
# pyright: basic

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
from ._part import Member, Option, Part, Rule, known, parts_of
from ._report import (
    At,
    Check,
    Hidden,
    Report,
    byte_count,
    is_integer,
    is_number,
    is_stream,
    suspects,
)

Quick: TypeAlias = "Mapping[str, Callable[..., Any]]"
"""By the name of its shape, what says that there is nothing to say of a structure."""


class Checks(dict[str, Check]):
    """The checks of responses that come in one form, each made when it is needed."""

    def __init__(
        self,
        shapes: Mapping[str, Part],
        form: Form,
        quick: Quick,
        kept: Quick,
    ) -> None:
        """Take what is known of the form.

        Args:
            shapes: The table of the contract.
            form: The form.
            quick: The quick checks, if they know all timestamps of the form.
            kept: What of them asks about some members, or finds rules that are broken.
        """
        super().__init__()
        self.shapes = shapes
        self.form = form
        self.quick = quick
        self.kept = kept
        self.known = known(shapes)

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
            quick = self.quick.get(name)
            sure = NEVER
            if quick is not None:
                sure = Sure(None, -1, -1, partial(quick, known=self.known))
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
    form: Form, quick: Quick | None = None, kept: Quick | None = None
) -> Checks:
    """The checks of responses in a form; see `Checks`."""
    key = (form.name, quick is None)
    if key not in _MADE:
        _MADE[key] = Checks(SHAPES, form, quick or {}, (quick and kept) or {})
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
        if start == len(value):
            return
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
    look = _members(name, part, made)
    ask = _rules_of(name, part, made)
    severity = "error" if part.closed else ""
    is_other = None if part.closed else _other(part)
    is_union = part.is_union

    def check(value: Any, at: At, report: Report) -> None:
        if not issubclass(type(value), dict):
            report.wrong_type(value, at, "an object", title)
            return
        if is_union:
            report.variants(value, at, known, title)
        before = len(report.found)
        # What `validate` knows of the whole response, it has asked part by part.
        look(value.get, value, at, report, report.known if at is None else 0)
        if ask is not None:
            ask(value, at, report, before)
        if not known.issuperset(value):
            names = known.union(filter(is_other, value)) if is_other else known
            report.unknown_members(value, at, names, title, severity)

    return check


_Look: TypeAlias = "Callable[[Callable[[str], Any], Any, At, Report, int], None]"
"""Looks at the members of a structure but for so many parts of them."""


def _members(name: str, part: Part, made: Checks) -> _Look:
    """What looks at each member of a structure.

    It is made as code, with a few lines for each member, when a structure is first
    walked: nothing asks as fast what a member is. Names of members stand in it as
    literals; what tells whether a value is plainly right, and what looks at it
    otherwise, has names with its number.
    """
    names: dict[str, Any] = {}
    code = compile(
        "\n".join(looking(name, part, made, names)), f"<look {name}>", "exec"
    )
    exec(code, names)  # noqa: S102 - of the table alone; see above
    found: _Look = names["look"]
    return found


def looking(
    name: str, part: Part, made: Checks, names: dict[str, Any]
) -> Iterator[str]:
    """The lines of the function; what they know is put into `names`."""
    yield "def look(get, value, at, report, known):"
    first = {
        keys[0]: at for at, (keys, _) in enumerate(parts_of(name, part, made.kept))
    }
    title, indent = _called(name), " "
    for index, (key, member) in enumerate(part.members.items()):
        if key in first:
            indent = "  "
            yield f" if known <= {first[key]}:"
        use = made.use(member.shape)
        step = Hidden(key) if member.sensitive else key
        names[f"step_{index}"] = step
        names[f"look_{index}"] = _at_first(use, index, names)
        yield f"{indent}item = get({key!r})"
        there = "if item is not None"
        absent = _absent(key, step, part, title, made)
        if absent is not None:
            names[f"absent_{index}"] = absent
            yield f"{indent}if item is None: absent_{index}(value, at, report)"
            there = "elif True"
        look = f"look_{index}(item, (at, step_{index}), report)"
        right = " and ".join(_is_right(use.sure, index, names))
        if use.sure is NEVER:
            yield f"{indent}{there}: {look}"
        elif use.sure.kind in _PLAIN:
            yield f"{indent}{there} and not ({right}): {look}"
        elif right:
            yield f"{indent}{there}:"
            yield f"{indent} try: right = {right}"
            yield f"{indent} except Exception: right = False"
            yield f"{indent} if not right: {look}"
    yield " return"


_PLAIN = (str, int, bool)
"""Types about whose values no test raises."""


def _at_first(use: _Use, index: int, names: dict[str, Any]) -> Check:
    """What looks at a member for the first time, and leaves its place to the check."""

    def first(value: Any, at: At, report: Report) -> None:
        names[f"look_{index}"] = check = use.check()
        check(value, at, report)

    return first


def _is_right(sure: Sure, index: int, names: dict[str, Any]) -> Iterator[str]:
    """What is true of an item that is plainly right, as code."""
    kind, low, high, test = sure
    if kind is not None:
        names[f"kind_{index}"] = kind
        yield f"type(item) is kind_{index}"
    if low >= 0:
        names[f"size_{index}"] = high
        yield f"{low!r} <= len(item) <= size_{index}"
    if test is not None:
        names[f"test_{index}"] = test
        yield f"test_{index}(item)"


def _other(part: Part) -> Callable[[Any], bool] | None:
    """Tells the members without a name of which a rule says what they are."""
    found = [rule.knows for rule in part.rules if rule.knows is not None]

    def is_other(name: Any) -> bool:
        return isinstance(name, str) and any(knows(name) for knows in found)

    return is_other if found else None


_Ask: TypeAlias = "Callable[[Any, At, Report, int], None]"
"""Asks the rules of a structure, after so many findings that its members are not in."""


def _rules_of(name: str, part: Part, made: Checks) -> _Ask | None:
    """What asks the rules of a structure; none where it has none.

    Where there are many, `_accept` tells which of them may be broken. It takes for
    granted that what has to be there is there, and no more: of a value of another type
    nothing is false, and where it raises, all rules are asked.
    """
    if not part.rules:
        return None
    kept: Any = made.kept.get(name)
    spared = _spared(part)
    runs = [
        (each, [rule.function for rule in rules], rules)
        for each, run in groupby(part.rules, key=lambda rule: rule.each)
        for rules in [[*run]]
    ]

    def ask(value: Any, at: At, report: Report, before: int) -> None:
        mistyped = report.mistyped_members(at, before) if kept is not None else None
        if kept is not None and mistyped is not None:
            seen = value
            if mistyped and mistyped <= spared:
                seen = {key: item for key, item in value.items() if key not in mistyped}
            try:
                doubts = kept(seen, made.known)
            except Exception:  # noqa: BLE001, S110 - all are asked
                pass
            else:
                for rule in part.rules if doubts else ():
                    if rule.id in doubts and mistyped.isdisjoint(rule.reads):
                        _judge(rule, value, at, report, name)
                return
        for each, functions, rules in runs:
            for index in suspects(value, each, functions):
                _judge(rules[index], value, at, report, name)

    return ask


def _spared(part: Part) -> frozenset[str]:
    """Members that silent rules need not see where something in them is mistyped.

    A rule that reads such a member is not broken, so it may as well see nothing there;
    but not where another rule is asked about that member and does not read it.
    """
    if any(rule.whole for rule in part.rules):
        return frozenset()
    return frozenset(part.members).difference(
        rule.each[0]
        for rule in part.rules
        if rule.each and rule.each[0] not in rule.reads
    )


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
