"""Conditions across the members of an object, as rules in CEL.

An expression is written for schemas of objects whose members are known, such that it is
true exactly where the schema accepts the object, and always has a value. Where that
cannot be said, there is none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shapespec.drafts.model import Rule
from shapespec.ground.sinks.visible import visible
from shapespec.importers.json_schema.document import Document, Node
from shapespec.importers.json_schema.others import having
from shapespec.importers.json_schema.parts import (
    ABOUT,
    ANY_TYPE,
    ASSERTING,
    KINDS,
    Parts,
    is_name,
    kind_of,
    laid_together,
    says_all,
    says_nothing,
)

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset(
    (
        *("as", "break", "const", "continue", "else", "false", "for", "function"),
        *("if", "import", "in", "let", "loop", "namespace", "null", "package"),
        *("return", "true", "var", "void", "while"),
    )
)
_DEEPEST = 12
_MOST_OPTIONS = 12
_LONGEST = 4000
_LARGEST = 2**53

TRUE, FALSE = "true", "false"


class Known(NamedTuple):
    """What is known of a member that a rule asks about.

    Attributes:
        kind: Its type in JSON; empty where it can be of several.
        whole: Whether it is a whole number.
        nullable: Whether it can be null, which a rule takes for absent.
        required: Whether it is always there.
    """

    kind: str
    whole: bool
    nullable: bool
    required: bool


_UNKNOWN = Known("", whole=False, nullable=True, required=False)


@dataclass
class Sayer:
    """Says schemas of objects with known members.

    Attributes:
        shape_of: Makes a shape of what cannot be said of members; if there is none,
            such a schema is not said at all.
        having: Makes a shape of the objects that have a member which CEL cannot name.
        asked: The members that the rule at hand is about.
        nulls: Whether one of them can be null.
        shapes: The shapes that it asks for.
        exact: Those of them whose values it may refuse.
        is_strict: Whether what is being said is refused where it is true.
    """

    document: Document
    members: Mapping[str, Known]
    shape_of: Callable[[list[Node]], str] | None = None
    having: Callable[[str], str] | None = None
    asked: dict[str, None] = field(default_factory=dict[str, None])
    nulls: bool = False
    shapes: dict[str, None] = field(default_factory=dict[str, None])
    exact: dict[str, None] = field(default_factory=dict[str, None])
    is_strict: bool = False

    def forget(self) -> None:
        """Begin with another rule."""
        self.asked, self.shapes, self.exact = {}, {}, {}
        self.nulls = self.is_strict = False

    def known(self, name: str) -> Known | None:
        """What is known of a member; none if it cannot be asked about."""
        if not _is_sayable(name):
            return None
        self.asked[name] = None
        found = self.members.get(name, _UNKNOWN)
        self.nulls = self.nulls or found.nullable
        return found

    def says(self, node: Node, depth: int = 0) -> str | None:
        """A schema of objects as an expression, if it can be one."""
        before = {**self.asked}, self.nulls, {**self.shapes}, {**self.exact}
        found = self.plainly(node, depth)
        if found is not None and len(found) < _LONGEST // 2:
            return found
        if self.shape_of is None:
            return found
        self.asked, self.nulls, self.shapes, self.exact = before
        return self.asking(self.shape_of([node]))

    def asking(self, shape: str) -> str:
        """Whether the object is right by a shape."""
        self.shapes[shape] = None
        if self.is_strict:
            self.exact[shape] = None
        return f"conforms(this, '{shape}')"

    def strictly(self, nodes: list[Node], depth: int) -> list[str | None]:
        """Schemas as expressions that have to be true of nothing but what is right."""
        before, self.is_strict = self.is_strict, True
        found = [self.says(one, depth) for one in nodes]
        self.is_strict = before
        return found

    def plainly(self, node: Node, depth: int) -> str | None:
        """A schema of objects as an expression over its members."""
        if isinstance(node.value, bool):
            return TRUE if node.value else FALSE
        if depth > _DEEPEST:
            return None
        parts = laid_together(self.document, [node])
        if parts.notes:
            return None
        if parts.never or "object" not in parts.kinds():
            return FALSE
        if "const" in parts or "enum" in parts:
            return None
        clauses = self.clauses(parts, depth)
        return None if clauses is None else _all(clauses)

    def clauses(self, parts: Parts, depth: int) -> list[str] | None:
        """What the keywords of objects say, each as an expression."""
        found: list[str] = []
        for keyword, nodes in parts.said.items():
            if keyword not in ASSERTING:
                continue
            for node in nodes:
                clause = self.clause(parts, keyword, node, depth)
                if clause is None:
                    return None
                found.append(clause)
        return found

    def clause(
        self, parts: Parts, keyword: str, node: Node, depth: int = 0
    ) -> str | None:
        """What one keyword says, if that can be said."""
        value = node.value
        match keyword:
            case "required":
                return _join(map(self.has, value))
            case "properties":
                return _join(
                    self.property(name, node.child(name), depth) for name in value
                )
            case "dependentRequired":
                return _join(
                    self.implied(name, _join(map(self.has, needed)))
                    for name, needed in value.items()
                )
            case "dependentSchemas" | "dependencies":
                return _join(
                    self.implied(
                        name,
                        _join(map(self.has, below))
                        if isinstance(below, list)
                        else self.says(node.child(name), depth + 1),
                    )
                    for name, below in value.items()
                )
            case "if":
                return self.conditional(parts, node, depth)
            case "then" | "else":
                return TRUE
            case "not" | "oneOf":
                return self.combined(keyword, self.strictly(_listed(node), depth + 1))
            case "anyOf":
                return self.combined(
                    keyword, [self.says(one, depth + 1) for one in _listed(node)]
                )
            case _:
                return None if _concerns_objects(keyword) else TRUE

    def conditional(self, parts: Parts, node: Node, depth: int) -> str | None:
        """`if`, with the `then` and `else` beside it."""
        (around, *_) = (one for one in parts.sources if f"{one}/if" == str(node))
        (condition,) = self.strictly([node], depth + 1)
        if condition is None:
            return None
        yes = no = TRUE
        if "then" in around.value:
            yes = self.says(around.child("then"), depth + 1) or ""
        if "else" in around.value:
            no = self.says(around.child("else"), depth + 1) or ""
        if not yes or not no:
            return None
        return _all([_or(_not(condition), yes), _or(condition, no)])

    def combined(self, keyword: str, said: list[str | None]) -> str | None:
        """`not`, `anyOf` or `oneOf` of expressions."""
        given = [one for one in said if one is not None]
        if keyword != "not" and len(given) == len(said) > 1:
            asked = [_ASKS.fullmatch(one) for one in given]
            names = [one[1] for one in asked if one is not None]
            if len(names) == len(given):
                return conforming(names, keyword)
        if len(given) < len(said) or len(given) > _MOST_OPTIONS:
            return None
        if keyword == "not":
            return _not(given[0])
        if keyword == "anyOf":
            return _any(given)
        return _exactly_one(given)

    # --- members ------------------------------------------------------------------

    def has(self, name: str) -> str | None:
        """Whether a member is there."""
        before = self.nulls
        if not is_name(name):
            return having(name)
        known = self.known(name)
        if known is None:
            return self.asking(self.having(name)) if self.having else None
        if known.nullable and known.kind and self.having:
            self.nulls = before  # null is a value of it, and so it is there
            return self.asking(self.having(name))
        certain = known.required and not known.nullable
        return TRUE if certain else f"has(this.{name})"

    def implied(self, name: str, said: str | None) -> str | None:
        """What has to be true if a member is there."""
        has = self.has(name)
        return None if has is None or said is None else _or(_not(has), said)

    def property(self, name: str, node: Node, depth: int) -> str | None:
        """What a schema says of a member, if it is there."""
        if says_nothing(node):
            return TRUE
        known = self.known(name)
        if known is None:
            return None
        said = self.value(known, f"this.{name}", node, depth)
        if said is None:
            return None
        certain = known.required and not known.nullable
        return said if certain else _or(f"!has(this.{name})", said)

    def value(self, known: Known, place: str, node: Node, depth: int) -> str | None:
        """What a schema says of a value of a known type."""
        if isinstance(node.value, bool):
            return TRUE if node.value else FALSE
        if depth > _DEEPEST or known.kind in ("object", "other", "null"):
            return None
        parts = laid_together(self.document, [node])
        if parts.notes:
            return None
        if parts.never:
            return FALSE
        if known.kind == "array":
            return self.items(place, parts)
        if not known.kind:
            if {*parts.said} & ASSERTING == {"not"} and says_all(parts, "not"):
                refused = {*KINDS} - parts.kinds()
                return TRUE if refused == {"null"} else None  # null is absent here
            return _one_of_any(place, parts)
        if known.kind not in parts.kinds():
            return FALSE
        if known.kind == "number" and parts.is_whole and not known.whole:
            return None
        found: list[str | None] = [_one_of(known, place, parts)]
        for keyword, nodes in parts.said.items():
            for one in nodes:
                if keyword in ("not", "anyOf", "oneOf"):
                    said = [
                        self.value(known, place, below, depth + 1)
                        for below in _listed(one)
                    ]
                    found.append(self.combined(keyword, said))
                elif keyword in ASSERTING:
                    found.append(_bound(known, place, keyword, one.value))
        return _join(found)

    def items(self, place: str, parts: Parts) -> str | None:
        """What a schema says of a list: of its length, and that it has some item."""
        if "array" not in parts.kinds():
            return FALSE
        said = parts.said.keys() & (ASSERTING | {"const", "enum"})
        if not said <= {"contains", "minItems", "maxItems"}:
            return None
        found: list[str | None] = []
        for word, sign in (("minItems", ">="), ("maxItems", "<=")):
            bound = parts.tightest(word, least=word == "minItems")
            found.append(TRUE if bound is None else f"size({place}) {sign} {bound:.0f}")
        for node in parts.said.get("contains", ()):
            inner = laid_together(self.document, [node])
            one = None if inner.notes or inner.never else _one_of_any("item", inner)
            found.append(None if one is None else f"{place}.exists(item, {one})")
        return _join(found)


_ASKS = re.compile(r"conforms\(this, ('\w+')\)")


def conforming(names: Iterable[str], keyword: str) -> str:
    """Whether the object is right by one of some shapes: one at least, or one alone."""
    wanted = "== 1" if keyword == "oneOf" else "> 0"
    return f"conforming(this, [{', '.join(names)}]) {wanted}"


def _listed(node: Node) -> list[Node]:
    if isinstance(node.value, list):
        return [node.child(at) for at in range(len(node.value))]
    return [node]


def _concerns_objects(keyword: str) -> bool:
    return keyword in ABOUT["object"] or keyword in ANY_TYPE


def _one_of(known: Known, place: str, parts: Parts) -> str | None:
    """What `const` and `enum` say of a value."""
    if "const" not in parts and "enum" not in parts:
        return TRUE
    listed = [
        one
        for one in parts.without(*ASSERTING).values() or ()
        if kind_of(one) == known.kind
    ]
    said = [_literal(known, one) for one in listed]
    given = [one for one in said if one]
    if len(given) < len(said):
        return None
    if known.kind == "boolean":
        return (
            TRUE if len(given) > 1 else (f"{place} == {given[0]}" if given else FALSE)
        )
    if not given:
        return FALSE
    if len(given) == 1:
        return f"{place} == {given[0]}"
    return f"{place} in [{', '.join(given)}]"


def _one_of_any(place: str, parts: Parts) -> str | None:
    """What `const` and `enum` say of a value of which no type is known."""
    if parts.said.keys() & ASSERTING or not {"const", "enum"} & parts.said.keys():
        return None
    found: list[str] = []
    for value in parts.values() or ():
        kind = kind_of(value)
        whole = kind == "number" and value % 1 == 0
        known = Known(kind, whole, nullable=False, required=False)
        said = _literal(known, value)
        if said is None or kind not in ("boolean", "number", "string"):
            return None
        found.append(f"{place} == {said}")
    return _any(found)


_SIGNS = {
    "minimum": ">=",
    "maximum": "<=",
    "exclusiveMinimum": ">",
    "exclusiveMaximum": "<",
}
_SIZES = {"minLength": ">=", "maxLength": "<="}


def _bound(known: Known, place: str, keyword: str, limit: Any) -> str | None:
    """What a bound says of a value."""
    if keyword in _SIGNS and known.kind == "number":
        if isinstance(limit, bool):
            return None
        if known.whole and limit % 1:
            return None
        literal = _literal(known, limit)
        return f"{place} {_SIGNS[keyword]} {literal}" if literal else None
    if keyword in _SIZES and known.kind == "string":
        return f"size({place}) {_SIZES[keyword]} {int(limit)}"
    about = ABOUT[known.kind] if known.kind in ("number", "string") else ()
    return None if keyword in about else TRUE


def _literal(known: Known, value: Any) -> str | None:
    match value:
        case bool():
            return TRUE if value else FALSE
        case str():
            if visible(value) != value or "\\" in value:
                return None
            return json.dumps(value, ensure_ascii=False)
        case int() | float() if abs(value) < _LARGEST:
            if known.whole:
                return str(int(value)) if value % 1 == 0 else None
            return repr(float(value))
        case _:
            return None


def _is_sayable(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name not in _RESERVED


# --- expressions ------------------------------------------------------------------


def _not(said: str) -> str:
    match said:
        case "true":
            return FALSE
        case "false":
            return TRUE
        case _ if said.startswith("!(") and _is_one(said[1:]):
            return said[2:-1]
        case _ if said.startswith("!has(") and said.count("(") == 1:
            return said[1:]
        case _ if said.startswith("has(") and said.count("(") == 1:
            return f"!{said}"
        case _:
            return f"!({said})"


def _is_one(said: str) -> bool:
    """Whether the first bracket is closed by the last one."""
    depth = 0
    for at, sign in enumerate(said):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return at == len(said) - 1
    return False


def _join(said: Iterator[str | None] | list[str | None]) -> str | None:
    found: list[str] = []
    for one in said:
        if one is None:
            return None
        found.append(one)
    return _all(found)


def _all(said: list[str]) -> str:
    left = [one for one in dict.fromkeys(said) if one != TRUE]
    if FALSE in left:
        return FALSE
    if not left:
        return TRUE
    return left[0] if len(left) == 1 else " && ".join(map(_in_brackets, left))


def _any(said: list[str]) -> str:
    left = [one for one in dict.fromkeys(said) if one != FALSE]
    if TRUE in left:
        return TRUE
    if not left:
        return FALSE
    return left[0] if len(left) == 1 else " || ".join(map(_in_brackets, left))


def _or(one: str, other: str) -> str:
    return _any([one, other])


def _exactly_one(said: list[str]) -> str:
    certain = said.count(TRUE)
    left = [one for one in said if one not in (TRUE, FALSE)]
    if certain > 1:
        return FALSE
    if certain:
        return _all([_not(one) for one in left])
    if not left:
        return FALSE
    if len(left) == 1:
        return left[0]
    if len(left) == 2:
        return f"{_in_brackets(left[0])} != {_in_brackets(left[1])}"
    counted = " + ".join(f"({one} ? 1 : 0)" for one in left)
    return f"{counted} == 1"


def _in_brackets(said: str) -> str:
    simple = re.fullmatch(r"!?has\([\w.]+\)", said) or " " not in said
    return said if simple else f"({said})"


def rule(keyword: str, node: Node, cel: str, number: int) -> Rule:
    """A rule for a keyword of a schema, with an id that tells which."""
    words = re.sub(r"([A-Z])", r"-\1", keyword).lower()
    id_ = words if number == 1 else f"{words}-{number}"
    return Rule(
        id=id_,
        cel=cel,
        message=_MESSAGES.get(keyword, f"This breaks `{keyword}` of the schema."),
        remark=f"{node}",
    )


def is_short(cel: str) -> bool:
    """Whether an expression is one that a person could read."""
    return len(cel) <= _LONGEST


_MESSAGES = {
    "anyOf": "These members match none of the allowed combinations.",
    "oneOf": "These members must match exactly one of the allowed combinations.",
    "not": "These members exclude each other.",
    "if": "A condition among these members is not met.",
    "dependentRequired": "A member that another one needs is missing.",
    "dependentSchemas": "A condition that depends on a member is not met.",
    "dependencies": "A condition that depends on a member is not met.",
}
