"""`oneOf` and `anyOf`: options that a value tells apart, else what they have in common.

Values are told apart by their type in JSON, objects by a tag or by the members that
they have. Where options cannot be told apart, their members are laid together, and a
note says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shapespec.drafts.model import Member, Note, Rule, Shape, Target, Value
from shapespec.ground.pointer import steps
from shapespec.importers.json_schema.document import Document, Node
from shapespec.importers.json_schema.judge import is_right
from shapespec.importers.json_schema.meaning import note_at
from shapespec.importers.json_schema.names import capital, last, last_step
from shapespec.importers.json_schema.parts import (
    ABOUT,
    ANY_TYPE,
    ASSERTING,
    KINDS,
    SAYING,
    Parts,
    alias,
    kind_of,
    laid_together,
    says_nothing,
)
from shapespec.importers.json_schema.rules import conforming, rule
from shapespec.importers.json_schema.scalars import NAMED, is_nothing, one_of_texts

if TYPE_CHECKING:
    from shapespec.importers.json_schema.convert import Converter

_WORDS = ("oneOf", "anyOf")
_ORDER = ("string", "number", "boolean", "array", "object")
_NULLS: tuple[object, ...] = ({"type": "null"}, {"const": None}, {"enum": [None]})
_UNEVALUATED = ("unevaluatedItems", "unevaluatedProperties")
_MOST = 300
"""How many options a value may have."""


def has_options(parts: Parts) -> bool:
    """Whether the parts list options."""
    return "oneOf" in parts or "anyOf" in parts


def options(node: Node) -> list[Node]:
    """The options of a schema, if it has any."""
    for keyword in _WORDS:
        listed = node.value.get(keyword)
        if isinstance(listed, list):
            return [node.child(keyword, at) for at in range(len(listed))]
    return []


def sole_option(document: Document, node: Node) -> Node | None:
    """The schema that one stands for that is another one or null, and says no more."""
    own = node.value.keys() & (ASSERTING | {"const", "enum", "type", "$ref", "allOf"})
    if len(own) != 1 or not own <= {*_WORDS}:
        return None
    left = [one for one in options(node) if one.value not in _NULLS]
    if len(left) != 1 or (own == {"oneOf"} and is_right(left[0], None)):
        return None  # null may be right by both, and so by none
    return alias(document, left[0])


def is_tagged(converter: Converter, parts: Parts) -> bool:
    """Whether a member that only options have tells by its value which one it is."""
    lists = [node for keyword in _WORDS for node in parts.said.get(keyword, ())]
    if len(lists) != 1 or lists[0].place in parts.chosen:
        return False
    base = parts.without(*_WORDS)
    base.chosen = parts.chosen | {lists[0].place}
    listed = [lists[0].child(at) for at in range(len(lists[0].value))][:_MOST]
    found = [_Option(converter, base, node) for node in listed]
    if len(found) < 2 or any(one.kinds != {"object"} for one in found):
        return False
    tag = _tag(converter, found)
    return tag is not None and tag not in parts.properties()


def without_null(document: Document, parts: Parts) -> Parts:
    """The parts of what is not null, where the only option beside null says them."""
    for keyword in _WORDS:
        for node in parts.said.get(keyword, ()):
            listed = [node.child(at) for at in range(len(node.value))]
            left = [one for one in listed if one.value not in _NULLS]
            if len(left) == 1 < len(listed):
                return parts.without(keyword).joined(laid_together(document, left))
    return parts


# --- sets of values ---------------------------------------------------------------


def finite(converter: Converter, parts: Parts) -> list[Any] | None:
    """All values that the parts allow, where they are a few that can be listed."""
    values = parts.values()
    if values is not None or not has_options(parts):
        return values
    for keyword in _WORDS:
        for node in parts.said.get(keyword, ()):
            found = _of_all(converter, parts, node)
            if found is not None:
                kinds = parts.kinds()
                return [
                    one
                    for one in found
                    if kind_of(one) in kinds
                    and all(is_right(given, one) for given in parts.nodes)
                ]
    return None


def _of_all(converter: Converter, parts: Parts, node: Node) -> list[Any] | None:
    """The values of all options of a list, if each allows a few only."""
    if node.place in parts.chosen or not isinstance(node.value, list):
        return None
    found: list[Any] = []
    for at in range(len(node.value)):
        side = laid_together(converter.document, [node.child(at)])
        side.chosen = parts.chosen | {node.place}
        values = [] if side.never else finite(converter, side)
        if values is None and side.kinds() == {"null"}:
            values = [None]
        if values is None:
            return None
        found += [one for one in values if one not in found or isinstance(one, bool)]
    return found


def value_docs(converter: Converter, parts: Parts) -> dict[str, str]:
    """What the options that are a single string say of it."""
    found: dict[str, str] = {}
    for keyword in _WORDS:
        for node in parts.said.get(keyword, ()):
            for at in range(len(node.value)):
                option = node.child(at)
                doc = converter.doc(option)
                value = option.value.get("const") if doc else None
                if doc and isinstance(value, str):
                    found[value] = doc
    return found


# --- options ----------------------------------------------------------------------


class _Option:
    """One way in which a value can be right.

    Attributes:
        nodes: The schemas of the option alone; most often one.
        node: The first of them.
        parts: The option and what is said beside the options.
        kinds: The types that it allows, without null.
    """

    def __init__(self, converter: Converter, base: Parts, *nodes: Node) -> None:
        from shapespec.importers.json_schema.convert import inferred

        self.nodes = [*nodes]
        self.node = nodes[0]
        own = laid_together(converter.document, [*nodes])
        self.parts = base.joined(own)
        kinds = kinds_of(converter.document, self.parts) - {"null"}
        if converter.infer and not self.parts.is_typed and kinds == {*_ORDER}:
            kinds = inferred(self.parts)
        self.kinds = frozenset(kinds)
        self.is_alone = (
            len(nodes) == 1
            and own.is_whole == self.parts.is_whole
            and not base.said.keys()
            & (ASSERTING | {"const", "enum", "format", "contentEncoding"})
        )
        self.owns_types = kinds_of(converter.document, own) - {"null"} == self.kinds


def kinds_of(document: Document, parts: Parts) -> frozenset[str]:
    """The types that the parts allow, and some option of each list of them."""
    kinds = parts.kinds()
    values = parts.without(*ASSERTING).values()
    if values is not None:
        kinds &= {kind_of(one) for one in values}
    for keyword in _WORDS:
        for node in parts.said.get(keyword, ()):
            if not kinds or node.place in parts.chosen:
                continue
            found: set[str] = set()
            for at in range(len(node.value)):
                side = laid_together(document, [node.child(at)])
                side.chosen = parts.chosen | {node.place}
                found |= kinds_of(document, side)
            kinds &= found
    if "if" in parts and kinds:
        kinds &= _kinds_of_branches(document, parts)
    return kinds


def _kinds_of_branches(document: Document, parts: Parts) -> frozenset[str]:
    """The types that `if`, `then` and `else` leave."""
    left = frozenset(KINDS)
    for node in parts.said["if"]:
        if node.place in parts.chosen:
            continue
        around = node.library.at(node, node.pointer.rpartition("/")[0])
        kinds: list[frozenset[str]] = []
        for word in ("if", "then", "else"):
            found = frozenset(KINDS)
            if word in around.value:
                side = laid_together(document, [around.child(word)])
                side.chosen = parts.chosen | {node.place}
                found = kinds_of(document, side)
            kinds.append(found)
        condition, yes, no = kinds
        if says_nothing(node):
            no = frozenset()
        left &= (condition & yes) | no
    return left


def shape(converter: Converter, parts: Parts, name: str) -> Shape:
    """The shape of a schema with options, and of what is present beside them."""
    keyword = "oneOf" if "oneOf" in parts else "anyOf"
    first, *others = parts.said[keyword]
    more = [*others, *(parts.said.get("anyOf", ()) if keyword == "oneOf" else ())]
    notes: list[Note] = []
    base = parts.without(*_WORDS)
    if first.place in parts.chosen:
        left_out = [note_at("unsupported-keyword", node) for node in more]
        made = _noting(converter.of_parts(base, name), left_out)
        return made.noting("never", f"{first}: it leads back to itself")
    base.chosen = parts.chosen | {first.place}
    base.notes = []
    if keyword == "anyOf":  # several options may evaluate, and together
        base, left_out = _evaluated(base)
        notes += left_out
    listed = [first.child(at) for at in range(len(first.value))]
    choices = [_Option(converter, base, node) for node in listed[:_MOST]]
    left = [one for one in choices if one.kinds]
    if not left:
        return converter.nothing()
    if len(listed) > _MOST:
        made = Shape(type="document", notes=(note_at("any-of", first),))
    elif any(says_nothing(one.node) for one in left) and keyword == "anyOf":
        made = converter.of_parts(base, name)
    elif len(left) == 1:
        left[0].parts.notes += parts.notes
        made = converter.of_parts(left[0].parts, name)
        return _noting(_with_more(converter, made, more, name), notes)
    else:
        exclusive = keyword == "oneOf"
        made = _several(converter, base, left, name, first, exclusive=exclusive)
    made = _with_more(converter, made, more, name)
    return _noting(made, [*parts.notes, *notes])


def _with_more(converter: Converter, made: Shape, more: list[Node], name: str) -> Shape:
    """A shape with what other lists of options say, by rules where it has some."""
    if made.type != "structure":
        return _noting(made, [note_at("unsupported-keyword", node) for node in more])
    found = [*made.rules]
    for number, node in enumerate(more, 2):
        keyword = last(node.pointer)
        asked = [
            converter.asked([node.child(at)], name) for at in range(len(node.value))
        ]
        listed = [f"'{one}'" for one in asked]
        found.append(
            replace(
                rule(keyword, node, conforming(listed, keyword), number),
                note=note_at("unsupported-keyword", node),
                shapes=tuple(asked),
                exact=tuple(asked) if keyword == "oneOf" else (),
                instead=conforming(listed, "anyOf"),
            )
        )
    return replace(made, rules=tuple(found))


def _evaluated(parts: Parts) -> tuple[Parts, list[Note]]:
    """The parts without what they say of what nothing evaluates."""
    notes = [
        note_at("unsupported-keyword", node)
        for word in _UNEVALUATED
        for node in parts.said.get(word, ())
        if not says_nothing(node)
    ]
    found = parts.without(*_UNEVALUATED)
    found.unevaluated = []
    return found, notes


def _noting(made: Shape, notes: list[Note]) -> Shape:
    return replace(made, notes=tuple(dict.fromkeys((*made.notes, *notes))))


def _several(  # noqa: PLR0913  # the options, and all that is known of them
    converter: Converter,
    base: Parts,
    left: list[_Option],
    name: str,
    first: Node,
    *,
    exclusive: bool,
) -> Shape:
    """A shape for each type, joined where several options have it."""
    found: list[Target] = []
    notes: list[Note] = []
    whole: set[int] = set()  # options of which all types are theirs alone
    tags: Shape | None = None
    per_kind = {
        kind: [one for one in left if kind in one.kinds]
        for kind in _ORDER
        if any(kind in one.kinds for one in left)
    }
    for kind, several in per_kind.items():
        if exclusive and sum(_takes_all(converter, one, kind) for one in several) > 1:
            continue  # each value of the type is one of two options, so of none
        if len(several) == 1:
            one = several[0]
            if id(one) in whole:
                continue
            alone = all(len(per_kind[other]) == 1 for other in one.kinds)
            if alone:
                whole.add(id(one))
                found += _flat(_target(converter, one, name))
                continue
            found += _flat(_of_kind(converter, one, kind, name))
            continue
        common, left_out = _evaluated(base)
        made, more = _same_type(
            converter,
            common,
            several,
            kind=kind,
            name=name,
            first=first,
            exclusive=exclusive,
        )
        notes += more
        if isinstance(made, Shape) and made.type != "one_of":
            notes += left_out
        if isinstance(made, Shape) and made.type == "one_of" and made.discriminator:
            tags = made
            continue
        found += _flat(made)
    found = [one for one in found if not is_nothing(one)] or found[:1]
    if (tags is not None or len(found) > 1) and any(
        _is_document(converter, one) for one in found
    ):
        # a document may have any type, so nothing is told apart from it
        every = [*notes, *(note for one in found for note in _notes(one))]
        return Shape(type="document", notes=(*every, note_at("any-of", first)))
    if tags is not None:
        beside = [
            converter.kept(one, f"{name}Value", name) if isinstance(one, Shape) else one
            for one in found
        ]
        tagged = replace(tags, options=(*beside, *tags.options))
        return _noting(tagged, notes)
    if not found:
        return converter.nothing()
    match found:
        case [Shape() as only]:
            return _noting(only, notes)
        case _:
            kept = [
                converter.kept(one, f"{name}Value", name)
                if isinstance(one, Shape)
                else one
                for one in found
            ]
            return _noting(_one_of(kept), notes)


def _is_document(converter: Converter, target: Target) -> bool:
    shape = target if isinstance(target, Shape) else converter.shapes.get(target)
    return shape is not None and shape.type == "document"


def _is_any(target: Target) -> bool:
    return target == Shape(type="document", notes=_notes(target))


def _notes(target: Target) -> tuple[Note, ...]:
    return target.notes if isinstance(target, Shape) else ()


def _one_of(found: list[Target]) -> Shape:
    """A choice; its notes are those of what is in place in it."""
    each = [one for at, one in enumerate(found) if one not in found[:at]]
    return Shape(type="one_of", options=tuple(each))


def _flat(target: Target) -> list[Target]:
    """What is itself one of several, as these."""
    if isinstance(target, Shape) and target.type == "one_of" and not target.mapping:
        if target.notes:
            first, *rest = target.options
            if isinstance(first, Shape):
                return [_noting(first, [*target.notes]), *rest]
        return [*target.options]
    return [target]


def _target(converter: Converter, one: _Option, name: str) -> Target:
    """The shape of an option: its own if nothing is said beside it."""
    if one.is_alone and one.owns_types and not _is_mixed(converter, one):
        return converter.target([one.node], _named(one, name))
    return _kept(converter, one, converter.of_parts(one.parts, _named(one, name)), name)


def _is_mixed(converter: Converter, one: _Option) -> bool:
    """Whether it lists values that only a document can have."""
    values = finite(converter, one.parts)
    kinds = {kind_of(value) for value in values or () if value is not None}
    return bool(kinds) and kinds not in ({"string"}, {"number"}, {"boolean"})


def _of_kind(converter: Converter, one: _Option, kind: str, name: str) -> Target:
    """The shape of the values of one type; of a definition, one for all its uses."""
    other = alias(converter.document, one.node) if one.is_alone else None
    if other is None:
        made = converter.of_parts(one.parts.of(kind), _named(one, name))
        return _kept(converter, one, made, name)
    key = f"{other.place} {kind}"
    if key not in converter.partial:
        converter.document.followed.add(other.place)
        own = _named(one, name)
        made = converter.of_parts(one.parts.of(kind), last_step(other))
        if made.type in NAMED:
            called = converter.own_name(other, own)
            converter.shapes[called] = made
            converter.partial[key] = called
        else:
            converter.partial[key] = made
    return converter.partial[key]


def _kept(converter: Converter, one: _Option, made: Shape, name: str) -> Target:
    own = _named(one, name)
    return converter.kept(made, own, f"{name}{_position(one)}")


def _named(one: _Option, name: str) -> str:
    """What the shape of an option is called: by its title, its tag or its place."""
    value = one.node.value if isinstance(one.node.value, dict) else {}
    title = value.get("title")
    if isinstance(title, str) and capital(title):
        return capital(title)
    reference = value.get("$ref")
    if isinstance(reference, str) and capital(reference.rpartition("/")[2]):
        return name + capital(reference.rpartition("/")[2])
    properties = value.get("properties")
    if isinstance(properties, dict):
        for said in properties.values():
            tag = said.get("const") if isinstance(said, dict) else None
            if isinstance(tag, str) and capital(tag):
                return name + capital(tag)
    needed = value.get("required")
    if isinstance(needed, list) and len(needed) == 1 and capital(str(needed[0])):
        return name + capital(str(needed[0]))
    return f"{name}{_position(one)}"


def _position(one: _Option) -> str:
    numbers = [step for step in steps(one.node.pointer) if step.isdigit()]
    return f"Option{int(numbers[-1]) + 1}" if numbers else "Option"


# --- options of one type ----------------------------------------------------------


def _same_type(  # noqa: PLR0913  # a type, and all that is known of its options
    converter: Converter,
    base: Parts,
    several: list[_Option],
    *,
    kind: str,
    name: str,
    first: Node,
    exclusive: bool,
) -> tuple[Target, list[Note]]:
    """What several options have in common whose values have one type."""
    if kind == "object":
        return _objects(
            converter, base, several, name=name, first=first, exclusive=exclusive
        )
    bare = base.of(kind)
    beside = ASSERTING | {"format", "contentEncoding"}
    if kind == "string" and not exclusive and not bare.said.keys() & beside:
        found = _open_enum(several)
        if found is not None:
            return converter.finished(found, bare, {kind}), []
    plain = converter.finished(converter.of_kind(bare, kind, name), bare, {kind})
    if kind == "number":
        whole = all(one.parts.is_whole for one in several)
        if whole:
            step = bare.step(whole=True)
            plain = replace(plain, type="long", multiple_of=step)
    if kind == "string" and plain.type == "string":
        texts = [
            laid_together(converter.document, one.nodes).of("string") for one in several
        ]
        pattern = one_of_texts(texts, exclusive=exclusive)
        if pattern is not None:
            own = f"(?=(?:{plain.pattern})\\z)" if plain.pattern else ""
            joined = f"{own}(?:{pattern})" if own else pattern
            return replace(plain, pattern=joined), []
    covered = not exclusive and any(_adds_nothing(one, kind) for one in several)
    notes = [] if covered else [note_at("any-of", first)]
    return plain, notes


def _takes_all(converter: Converter, one: _Option, kind: str) -> bool:
    """Whether an option says nothing of the values of a type, whatever of others."""
    own = laid_together(converter.document, [one.node])
    about = {*ABOUT.get(kind, ()), *ANY_TYPE, "const", "enum"}
    whole = kind == "number" and own.is_whole
    return not (own.said.keys() & about or own.never or own.notes or whole)


def _adds_nothing(one: _Option, kind: str) -> bool:
    """Whether an option refuses no value of a type."""
    own = one.node.value if isinstance(one.node.value, dict) else {}
    said = own.keys() & (ASSERTING | {"const", "enum", "$ref", "allOf", "$dynamicRef"})
    return not said and not (kind == "number" and one.parts.is_whole)


def _open_enum(several: list[_Option]) -> Shape | None:
    """An open enum, where one option lists strings and another one takes any."""
    rest = [one for one in several if one.parts.without(*ASSERTING).values() is None]
    listed = [one for one in several if one not in rest]
    if len(rest) != 1 or not listed or not _adds_nothing(rest[0], "string"):
        return None
    values: dict[str, Value] = {}
    for one in listed:
        for value in one.parts.values() or ():
            if isinstance(value, str):
                values.setdefault(value, Value(text=value))
    return Shape(type="enum", values=tuple(values.values()), open=True)


# --- objects ----------------------------------------------------------------------


def _objects(  # noqa: PLR0913  # the options, and all that is known of them
    converter: Converter,
    base: Parts,
    several: list[_Option],
    *,
    name: str,
    first: Node,
    exclusive: bool,
) -> tuple[Target, list[Note]]:
    union = _union(converter, base, several, name)
    if union is not None:
        return union, []
    open_to = _open_to(converter, several)
    if open_to is not None:
        rest, by = open_to
        known = [one for one in several if one is not rest]
        tagged, notes = _tagged(converter, known, by, name)
        if isinstance(tagged, Shape) and len(tagged.options) == len(known):
            return replace(tagged, open=True), notes
    tag = _tag(converter, several)
    if tag is not None:
        tagged, notes = _tagged(converter, several, tag, name)
        without = [one for one in several if tag not in one.parts.required()]
        if not without or not isinstance(tagged, Shape) or not tagged.mapping:
            return tagged, notes
        if len(without) == 1:
            at = several.index(without[0])
            own = tagged.options[at] if len(tagged.options) == len(several) else ""
            if isinstance(own, str) and own:
                return replace(tagged, otherwise=own), notes
        plain = _merged(
            converter,
            base,
            without,
            name=f"{name}Untagged",
            first=first,
            exclusive=exclusive,
        )
        other = converter.kept(plain, f"{name}Untagged", f"{name}Untagged")
        if not isinstance(other, str):
            return tagged, notes
        with_tags = {target for _, target in tagged.mapping}
        named = [one for one in tagged.options if one in with_tags]
        options = (*named, other)
        return replace(tagged, options=options, otherwise=other), notes
    needs = [
        frozenset(
            prop
            for prop in one.parts.required()
            if not converter.is_nullable(one.parts.about(prop))
        )
        for one in several
    ]
    apart = all(
        not one <= other
        for at, one in enumerate(needs)
        for other in needs[:at] + needs[at + 1 :]
    )
    structured = all(
        (one.parts.properties() or one.parts.required()) and _is_plain(converter, one)
        for one in several
    )
    if exclusive and apart and structured and _closed_to_others(several, needs):
        found = [_structure(converter, one, name) for one in several]
        return _one_of(found), []
    if exclusive and apart and structured and not _may_have_more(several, needs):
        found = [_structure(converter, one, name) for one in several]
        return _one_of(found), [note_at("told-by-members", first)]
    merged = _merged(
        converter, base, several, name=name, first=first, exclusive=exclusive
    )
    return merged, []


_OF_UNIONS = {"additionalProperties", "properties", "required", "type"}


def _union(
    converter: Converter, base: Parts, several: list[_Option], name: str
) -> Shape | None:
    """A closed union, where each option is an object of a single member of its own."""
    members: dict[str, Member] = {}
    for one in several:
        names = [*one.parts.properties()]
        said = one.parts.said.keys() & (ASSERTING | {"const", "enum", "type"})
        closed = one.parts.closed()
        if len(names) != 1 or one.parts.required() != names or not closed:
            return None
        if not one.parts.names_all:
            return None
        nodes = one.parts.about(names[0])
        if said - _OF_UNIONS or names[0] in members or converter.is_nullable(nodes):
            return None
        made = converter.member(names[0], nodes, base, name, required=False)
        members[names[0]] = replace(made, default=None, nullable=None)
    return Shape(type="union", members=tuple(members.values()), closed=True)


def _closed_to_others(several: list[_Option], needs: list[frozenset[str]]) -> bool:
    """Whether no object can have the members of two options and be right by one."""
    for at, one in enumerate(several):
        closed = any(
            node.value is False
            for node in one.parts.said.get("additionalProperties", ())
        )
        if not closed:
            return False
        allowed = {*one.parts.properties()}
        if any(need <= allowed for need in needs[:at] + needs[at + 1 :]):
            return False
    return True


def _may_have_more(several: list[_Option], needs: list[frozenset[str]]) -> bool:
    """Whether an option names what another one needs, which takes no such object.

    Then an object may well have the required members of both, and be right by one.
    """
    named = [{*one.parts.properties()} for one in several]
    return any(
        other.parts.closed() and needs[at] <= names and not needs[by] <= named[at]
        for at, other in enumerate(several)
        for by, names in enumerate(named)
        if by != at
    )


def _is_plain(converter: Converter, one: _Option) -> bool:
    """Whether an option is a structure, and not a choice itself."""
    if not has_options(one.parts):
        return True
    left, _, _ = converter.conditions(one.parts.of("object"), _WORDS)
    return not has_options(left)


def _structure(converter: Converter, one: _Option, name: str) -> Target:
    if one.kinds == {"object"}:
        return _target(converter, one, name)
    return _of_kind(converter, one, "object", name)


def _tag(converter: Converter, several: list[_Option]) -> str | None:
    """The member whose value tells options apart, if there is one.

    One that all require goes first, and then one that some may lack.
    """
    common = set.intersection(*({*one.parts.required()} for one in several))
    for name in several[0].parts.required():
        if name in common and _tags(converter, several, name) is not None:
            return name
    named = [one.parts.said.get("properties", ()) for one in several]
    for name in several[0].parts.properties():
        own = [any(name in node.value for node in nodes) for nodes in named]
        if sum(own) > 1 and _tags(converter, several, name) is not None:
            return name
    return None


def _tags(
    converter: Converter, several: list[_Option], name: str
) -> list[list[str]] | None:
    """The values of a member in each option, if each value is in one option only."""
    found: list[list[str]] = []
    seen: set[str] = set()
    for one in several:
        nodes = one.parts.about(name)
        if not nodes:
            return None
        together = laid_together(converter.document, nodes)
        if together.never and name not in one.parts.required():
            found.append([])
            continue
        values = finite(converter, together)
        if not values or not all(isinstance(value, str) for value in values):
            return None
        if seen & {*values}:
            return None
        seen |= {*values}
        found.append(values)
    return found if any(found) else None


def _open_to(
    converter: Converter, several: list[_Option]
) -> tuple[_Option, str] | None:
    """The option for all values of a tag that no other option has, and the tag."""
    for one in several:
        own = laid_together(converter.document, one.nodes)
        names = own.required()
        said = own.said.keys() & (ASSERTING | {"const", "enum"})
        if len(names) != 1 or [*own.properties()] != names or own.notes:
            continue
        if said != {"properties", "required"} or len(own.sources) != 1:
            continue
        (tag,) = names
        others = [other for other in several if other is not one]
        known = _tags(converter, others, tag)
        if known is None or not all(tag in other.parts.required() for other in others):
            continue
        refused = _all_but(laid_together(converter.document, own.about(tag)))
        if refused == {value for values in known for value in values}:
            return one, tag
    return None


def _all_but(parts: Parts) -> set[str] | None:
    """The texts that are not right, where all others are, and nothing else is."""
    said = parts.said.keys() & (ASSERTING | {"const", "enum"})
    if said != {"not"} or parts.kinds() != {"string"} or len(parts.said["not"]) != 1:
        return None
    (refused,) = parts.said["not"]
    listed = refused.value.get("enum") if isinstance(refused.value, dict) else None
    if not isinstance(listed, list) or {*refused.value} != {"enum"}:
        return None
    return {one for one in listed if isinstance(one, str)}


def _tagged(
    converter: Converter, several: list[_Option], tag: str, name: str
) -> tuple[Target, list[Note]]:
    tags = _tags(converter, several, tag) or []
    targets: list[Target] = []
    mapping: list[tuple[str, str]] = []
    for one, values in zip(several, tags, strict=True):
        plain = _is_plain(converter, one)
        target: Target | None = _meant(converter, one, tag)
        if target is None and plain:
            target = _structure(converter, one, name)
        if not isinstance(target, str):  # a map, or what is one of several itself
            structure = _structure_of(converter, one, name)
            if is_nothing(structure):
                continue
            target = converter.free(_named(one, name), f"{name}{_position(one)}")
            converter.shapes[target] = structure
        targets.append(target)
        mapping += [(value, target) for value in values]
    if not targets:
        return converter.nothing(), []
    made = Shape(
        type="one_of",
        options=tuple(targets),
        discriminator=tag,
        mapping=tuple(mapping),
    )
    return made, []


def _meant(converter: Converter, one: _Option, tag: str) -> Target | None:
    """The structure that an option is once the tag is known, if it says no more.

    That is a reference to the structure, with the value of the tag beside it.
    """
    node = one.node
    value = node.value if len(one.nodes) == 1 and one.is_alone else None
    if not isinstance(value, dict) or value.keys() & SAYING != _WITH_TAG:
        return None
    if value["type"] != "object" or value["required"] != [tag]:
        return None
    if {*value["properties"]} != {tag} or not node.scope.dialect.siblings:
        return None
    other = alias(converter.document, node._replace(value={"$ref": value["$ref"]}))
    if other is None:
        return None
    parts = laid_together(converter.document, [other])
    if tag not in parts.properties() or has_options(parts):
        return None
    if kinds_of(converter.document, parts) != {"object"}:
        return None
    told = laid_together(converter.document, parts.about(tag))
    known = finite(converter, told)
    own = finite(converter, laid_together(converter.document, one.parts.about(tag)))
    kinds = kinds_of(converter.document, told)
    if told.said.keys() & ASSERTING or kinds != {"string"}:
        return None
    if known is not None and own is not None and not {*own} <= {*known}:
        return None
    converter.document.followed.add(other.place)
    return converter.reference(other)


_WITH_TAG = {"$ref", "properties", "required", "type"}
"""What an option says that is a reference, and the value of its tag."""


def _structure_of(converter: Converter, one: _Option, name: str) -> Shape:
    return converter.object(one.parts.without(*_WORDS).of("object"), _named(one, name))


# --- options that nothing tells apart ---------------------------------------------


def _merged(  # noqa: PLR0913  # the options, and all that is known of them
    converter: Converter,
    base: Parts,
    several: list[_Option],
    *,
    name: str,
    first: Node,
    exclusive: bool,
) -> Shape:
    """A structure with the members of all options; what all require is required."""
    own = base.of("object")
    own.said.setdefault("type", [first._replace(value="object")])
    made = converter.object(own, name, named=True)
    if is_nothing(made):
        return made
    known = base.properties()
    common = set.intersection(*({*one.parts.required()} for one in several))
    members = {member.name: member for member in made.members}
    for one in several:
        for prop in one.parts.properties():
            if prop in known:
                continue
            every = [option.parts.about(prop) for option in several]
            if prop not in members:
                members[prop] = _member(
                    converter, prop, every, base=base, owner=name, first=first
                )
    for prop in sorted(common - {*members}):
        members[prop] = Member(name=prop, target=Shape(type="document"))
    keyword = "oneOf" if exclusive else "anyOf"
    by_shape = _one_by_one(converter, several, name, first, keyword)
    return Shape(
        type="structure",
        members=tuple(
            replace(one, required=one.required or one.name in common)
            for one in members.values()
        ),
        rules=(*made.rules, by_shape),
        closed=made.closed,
        notes=tuple(dict.fromkeys(made.notes)),
    )


def _one_by_one(
    converter: Converter,
    several: list[_Option],
    name: str,
    first: Node,
    keyword: str,
) -> Rule:
    """A rule that holds an object against each option, as the schema does."""
    asked = [converter.asked(one.nodes, name) for one in several]
    if keyword == "anyOf":
        asked = [*dict.fromkeys(asked)]
    cel = conforming([f"'{one}'" for one in asked], keyword)
    made = rule(keyword, first, cel, 1)
    return replace(
        made,
        note=note_at("any-of", first),
        shapes=tuple(asked),
        exact=tuple(asked) if keyword == "oneOf" else (),
        instead=conforming([f"'{one}'" for one in asked], "anyOf"),
    )


def _member(  # noqa: PLR0913  # a member, and all that is known of its options
    converter: Converter,
    name: str,
    every: list[list[Node]],
    *,
    base: Parts,
    owner: str,
    first: Node,
) -> Member:
    """A member of several options: of one shape if they agree, else of any."""
    if all(laid_together(converter.document, nodes).never for nodes in every):
        return converter.member(name, every[0], base, owner, required=False)
    said = [[one.value for one in nodes] for nodes in every]
    if all(one == said[0] for one in said):
        return converter.member(name, every[0], base, owner, required=False)
    texts = _texts(converter, every)
    if texts is not None:
        shape = Shape(type="enum", values=texts)
        target = converter.kept(shape, *_enum_names(owner, name))
        return Member(name=name, target=target)
    anything = Member(name=name, target=Shape(type="document"))
    if beside := base.about(name):  # as of members that have no name
        anything = converter.member(name, beside, base, owner, required=False)
    return _any_of(converter, anything, every, owner, first)


_DEEPEST = 3


def _any_of(
    converter: Converter,
    anything: Member,
    every: list[list[Node]],
    owner: str,
    first: Node,
) -> Member:
    """A member that is what some option says of it; a rule says which.

    Args:
        converter: Makes its shape.
        anything: What it is beside the options.
        every: What each option says of it, and what is said beside them.
        owner: The name of its structure.
        first: The list of options.
    """
    name = anything.name
    key = tuple(node.place for nodes in every for node in nodes)
    free = any(not nodes or all(map(says_nothing, nodes)) for nodes in every)
    if free or key in converter.joining or len(converter.joining) >= _DEEPEST:
        return anything
    converter.joining.add(key)
    called = owner + capital(name)
    bare = Parts([])
    options = [_Option(converter, bare, *nodes) for nodes in every]
    left = [one for one in options if one.kinds]
    made = (
        _several(converter, bare, left, called, first, exclusive=False)
        if left
        else converter.nothing()
    )
    converter.joining.discard(key)
    if _is_any(made):
        return anything
    if anything.target == Shape(type="document"):
        made = replace(made, notes=())
    target = converter.kept(made, called, called)
    nullable = any(map(converter.is_nullable, every))
    return Member(name=name, target=target, nullable=True if nullable else None)


def _enum_names(owner: str, name: str) -> tuple[str, str]:
    return owner + capital(name), owner + capital(name)


def _texts(converter: Converter, every: list[list[Node]]) -> tuple[Value, ...] | None:
    """The values, where each option allows a few strings."""
    found: dict[str, Value] = {}
    for nodes in every:
        if not nodes:
            return None
        values = finite(converter, laid_together(converter.document, nodes))
        if not values or not all(isinstance(one, str) for one in values):
            return None
        found |= {one: Value(text=one) for one in values}
    return tuple(found.values())
