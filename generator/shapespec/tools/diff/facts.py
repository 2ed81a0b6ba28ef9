"""How two places differ in the facts about them, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeAlias, assert_never

from shapespec.contract.constraints import KEYWORDS, Rule
from shapespec.contract.facts import KINDS, Value
from shapespec.contract.numbers import is_multiple
from shapespec.tools.diff.languages import Relation, relation
from shapespec.tools.diff.model import (
    Pair,
    Stated,
    StatedPlace,
    Unclassified,
    canonical,
)
from shapespec.tools.diff.spec_side import SPEC_KINDS, kind_of

KIND_ORDER = (*KINDS, *SPEC_KINDS)
"""The order in which the changes at one place are reported."""

_KEYWORDS = {kind_of(word): about for word, about in KEYWORDS.items()}
"""What is to be known about facts that state a keyword, by their kind."""


class Difference(NamedTuple):
    """What happened, the values on both sides, and to which of several."""

    what: str
    old: Value
    new: Value
    key: str = ""


def differences(pair: Pair) -> Iterator[Unclassified]:
    """What differs in the facts about a place."""
    old, new = pair.nodes
    for kind in KIND_ORDER:
        if kind not in _COMPARED or not pair.comparable(kind):
            continue
        places = [
            node.facts[kind].place if kind in node.facts else node.place
            for node in (old, new)
        ]
        for found in _COMPARED[kind](pair, kind):
            one, other = Stated(found.old, places[0]), Stated(found.new, places[1])
            yield Unclassified(found.what, pair.path, kind, one, other, found.key)


def _required(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = (
        value is True and not variant
        for value, variant in zip(pair.values(kind), pair.variants, strict=True)
    )
    if old == new:
        return
    if not new:
        yield Difference("required-removed", old, new)
    elif kind in _relaxed(pair.nodes[1]):
        yield Difference("relaxed-tightened", old, new)
    else:
        yield Difference("required-added", old, new)


# --- bounds and patterns ------------------------------------------------------------


def _bound(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = (_number(kind, value) for value in pair.values(kind))
    relaxed = kind in _relaxed(pair.nodes[1])
    match old, new, _turned(pair, kind):
        case _, None, (None, float() | int()):
            return  # it is told of the keyword that came in its place
        case None, float() | int(), (float() | int() as before, None):
            yield from _turn(pair, kind, before, new)
            return
        case _:
            pass
    match old, new:
        case _ if old == new:
            return
        case _, None:
            what = "bound-removed"
        case _ if old is not None and (new < old) == (_KEYWORDS[kind].side == "low"):
            what = "bound-loosened"
        case _ if relaxed:
            what = "relaxed-tightened"
        case _:
            what = "bound-added" if old is None else "bound-tightened"
    yield Difference(what, old, new)


_SAME_END = {
    "minimum": "exclusiveMinimum",
    "exclusiveMinimum": "minimum",
    "maximum": "exclusiveMaximum",
    "exclusiveMaximum": "maximum",
}
"""Keywords of which one may take the place of the other: a bound is valid, or not."""


def _turned(
    pair: Pair, kind: str
) -> tuple[int | float | None, int | float | None] | None:
    """What both sides say of the same end by the other keyword, if that is compared."""
    other = _SAME_END.get(kind)
    if other is None or not (pair.comparable(other) and pair.comparable(kind)):
        return None
    old, new = (_number(other, value) for value in pair.values(other))
    return old, new


def _turn(pair: Pair, kind: str, old: float, new: float) -> Iterator[Difference]:
    """A bound that is valid became one that is not, or the other way round."""
    inward = new - old if _KEYWORDS[kind].side == "low" else old - new
    excluded = _KEYWORDS[kind].operator == "<"
    if all(one in ("integer", "long") for one in pair.values("type")):
        inward += 1 if excluded else -1  # the next whole number is the first
        if not inward:
            return
    tightened = inward > 0 or (inward == 0 and excluded)
    relaxed = kind in _relaxed(pair.nodes[1])
    what = "relaxed-tightened" if relaxed else "bound-tightened"
    before: Value = {_SAME_END[kind]: old}
    yield Difference(what if tightened else "bound-loosened", before, new)


def _number(kind: str, value: Value) -> int | float | None:
    """A bound, or none where it excludes nothing: no size is below 0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    about = _KEYWORDS[kind]
    idle = about.rule == "length" and about.side == "low" and value <= 0
    return None if idle else value


def _pattern(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = (
        value if isinstance(value, str) else None for value in pair.values(kind)
    )
    if old == new:
        return
    relaxed = kind in _relaxed(pair.nodes[1])
    match relation(old, new):
        case Relation.EQUAL:
            what = "pattern-respelt"
        case _ if new is None:
            what = "pattern-removed"
        case Relation.WIDER:
            what = "pattern-widened"
        case Relation.NARROWER if relaxed:
            what = "relaxed-tightened"
        case _ if old is None:
            what = "relaxed-tightened" if relaxed else "pattern-added"
        case Relation.NARROWER:
            what = "pattern-narrowed"
        case _:
            what = "relaxed-changed" if relaxed else "pattern-changed"
    yield Difference(what, old, new)


def _step(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = (_number(kind, value) for value in pair.values(kind))
    relaxed = kind in _relaxed(pair.nodes[1])
    if old == new:
        return
    if new is None:
        what = "step-removed"
    elif old is not None and is_multiple(old, new):
        what = "step-loosened"
    elif old is None or is_multiple(new, old):
        what = "step-added" if old is None else "step-tightened"
        what = "relaxed-tightened" if relaxed else what
    else:
        what = "relaxed-changed" if relaxed else "step-changed"
    yield Difference(what, old, new)


def _format(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = pair.values(kind)
    if old == new:
        return
    relaxed = kind in _relaxed(pair.nodes[1])
    if new is None:
        what = "format-removed"
    elif relaxed:
        what = "relaxed-changed" if old else "relaxed-tightened"
    else:
        what = "format-changed" if old else "format-added"
    yield Difference(what, old, new)


def _unique(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = pair.values(kind)
    if old is None or new is None or old == new:
        return
    if not new:
        yield Difference("unique-removed", old, new)
    elif kind in _relaxed(pair.nodes[1]):
        yield Difference("relaxed-tightened", old, new)
    else:
        yield Difference("unique-added", old, new)


def _sparse(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = pair.values(kind)
    if old is not None and new is not None and old != new:
        yield Difference("null-allowed" if new else "null-forbidden", old, new)


def _nullable(pair: Pair, kind: str) -> Iterator[Difference]:
    """Whether null is right for a member; `required` tells what follows from it."""
    old, new = pair.values(kind)
    if old is None or new is None or old == new:
        return
    required = pair.values("required")
    before, after = (
        null == "value" or (null == "absent" and needed is not True)
        for null, needed in zip((old, new), required, strict=True)
    )
    if before != after:
        yield Difference("null-allowed" if after else "null-forbidden", before, after)


def _relaxation(pair: Pair, kind: str) -> Iterator[Difference]:
    """Keywords that both sides state, and one of them relaxes."""
    del kind
    before, after = map(_relaxed, pair.nodes)
    for one in sorted(before ^ after):
        if all(node.facts.get(one, _FALSE).value for node in pair.nodes):
            what = "keyword-relaxed" if one in after else "keyword-enforced"
            yield Difference(what, one in before, one in after, one)


_FALSE = Stated(value=False, place="")


def _relaxed(node: StatedPlace) -> frozenset[str]:
    """The kinds of facts about a place whose violation is a warning."""
    words = map(str, _list(node.facts.get("relaxed", _FALSE).value))
    return frozenset(word if word == "required" else kind_of(word) for word in words)


def _discriminator(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = pair.values(kind)
    if old != new:
        yield Difference("discriminator-changed", old, new)


def _tags(pair: Pair, kind: str) -> Iterator[Difference]:
    """Tags that mean another option; those that come or go are values of an enum."""
    before, after = map(_dict, pair.values(kind))
    for tag in dict.fromkeys((*before, *after)):
        old, new = before.get(tag), after.get(tag)
        if old == pair.renamed.get(str(new), new):
            continue
        if not tag:
            yield Difference(f"otherwise-{_how(old, new)}", old, new)
        elif None not in (old, new):
            yield Difference("tag-changed", old, new, tag)


# --- enums --------------------------------------------------------------------------


def _enum(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = pair.values(kind)
    opens = [value for value in reversed(pair.values("open")) if value is not None]
    is_open = bool(opens and opens[0]) or kind in _relaxed(pair.nodes[1])
    if old is None:
        yield Difference("open-enum-added" if is_open else "enum-added", old, new)
        return
    if new is None:
        yield Difference("enum-removed", old, new)
        return
    before, after = _list(old), _list(new)
    gone, come = (
        [value for value in values if value not in others and value not in unsaid]
        for values, others, unsaid in (
            (before, after, _unsaid(pair, 1)),
            (after, before, _unsaid(pair, 0)),
        )
    )
    for value in gone:
        what = "open-enum-value-removed" if is_open else "enum-value-removed"
        yield Difference(what, value, None)
    for value in come:
        yield Difference("enum-value-added", None, value)


def _unsaid(pair: Pair, side: int) -> list[Value]:
    """Values that a side may lack: retired ones, where it retires none anywhere."""
    if pair.states(side, "retired"):
        return []
    return _list(pair.values("retired")[1 - side])


def _retired(pair: Pair, kind: str) -> Iterator[Difference]:
    before, after = map(_list, pair.values(kind))
    common = [_list(value) for value in pair.values("enum")]
    for value in after:
        if value not in before and value in common[0]:
            yield Difference("value-retired", None, value)
    for value in before:
        if value not in after and value in common[1]:
            yield Difference("value-unretired", value, None)


def _open(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = pair.values(kind)
    if old is not None and new is not None and old != new:
        yield Difference("enum-opened" if new else "enum-closed", old, new)


def _closed(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = pair.values(kind)
    if old is not None and new is not None and old != new:
        yield Difference("structure-closed" if new else "structure-opened", old, new)


# --- what only specs state ----------------------------------------------------------


def _rules(pair: Pair, kind: str) -> Iterator[Difference]:
    before, after = map(_dict, pair.values(kind))
    for key in dict.fromkeys((*before, *after)):
        yield from _rule(key, _dict(before.get(key)), _dict(after.get(key)))


def _rule(
    key: str, old: Mapping[str, Value], new: Mapping[str, Value]
) -> Iterator[Difference]:
    values = old.get("holds"), new.get("holds")
    match old.get("severity"), new.get("severity"):
        case None, severity:
            yield Difference(f"{_RULE[severity]}-added", *values, key)
        case severity, None:
            yield Difference(f"{_RULE[severity]}-removed", *values, key)
        case "error", "advice":
            yield Difference("rule-eased", *values, key)
        case "advice", "error":
            yield Difference("rule-enforced", *values, key)
        case _, severity if values[0] != values[1]:
            yield Difference(f"{_RULE[severity]}-changed", *values, key)
        case _ if old.get("message") != new.get("message"):
            texts = old.get("message"), new.get("message")
            yield Difference("message-changed", *texts, key)
        case _:
            pass


_RULE: Mapping[Value, str] = {"error": "rule", "advice": "advice"}


def _text(pair: Pair, kind: str) -> Iterator[Difference]:
    """What has a row of its own in the table."""
    old, new = pair.values(kind)
    if canonical(old) != canonical(new):
        yield Difference(f"{kind}-{_how(old, new)}", old, new)


def _called(name: str) -> Comparer:
    """What is compared only where both sides say it."""

    def compare(pair: Pair, kind: str) -> Iterator[Difference]:
        old, new = pair.values(kind)
        if None not in (old, new) and canonical(old) != canonical(new):
            yield Difference(f"{name}-changed", old, new)

    return compare


def _pages(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = (value is True for value in pair.values(kind))
    if old != new:
        yield Difference("pages-added" if new else "pages-removed", old, new)


def _documentation(pair: Pair, kind: str) -> Iterator[Difference]:
    old, new = pair.values(kind)
    if canonical(old) != canonical(new):
        yield Difference(f"documentation-{_how(old, new)}", old, new)


def _keyed(pair: Pair, kind: str) -> Iterator[Difference]:
    before, after = map(_dict, pair.values(kind))
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if canonical(old) != canonical(new):
            yield Difference(f"documentation-{_how(old, new)}", old, new, key)


def _names(pair: Pair, kind: str) -> Iterator[Difference]:
    """What forms call a member, of those that both sides have."""
    before, after = map(_dict, pair.values(kind))
    for form in before.keys() & after.keys():
        old, new = before[form], after[form]
        if old != new:
            yield Difference("name-changed", old, new, form)


def _outputs(pair: Pair, kind: str) -> Iterator[Difference]:
    """What comes back by status."""
    before, after = map(_dict, pair.values(kind))
    for status in dict.fromkeys((*before, *after)):
        old, new = before.get(status), after.get(status)
        if old != new:
            yield Difference(f"output-{_how(old, new)}", old, new, status)


def _bindings(pair: Pair, kind: str) -> Iterator[Difference]:
    """Where members of the input are in a request, of those that both sides have."""
    before, after = map(_dict, pair.values(kind))
    for name, old in before.items():
        new = after.get(name, old)
        if old != new:
            yield Difference("binding-changed", old, new, name)


def _not_carried(pair: Pair, kind: str) -> Iterator[Difference]:
    """What importers could not carry: what changed is unknown, but that it did."""
    before, after = map(_dict, pair.values(kind))
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if canonical(old) == canonical(new):
            continue
        effects = {_dict(one).get("effect") for one in (old, new) if one}
        if effects == {"none"}:
            what = "documentation"
        elif "stricter" in effects:
            what = "strictness"
        else:
            what = "looseness"
        yield Difference(f"{what}-{_how(old, new)}", old, new, key)


def _how(old: Value, new: Value) -> str:
    if old is None:
        return "added"
    return "removed" if new is None else "changed"


def _set(name: str) -> Comparer:
    """Compares two sets of values, each of which comes or goes on its own."""

    def compare(pair: Pair, kind: str) -> Iterator[Difference]:
        before, after = map(_list, pair.values(kind))
        for value in before:
            if value not in after:
                yield Difference(f"{name}-removed", value, None)
        for value in after:
            if value not in before:
                yield Difference(f"{name}-added", None, value)

    return compare


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def _dict(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}


Comparer: TypeAlias = Callable[[Pair, str], Iterator[Difference]]


def _comparer(rule: Rule) -> Comparer:
    """How facts that state a keyword are compared."""
    match rule:
        case "enum":
            return _enum
        case "length" | "range":
            return _bound
        case "pattern":
            return _pattern
        case "format":
            return _format
        case "multiple-of":
            return _step
        case "unique-items":
            return _unique
        case _:
            assert_never(rule)


_COMPARED: Mapping[str, Comparer] = {
    "required": _required,
    **{kind: _comparer(about.rule) for kind, about in _KEYWORDS.items()},
    "retired": _retired,
    "default": _text,
    "unit": _text,
    "spelling": _text,
    "names": _names,
    "open": _open,
    "discriminator": _discriminator,
    "tags": _tags,
    "closed": _closed,
    "nullable": _nullable,
    "sparse": _sparse,
    "relaxed": _relaxation,
    "rules": _rules,
    "errors": _set("error"),
    "outputs": _outputs,
    "http": _called("call"),
    "bound": _bindings,
    "status": _called("status"),
    "apiVersion": _called("version"),
    "paginated": _pages,
    "pagination": _called("paging"),
    "table": _called("table"),
    "read": _set("encoding"),
    "extra_members": _set("extra"),
    **dict.fromkeys(("title", "doc", "deprecated"), _documentation),
    **dict.fromkeys(("sensitive", "examples", "write"), _documentation),
    **dict.fromkeys(("values", "under", "notes", "derived"), _keyed),
    "not_carried": _not_carried,
}
"""How facts of a kind are compared; `type` is where places are."""
