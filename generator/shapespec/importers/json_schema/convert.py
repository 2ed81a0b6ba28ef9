"""Makes shapes of schemas: one method for each type, and a note for what is left."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from shapespec.contract.formats import FORMATS
from shapespec.contract.schema import Bounds, Deprecated
from shapespec.drafts.model import (
    Member,
    Note,
    Rule,
    Shape,
    Target,
    Value,
    references,
)
from shapespec.drafts.names import identifier
from shapespec.ground.pointer import steps
from shapespec.importers.json_schema import choice, items, others
from shapespec.importers.json_schema.document import Document, Node
from shapespec.importers.json_schema.judge import is_right
from shapespec.importers.json_schema.meaning import note_at
from shapespec.importers.json_schema.names import (
    capital,
    capitalised,
    last,
    last_step,
    readable,
    title_of,
)
from shapespec.importers.json_schema.parts import (
    ABOUT,
    ANY_TYPE,
    Parts,
    alias,
    kind_of,
    laid_together,
    says_all,
    says_nothing,
)
from shapespec.importers.json_schema.rules import (
    FALSE,
    TRUE,
    Known,
    Sayer,
    is_short,
    rule,
)
from shapespec.importers.json_schema.scalars import (
    DOCUMENT,
    NAMED,
    NOTHING,
    STRING,
    is_nothing,
    looking_ahead,
    number,
    patterned,
    refusing,
    requiring,
    special,
    with_patterns,
)

_ORDER = ("string", "number", "boolean", "array", "object")
_ALL = frozenset(_ORDER)
_UNKNOWN = ("never", "remote-reference")
"""The limitations that leave open whether null is right."""
_CONDITIONS = (
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "if",
    "not",
    "anyOf",
    "oneOf",
)
"""The keywords of objects that rules can say."""


class Converter:
    """Makes shapes of the schemas of a document.

    Attributes:
        shapes: Those that have a name, by their ids.
    """

    def __init__(self, document: Document, *, docs: bool, infer: bool = False) -> None:
        """Convert the schemas of a document.

        Args:
            document: The document.
            docs: Whether its descriptions come along.
            infer: Whether what states no type is an object or a list if its keywords
                are about these.
        """
        self.document = document
        self.docs = docs
        self.infer = infer
        self.shapes: dict[str, Shape] = {}
        self.asserted: dict[str, list[str]] = {}
        self._ids: dict[str, str] = {}
        self._pending: list[tuple[str, Node]] = []
        self._made: dict[tuple[str, ...], Target] = {}
        self._open: dict[tuple[str, ...], tuple[str, str | None]] = {}
        self._nullable: dict[str, bool] = {}
        self.partial: dict[str, Target] = {}
        self.lent: set[str] = set()
        self.joining: set[tuple[str, ...]] = set()
        self._asked: dict[str, str] = {}
        self._given = dict(document.given)
        self._taken: set[str] = {*self._given.values()}

    # --- names --------------------------------------------------------------------

    def reference(self, node: Node) -> Target:
        """The shape of a schema that others refer to; `make_all` makes it."""
        seen: set[str] = set()
        while (other := alias(self.document, node)) is not None:
            if node.place in seen:
                return DOCUMENT.noting("never", f"{node}: it refers to itself")
            seen.add(node.place)
            self.document.followed.add(other.place)
            node = other
        if isinstance(node.value, bool):
            return self.shape([node], "")
        if node.place in self._ids:
            return self._ids[node.place]
        name = self._given.get(node.place)
        if name is None or name in self.lent:
            name = self.free(last_step(node))
        self._ids[node.place] = name
        self._pending.append((name, node))
        return name

    def make_all(self) -> None:
        """Make the shapes that have been referred to, and those that these refer to."""
        while self._pending:
            name, node = self._pending.pop()
            target: Target = self.shape([node], identifier(name))
            if node.pointer and not self.is_nullable([node]):
                target = self._but_null(target, name)
            assert isinstance(target, Shape)  # noqa: S101  # a choice has no name
            self.shapes[name] = replace(target, doc=target.doc or self.doc(node))

    def name_root(self, name: str) -> Target:
        """The shape of the whole document, under a name."""
        self._given.setdefault(self.document.root.place, self.free(name))
        return self.reference(self.document.root)

    def is_unused_root(self, name: str) -> bool:
        """Whether a shape is the whole document, no root, and not referred to."""
        place = self.document.root.place
        if self._ids.get(place) != name or self.shapes[name].type != "document":
            return False
        return all(name not in references(shape) for shape in self.shapes.values())

    def free(self, wanted: str, otherwise: str | None = None) -> str:
        """A name that no shape has, and that is taken from now on.

        Args:
            wanted: The name that it should be.
            otherwise: The one that it is if another shape has that.
        """
        base = capitalised(identifier(readable(wanted)))
        if base in self._taken and otherwise:
            base = capitalised(identifier(readable(otherwise)))
        found, count = base, 1
        while found in self._taken:
            count += 1
            found = f"{base}{count}"
        self._taken.add(found)
        return found

    def target(self, nodes: list[Node], name: str) -> Target:
        """What a member, an item or a value is: a name, or a shape in place."""
        nodes = [one for one in nodes if not says_nothing(one)] or nodes[:1]
        if len(nodes) == 1 and isinstance(nodes[0].value, dict):
            other = alias(self.document, nodes[0]) or choice.sole_option(
                self.document, nodes[0]
            )
            if other is not None:
                self.document.followed.add(other.place)
                return self.reference(other)
            if nodes[0].place in self._ids:
                return self._ids[nodes[0].place]
        places = tuple(node.place for node in nodes)
        if places in self._made:
            return self._made[places]
        if places in self._open:  # it contains itself, so it needs a name
            outer, reserved = self._open[places]
            reserved = reserved or self.free(outer, name)
            self._open[places] = outer, reserved
            return reserved
        self._open[places] = title_of(nodes[0]) or name, None
        shape = self.shape(nodes, name)
        outer, reserved = self._open.pop(places)
        made = self.kept(shape, outer, name, reserved)
        self._made[places] = made
        return made

    def kept(
        self, shape: Shape, wanted: str, name: str, reserved: str | None = None
    ) -> Target:
        """A shape in place, or its name where it needs one."""
        if not reserved and shape.type not in NAMED:
            return shape
        made = reserved or self.free(wanted, name)
        self.shapes[made] = shape
        return made

    # --- shapes -------------------------------------------------------------------

    def shape(self, nodes: list[Node], name: str) -> Shape:
        """The shape of schemas that must all hold."""
        return self.of_parts(laid_together(self.document, nodes), name)

    def of_parts(self, parts: Parts, name: str) -> Shape:
        """The shape of what is laid together, with all its notes."""
        if parts.never:
            return NOTHING
        values = choice.finite(self, parts)
        if values is not None:
            return self.listed(parts, values, name)
        kinds = choice.kinds_of(self.document, parts) - {"null"}
        if not kinds:
            return _noted(NOTHING, *parts.notes)
        if self.infer and not parts.is_typed and kinds == _ALL:
            kinds = inferred(parts)
        if kinds == {"object"} and choice.has_options(parts):
            left, _, _ = self.conditions(parts, ("anyOf", "oneOf"))
            if not choice.has_options(left) and not choice.is_tagged(self, parts):
                alone = parts.of("object")
                return self.finished(self.object(alone, name), alone, kinds)
        if choice.has_options(parts):
            return choice.shape(self, parts, name)
        if kinds == _ALL and not self.says(parts):
            return self.finished(DOCUMENT, parts, kinds)
        if len(kinds) == 1:
            (kind,) = kinds
            alone = self._about(parts, kind)
            return self.finished(self.of_kind(alone, kind, name), alone, kinds)
        made_of: list[Shape] = []
        unsaid: dict[str, list[Node]] = {}
        for kind in (one for one in _ORDER if one in kinds):
            alone = self._about(parts, kind)
            made_of.append(self.of_kind(alone, kind, name))
            for keyword in ANY_TYPE:
                known = unsaid.setdefault(keyword, [])
                more = alone.said.get(keyword, ())
                known += [node for node in more if node not in known]
        parts.said = {**parts.said, **unsaid}
        made_of = [one for one in made_of if not is_nothing(one)] or made_of[:1]
        if len(made_of) == 1:
            return self.finished(made_of[0], parts, kinds)
        return self.finished(self.one_of(made_of, name), parts, kinds)

    def asked(self, nodes: list[Node], owner: str) -> str:
        """The name of the shape that a rule asks whether an object conforms to."""
        node = nodes[0]
        if len(nodes) == 1 and (other := alias(self.document, node)) is not None:
            self.document.followed.add(other.place)
            made = self.reference(other)
            if isinstance(made, str):
                return made
        place = " ".join(one.place for one in nodes)
        if place not in self._asked:
            name = self.free(title_of(node) or owner + _part(node), owner + _part(node))
            self._asked[place] = name
            parts = laid_together(self.document, nodes).of("object")
            self.shapes[name] = self.of_parts(parts, name)
        return self._asked[place]

    def having(self, node: Node, owner: str, name: str) -> str:
        """The name of the shape of the objects that have a member, whatever it is."""
        member = Member(name=name, target=DOCUMENT, required=True)
        made = Shape(type="structure", members=(member,))
        key = node.child()._replace(pointer=f"{node.pointer} {name}")
        return self.for_rule(key, made, f"{owner}With{capital(name)}")

    def own_name(self, node: Node, otherwise: str) -> str:
        """A name for a part of a definition: its own, if nothing else has it."""
        given = self._given.get(node.place)
        if given is None or node.place in self._ids or given in self.lent:
            return self.free(last_step(node), otherwise)
        self.lent.add(given)
        return given

    def for_rule(self, node: Node, shape: Shape, name: str) -> str:
        """The name of a shape that a rule about a place asks for."""
        place = f"{node.place} {shape.type} {shape.length}"
        if place not in self._asked:
            self._asked[place] = self.free(name)
        self.shapes[self._asked[place]] = shape
        return self._asked[place]

    @property
    def all_asked(self) -> frozenset[str]:
        """The shapes that are there for rules alone."""
        return frozenset(self._asked.values())

    def anything(self, name: str) -> Target:
        """Any value but null."""
        every = Shape(type="map", key=STRING, value=DOCUMENT, sparse=True)
        items = Shape(type="list", member=DOCUMENT, sparse=True)
        plain = (STRING, Shape(type="double"), Shape(type="boolean"))
        return self.one_of((*plain, items, every), name)

    def nothing(self) -> Shape:
        """The shape of what no value is right for."""
        return NOTHING

    def says(self, parts: Parts) -> bool:
        """Whether the parts say anything of values of some type."""
        return (
            any(word in parts for words in ABOUT.values() for word in words)
            or bool(parts.said.keys() & {"type", "format", "contentEncoding"})
            or any(map(self._refuses_texts, parts.said.get("not", ())))
        )

    def _refuses_texts(self, node: Node) -> bool:
        """Whether `not` refuses some texts, and nothing else."""
        refused = laid_together(self.document, [node])
        return choice.kinds_of(self.document, refused) == {"string"}

    def one_of(self, shapes: Iterable[Shape], name: str) -> Shape:
        """A value of one of several shapes, which the type tells apart."""
        options: list[Target] = []
        for shape in shapes:
            if shape.type == "one_of":
                options += shape.options
            else:
                options.append(self.kept(shape, f"{name}{_option(shape)}", name))
        return Shape(type="one_of", options=tuple(options))

    def _about(self, parts: Parts, kind: str) -> Parts:
        """The parts about the values of a type, without what refuses others only."""
        found = parts.of(kind)
        refused = [
            node
            for node in parts.said.get("not", ())
            if kind
            in choice.kinds_of(self.document, laid_together(self.document, [node]))
        ]
        found.said = {**parts.said, "not": refused}
        if not refused:
            del found.said["not"]
        return found

    def of_kind(self, parts: Parts, kind: str, name: str) -> Shape:
        """The shape of the values of one type."""
        match kind:
            case "object":
                return self.object(parts, name)
            case "array":
                return self.array(parts, name)
            case "string":
                return self.text(parts)
            case "number":
                return number(parts)
            case _:
                return Shape(type="boolean")

    def finished(self, shape: Shape, parts: Parts, kinds: Iterable[str]) -> Shape:
        """A shape with a note for each keyword that no maker carries or has noted."""
        left = [
            note_at("unsupported-keyword", node)
            for keyword in ANY_TYPE
            if keyword != "if"  # `then` and `else` speak for it
            if keyword in parts and not says_all(parts, keyword)
            for node in parts.said[keyword]
            if not _is_idle(parts, keyword, node)
        ]
        return _noted(shape, *parts.notes, *left)

    # --- objects ------------------------------------------------------------------

    def object(self, parts: Parts, name: str, *, named: bool = False) -> Shape:
        """A structure where members are named, here or elsewhere, else a map."""
        properties, required = parts.properties(), parts.required()
        left, rules, more = self.conditions(parts, _CONDITIONS, name)
        if any(one.cel == FALSE for one in rules):
            parts.said = left.said
            return NOTHING
        for asked in (name for made_rule in rules for name in made_rule.asks):
            properties.setdefault(asked, parts.about(asked))
        patterns = [
            node.child(pattern)
            for node in parts.said.get("patternProperties", ())
            for pattern in node.value
        ]
        closed = parts.closed()
        if (
            not (named or properties or required or rules)
            and parts.names_all
            and (patterns or not closed)
            and _is_one_map(parts, patterns, closed)
        ):
            parts.said = left.said
            made = self.map(parts, patterns, name, closed=closed)
            return _noted(made, *more)
        for one in required:
            properties.setdefault(one, parts.about(one))
        beside, notes = others.rules(self, parts, name)
        rules += beside
        notes += [
            note_at("unsupported-keyword", node)
            for node in parts.said.get("unevaluatedProperties", ())
            if not says_nothing(node) and not _is_carried(parts, node)
        ]
        members = [
            self.member(one, nodes, parts, name, required=one in required)
            for one, nodes in properties.items()
        ]
        made = Shape(
            type="structure",
            members=tuple(members),
            closed=True if others.is_closed(parts) else None,
            notes=tuple(notes),
        )
        parts.said = left.said
        return _noted(replace(made, rules=tuple(rules)), *more)

    def conditions(
        self, parts: Parts, keywords: tuple[str, ...], owner: str = ""
    ) -> tuple[Parts, list[Rule], list[Note]]:
        """What rules say of an object; and the parts without it.

        What no rule can say of the keywords that are about objects alone has a note.
        With the name of its owner, what is not about members becomes shapes.
        """
        sayer: Sayer | None = None
        said = {**parts.said}
        rules: list[Rule] = []
        notes: list[Note] = []
        counts: dict[str, int] = {}
        for keyword in keywords:
            left: list[Node] = []
            for node in parts.said.get(keyword, ()):
                if _is_idle(parts, keyword, node):
                    continue
                if sayer is None:
                    sayer = Sayer(self.document, self.known(parts))
                    if owner:
                        sayer.shape_of = partial(self.asked, owner=owner)
                        sayer.having = partial(self.having, parts.at, owner)
                sayer.forget()
                cel = sayer.clause(parts, keyword, node)
                if cel is None or not is_short(cel):
                    left.append(node)
                elif cel != TRUE:
                    counts[keyword] = counts.get(keyword, 0) + 1
                    made = rule(keyword, node, cel, counts[keyword])
                    note = note_at("unsupported-keyword", node)
                    asks = tuple(sayer.asked)
                    rules.append(
                        replace(
                            made,
                            note=note,
                            asks=asks,
                            shapes=_asked_in(cel, sayer.shapes),
                            exact=_asked_in(cel, sayer.exact),
                            instead=_at_least(cel),
                        )
                    )
                    if sayer.nulls:
                        notes.append(note_at("null-in-rule", node))
            said.pop(keyword, None)
            if left and keyword in ABOUT["object"]:
                notes += [note_at("unsupported-keyword", node) for node in left]
            elif left:
                said[keyword] = left
        return replace(parts, said=said), rules, notes

    def known(self, parts: Parts) -> dict[str, Known]:
        """What rules can know of the members of an object."""
        required = parts.required()
        found: dict[str, Known] = {}
        for name, nodes in parts.properties().items():
            below = choice.without_null(
                self.document, laid_together(self.document, nodes)
            )
            kinds = below.kinds() - {"null"}
            nullable = self.is_nullable(nodes)
            kind = next(iter(kinds)) if len(kinds) == 1 else ""
            if kind == "string" and special(below):
                kind = "other"
            whole = below.is_whole
            if kind == "number" and not whole:
                values = below.values()
                whole = bool(values) and all(
                    one % 1 == 0 for one in values or () if one is not None
                )
            found[name] = Known(kind, whole, nullable, name in required)
        return found

    def member(
        self,
        name: str,
        nodes: list[Node],
        parts: Parts,
        owner: str,
        *,
        required: bool,
    ) -> Member:
        """A member, whatever its schemas say of it beside its shape."""
        demanded = parts.demands(name) if required else ""
        if not nodes:  # required, and nothing is said of it
            return Member(name=name, target=DOCUMENT, required=required)
        nullable = self.is_nullable(nodes)
        target = self.target(nodes, owner + capital(name))
        if not nullable:
            target = self._but_null(target, owner + capital(name))
        said = nodes[0].value if isinstance(nodes[0].value, dict) else {}
        nullable = nullable and not _is_any(target)
        default = said.get("default")
        examples = said.get("examples", ())
        return Member(
            name=name,
            target=target,
            required=required,
            demanded=demanded,
            nullable=True if nullable else None,
            default=None if default is None else (default,),
            examples=tuple(examples) if isinstance(examples, list) else (),
            doc=self.doc(nodes[0]),
            deprecated=Deprecated() if said.get("deprecated") is True else None,
            sensitive=said.get("format") == "password",
        )

    def map(
        self, parts: Parts, patterns: list[Node], name: str, *, closed: Node | None
    ) -> Shape:
        """Values of one shape under keys of the writer's choice."""
        values: list[Node] = []
        key: Target = STRING
        notes: list[Note] = []
        if len(patterns) == 1 and closed:
            values = patterns
            at = patterns[0]
            pattern = last(at.pointer)
            key = patterned(STRING, pattern, str(at))
        else:
            notes += [note_at("additional-typed", node) for node in patterns]
            if closed:
                notes.append(note_at("closed", closed))
            elif not patterns:
                values = [
                    node
                    for node in parts.said.get("additionalProperties", ())
                    if not says_nothing(node)
                ]
            else:
                notes += [
                    note_at("additional-typed", node)
                    for node in parts.said.get("additionalProperties", ())
                    if not says_nothing(node)
                ]
        names = [
            node
            for node in parts.said.get("propertyNames", ())
            if not says_nothing(node)
        ]
        if names:
            key = self.key(names, f"{name}Key")
        notes += [
            note_at("unsupported-keyword", node)
            for node in parts.said.get("unevaluatedProperties", ())
            if not says_nothing(node)
        ]
        value = self.inner(values, f"{name}Value")
        low, high = (
            parts.tightest("minProperties", least=True),
            parts.tightest("maxProperties", least=False),
        )
        return Shape(
            type="map",
            key=key,
            value=value,
            length=Bounds(low, high),
            demanded=parts.place("minProperties"),
            sparse=not values or self.is_nullable(values),
            notes=tuple(notes),
        )

    def key(self, nodes: list[Node], name: str) -> Target:
        """What the keys of a map are: texts, whatever else they are written as."""
        said = laid_together(self.document, nodes).of("string")
        if special(said):
            formats = [*said.said.get("format", ())]
            said = said.without("format", "contentEncoding")
            said.notes += [note_at("map-key", node) for node in formats]
        return self.kept(self.of_parts(said, name), name, name)

    def inner(self, nodes: list[Node], name: str) -> Target:
        """What an item or a value is; null is not among it where none is right."""
        if not nodes:
            return DOCUMENT
        target = self.target(nodes, name)
        if not self.is_nullable(nodes):
            return self._but_null(target, name)
        return target

    def _but_null(self, target: Target, name: str) -> Target:
        """What a value is that is not null, though any other one is right."""
        if not isinstance(target, Shape) or not _is_any(target):
            return target
        if any(one.rule in _UNKNOWN for one in target.notes):
            return target
        made = self.anything(name)
        return _noted(made, *target.notes) if isinstance(made, Shape) else made

    # --- lists --------------------------------------------------------------------

    def array(self, parts: Parts, name: str) -> Shape:
        """A list, whose first items may have shapes of their own."""
        layout = items.layout(parts)
        notes = [*layout.notes]
        first = layout.first
        unique = any(node.value is True for node in parts.said.get("uniqueItems", ()))
        least = parts.tightest("minItems", least=True)
        most = parts.tightest("maxItems", least=False)
        if layout.most is not None:
            most = layout.most if most is None else min(most, layout.most)
        if least is not None and most is not None and least > most:
            return NOTHING
        rest = [one for one in layout.rest if not says_nothing(one)]
        member: Target | None = None
        if most is None or most > len(first) or not first:
            member = self.inner(rest, f"{name}Item")
        nullable = [not nodes or self.is_nullable(nodes) for nodes in first]
        if member is not None:
            nullable.append(not rest or self.is_nullable(rest))
        if any(nullable) and not all(nullable):
            notes.append(note_at("null-in-tuple", parts.at))
        prefix = tuple(
            self.inner(nodes, f"{name}Item{at + 1}") for at, nodes in enumerate(first)
        )
        return Shape(
            type="list",
            member=member,
            prefix=prefix,
            length=Bounds(least or 0, most) if prefix else Bounds(least, most),
            demanded=parts.place("minItems"),
            unique_items=unique,
            sparse=any(nullable),
            notes=tuple(notes),
        )

    # --- simple types ---------------------------------------------------------------

    def text(self, parts: Parts) -> Shape:
        """A string; a timestamp or a blob, where the schema says that it is one."""
        kind = special(parts)
        length = Bounds(
            parts.tightest("minLength", least=True),
            parts.tightest("maxLength", least=False),
        )
        if kind:
            shape = Shape(type=kind)
            for keyword in ("minLength", "maxLength", "pattern"):
                for node in parts.said.get(keyword, ()):
                    shape = _noted(shape, note_at("text-length", node))
            at = (parts.said.get("format") or parts.said["contentEncoding"])[0]
            self.asserted.setdefault(at.value, []).append(str(at))
            return shape
        sensitive = any(one.value == "password" for one in parts.said.get("format", ()))
        named = (one.value for one in parts.said.get("format", ()))
        known = next((one for one in named if one in FORMATS), None)
        shape = Shape(type="string", length=length, sensitive=sensitive, format=known)
        written = {node.value: node for node in parts.said.get("pattern", ())}
        return self._with_conditions(with_patterns(shape, [*written.values()]), parts)

    def _with_conditions(self, shape: Shape, parts: Parts) -> Shape:
        """A string of which patterns say what it must not be, and what then or else."""
        said = {**parts.said}
        for keyword, conditions in (("not", self._refused), ("if", self._conditional)):
            left: list[Node] = []
            for node in parts.said.get(keyword, ()):
                ahead = None if _is_idle(parts, keyword, node) else conditions(node)
                made = ahead and looking_ahead(shape, [ahead])
                shape = made or shape
                if ahead is None or (ahead and made is None):
                    left.append(node)
            said[keyword] = left
        if "if" in parts and not said["if"]:
            said |= {"then": [], "else": []}
        parts.said = {word: nodes for word, nodes in said.items() if nodes}
        return shape

    def _text(self, node: Node) -> Parts:
        return laid_together(self.document, [node]).of("string")

    def _refused(self, node: Node) -> str | None:
        return refusing(self._text(node))

    def _conditional(self, node: Node) -> str | None:
        """What `if`, `then` and `else` say of a text, looking ahead."""
        around = node.library.at(node, node.pointer.rpartition("/")[0])
        is_one, is_none = requiring(self._text(node)), refusing(self._text(node))
        if is_none == "":
            return self._branch(around, "else")
        if is_one is None or is_none is None:
            return None
        found: list[str] = []
        for word, otherwise in (("then", is_none), ("else", is_one)):
            said = self._branch(around, word)
            if said is None:
                return None
            if said:
                found.append(f"(?:{otherwise}|{said})")
        return "".join(found)

    def _branch(self, around: Node, word: str) -> str | None:
        """What `then` or `else` says, looking ahead; empty if nothing."""
        if word not in around.value or says_nothing(around.child(word)):
            return ""
        return requiring(self._text(around.child(word)))

    def listed(self, parts: Parts, values: list[Any], name: str) -> Shape:
        """The shape of a set of values."""
        found = [one for one in values if one is not None]
        if not found:
            return NOTHING
        kinds = {*map(kind_of, found)}
        if kinds == {"string"}:
            docs = choice.value_docs(self, parts)
            texts = tuple(Value(text=one, doc=docs.get(one)) for one in found)
            return Shape(type="enum", values=texts)
        kind = "document"
        if kinds == {"boolean"}:
            kind = "boolean"
            if len(found) > 1:
                return Shape(type=kind)
        elif kinds == {"number"}:
            kind = "long" if all(one % 1 == 0 for one in found) else "double"
        if len(found) == 1:
            return Shape(type=kind, const=(found[0],))
        return Shape(type=kind, allowed=tuple(found))

    # --- what is beside the shape ---------------------------------------------------

    def doc(self, node: Node) -> str | None:
        """What a schema says of itself, where descriptions are wanted."""
        if not self.docs or not isinstance(node.value, dict):
            return None
        found = node.value.get("description")
        return found if isinstance(found, str) and found.strip() else None

    def is_nullable(self, nodes: list[Node]) -> bool:
        """Whether null is among the values that schemas allow."""
        return all(map(self._allows_null, nodes))

    def _allows_null(self, node: Node) -> bool:
        if node.place not in self._nullable:
            self._nullable[node.place] = self._says_null(node)
        return self._nullable[node.place]

    def _says_null(self, node: Node) -> bool:
        seen: set[str] = set()
        while (other := alias(self.document, node)) is not None:
            if other.place in seen:
                return False
            if other.place in self._nullable:
                return self._nullable[other.place]
            seen.add(other.place)
            node = other
        if says_nothing(node):
            return True
        if not isinstance(node.value, dict):
            return False
        kind = node.value.get("type")
        ignored = "$ref" in node.value and not node.scope.dialect.siblings
        if kind is not None and not ignored:
            listed = kind if isinstance(kind, list) else [kind]
            if "null" not in listed:
                return False
        if not ignored and (
            node.value.get("const", None) is not None
            or None not in node.value.get("enum", (None,))
        ):
            return False
        return is_right(node, None)


def _noted(shape: Shape, *notes: Note) -> Shape:
    if not notes:
        return shape
    return replace(shape, notes=tuple(dict.fromkeys((*shape.notes, *notes))))


def _is_any(target: Target) -> bool:
    return (
        isinstance(target, Shape)
        and target.type == "document"
        and target.const is None
        and not target.allowed
    )


def _asked_in(cel: str, shapes: Iterable[str]) -> tuple[str, ...]:
    """Those of some shapes that an expression still asks for."""
    return tuple(one for one in shapes if f"'{one}'" in cel)


def _at_least(cel: str) -> str | None:
    """What is true of one of several shapes, for what is true of one alone."""
    found = _ONE_OF.fullmatch(cel)
    return f"{found[1]} > 0" if found else None


_ONE_OF = re.compile(r"(conforming\(this, \[[^\]]*\]\)) == 1")


def _part(node: Node) -> str:
    """What a part of a schema is called after its owner: by its keyword."""
    way = steps(node.pointer)
    found = "".join(capital(one) for one in way[-1:] if not one.isdigit())
    if way[-1:] and way[-1].isdigit():
        found = f"{capital(way[-2])}{int(way[-1]) + 1}"
    if way[-3:-2] == ["allOf"] and way[-2].isdigit():
        found += str(int(way[-2]) + 1)
    return found or "Part"


def _option(shape: Shape) -> str:
    """What an option of a value is called after the value."""
    return {"enum": "Value", "structure": "Object"}.get(shape.type, "")


def inferred(parts: Parts) -> frozenset[str]:
    """The types of what has none: objects and lists are taken for what they look like.

    Such schemas are common, and mean an object or a list.
    """
    found = {
        kind
        for kind, keywords in ABOUT.items()
        if any(keyword in parts for keyword in keywords)
    }
    if len(found) == 1 and found <= {"object", "array"}:
        (kind,) = found
        parts.notes.append(note_at("inferred-type", parts.at, kind))
        return frozenset(found)
    return _ALL


def _is_carried(parts: Parts, node: Node) -> bool:
    """Whether what is said of unevaluated members depends on no value."""
    about = [one for one in parts.unevaluated if str(one.node) == str(node)]
    return all(not one.dynamic for one in about)  # where none is, something takes all


def _is_one_map(parts: Parts, patterns: list[Node], closed: Node | None) -> bool:
    """Whether a map says all: every key and every value has one schema."""
    if "unevaluatedProperties" in parts:
        return False
    typed = [
        node
        for node in parts.said.get("additionalProperties", ())
        if node.value is not False and not says_nothing(node)
    ]
    if not patterns:
        return len(typed) == len(parts.said.get("additionalProperties", ()))
    if any(not says_nothing(node) for node in parts.said.get("propertyNames", ())):
        return False
    return len(patterns) == 1 and closed is not None and not typed


def _is_idle(parts: Parts, keyword: str, node: Node) -> bool:
    """Whether a keyword that is there says nothing."""
    if keyword == "if":
        return "then" not in parts and "else" not in parts
    if keyword in ("then", "else"):
        return "if" not in parts or says_nothing(node)
    return keyword == "not" and node.value is False
