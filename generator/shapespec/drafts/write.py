"""A named draft as YAML: a line for each member, comments for what is remarkable."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator

from shapespec.contract.schema import BUILT_IN, Bounds, Deprecated, Http
from shapespec.drafts.limits import LIMITATIONS, effect_of
from shapespec.drafts.model import (
    Draft,
    Form,
    Member,
    Note,
    Noted,
    Operation,
    Rule,
    Shape,
    Target,
    Value,
)
from shapespec.drafts.yaml_text import WIDTH, flow, sequence, value
from shapespec.ground.sinks.yaml_text import comment, scalar
from shapespec.ground.values import Json

Pairs = list[tuple[str, str]]
"""Keys and their values as YAML."""


def written(draft: Draft, notes: Iterable[Noted]) -> str:
    """The spec of a draft whose shapes have their names."""
    return "\n".join(_lines(draft, notes)) + "\n"


def _lines(draft: Draft, notes: Iterable[Noted]) -> Iterator[str]:
    yield from _header(draft, notes)
    yield from ("", "shapespec: 1", f"package: {draft.package}")
    if draft.title:
        yield f"title: {scalar(draft.title)}"
    if draft.doc:
        yield f"doc: {scalar(draft.doc)}"
    if draft.claimed:
        yield "claimed: true"
    if draft.closed:
        yield "closed: true"
    if draft.formats != "assert":
        yield f"formats: {draft.formats}"
    if draft.nulls != "absent":
        yield f"nulls: {draft.nulls}"
    if draft.operations:
        yield from ("", "operations:")
        for operation in draft.operations:
            yield from _operation(operation)
    if draft.roots:
        yield ""
        yield f"roots: {sequence(map(scalar, draft.roots), 7)}"
    if draft.forms:
        yield from ("", "forms:")
        for form in draft.forms:
            yield from _entry(scalar(form.name), _form(form), 2)
    yield from ("", "shapes:")
    for name, shape in draft.shapes.items():
        yield ""
        yield from _shape(name, shape)
    yield from _not_carried(notes)


def _not_carried(notes: Iterable[Noted]) -> Iterator[str]:
    """What the source says and the spec does not, by limitation."""
    found: dict[str, dict[str, None]] = {}
    for at, note, whole in sorted(notes, key=lambda one: one.note.rule):
        pairs = _texts(
            ("at", at if not whole else None),
            ("keyword", note.keyword or None),
            ("source", note.said or None),
            ("digest", note.digest or None),
        )
        found.setdefault(note.rule, {})[flow(pairs)] = None
    if found:
        yield ""
        yield "not_carried:"
    for rule, places in found.items():
        yield f"  {rule}:"
        yield f"    effect: {effect_of(rule)}"
        yield f"    means: {scalar(LIMITATIONS[rule])}"
        yield "    places:"
        yield from (f"    - {place}" for place in places)


def _header(draft: Draft, notes: Iterable[Noted]) -> Iterator[str]:
    yield comment(f"Written by `{draft.command}` from")
    for line in draft.origin:
        yield comment(f"  {line}")
    counted = Counter(noted.note.rule for noted in notes)
    if counted:
        total = ", ".join(f"{rule} {count}" for rule, count in sorted(counted.items()))
        said = f"Not carried over as it is, with a `note[...]` at its place: {total}."
        yield from map(comment, textwrap.wrap(said, WIDTH - 2, subsequent_indent="  "))
    yield from _comments(draft.notes, "")


def _comments(notes: Iterable[Note], indent: str) -> Iterator[str]:
    for note in notes:
        said = f": {note.said}" if note.said else ""
        yield indent + comment(f"note[{note.rule}]{said}")


def _operation(one: Operation) -> Iterator[str]:
    yield from _comments(one.notes, "  ")
    pairs = _texts(("doc", one.doc), ("input", one.input), ("output", one.output))
    pairs += _deprecated(one.deprecated)
    if one.errors:
        pairs.append(("errors", sequence(map(scalar, one.errors), 12)))
    if one.outputs:
        pairs.append(("outputs", flow((name, scalar(to)) for name, to in one.outputs)))
    if one.http is not None:
        pairs.append(("http", flow(_http(one.http))))
    pairs += _texts(("api_version", one.api_version))
    if one.pagination is not None:
        said = [(name, _names(value)) for name, value in one.pagination.items()]
        pairs.append(("pagination", flow(said)))
    yield from _entry(scalar(one.name), pairs, 2)


def _names(value: Json) -> str:
    if isinstance(value, list):
        return f"[{', '.join(scalar(str(one)) for one in value)}]"
    return scalar(str(value))


def _http(one: Http) -> Pairs:
    pairs = [("method", scalar(one.method)), ("path", scalar(one.path))]
    if one.status is not None:
        pairs.append(("status", str(one.status)))
    for key in ("headers", "cookies", "query"):
        names: tuple[str, ...] = getattr(one, key)
        if names:
            pairs.append((key, "[" + ", ".join(map(scalar, names)) + "]"))
    if one.body is not None:
        pairs.append(("body", scalar(one.body)))
    return pairs


def _form(form: Form) -> Pairs:
    read = "[" + ", ".join(form.read) + "]"
    times = flow((("read", read), ("write", form.write)))
    pairs = [*_texts(("doc", form.doc)), ("timestamps", times)]
    pairs += _texts(("keys", form.keys))
    if form.extra_members:
        names = ", ".join(map(scalar, form.extra_members))
        pairs.append(("extra_members", f"[{names}]"))
    return pairs


# --- shapes -----------------------------------------------------------------------


def _shape(name: str, shape: Shape) -> Iterator[str]:
    if shape.remark:
        yield f"  {comment(shape.remark)}"
    yield from _comments(_all_notes(shape), "  ")
    if shape.type in ("structure", "union"):
        yield f"  {scalar(name)}:"
        yield f"    type: {shape.type}"
        yield from (f"    {key}: {text}" for key, text in _common(shape))
        if shape.closed is not None:
            yield f"    closed: {'true' if shape.closed else 'false'}"
        if not shape.members:
            yield "    members: {}"
        else:
            yield "    members:"
        for member in shape.members:
            yield from _member(member)
        if shape.rules:
            yield "    rules:"
        for rule in shape.rules:
            yield from _rule(rule)
    elif shape.type == "one_of":
        yield from _entry(scalar(name), _keys(shape), 2)
    elif shape.type == "enum":
        yield from _enum(name, shape)
    else:
        yield from _entry(scalar(name), _keys(shape), 2)


def _rule(rule: Rule) -> Iterator[str]:
    if rule.remark:
        yield f"      {comment(rule.remark)}"
    pairs = _texts(("cel", rule.cel), ("message", rule.message))
    yield from _entry(scalar(rule.id), pairs, 6)


def _all_notes(shape: Shape) -> Iterator[Note]:
    """The notes of a shape and of those written in place in a list or a map."""
    yield from shape.notes
    for part in _in_place(shape):
        if isinstance(part, Shape):
            yield from _all_notes(part)


def _in_place(shape: Shape) -> tuple[Target | None, ...]:
    inner = (shape.member, shape.key, shape.value)
    return (*shape.options, *shape.prefix, *inner)


def _enum(name: str, shape: Shape) -> Iterator[str]:
    keys = [("type", "enum"), *_common(shape)]
    if shape.open:
        keys.append(("open", "true"))
    if all(_is_plain(one) for one in shape.values):
        values = [scalar(one.text) for one in shape.values]
        line = f"  {scalar(name)}: " + flow(
            [*keys, ("values", "[" + ", ".join(values) + "]")]
        )
        if len(line) <= WIDTH:
            yield line
            return
        yield f"  {scalar(name)}:"
        yield from (f"    {key}: {text}" for key, text in keys)
        yield f"    values: {sequence(values, 12)}"
        return
    yield f"  {scalar(name)}:"
    yield from (f"    {key}: {text}" for key, text in keys)
    yield "    values:"
    for one in shape.values:
        said = _texts(("doc", one.doc), ("python", one.python))
        yield f"      {scalar(one.text)}:" + (f" {flow(said)}" if said else "")


def _is_plain(one: Value) -> bool:
    return one == Value(text=one.text)


def _member(member: Member) -> Iterator[str]:
    inner = member.target
    yield from _comments(member.notes, " " * 6)
    if isinstance(inner, Shape):
        yield from _comments(_all_notes(inner), " " * 6)
    remarks = [
        remark
        for remark in (member.remark, None if isinstance(inner, str) else inner.remark)
        if remark
    ]
    pairs = _member_pairs(member)
    behind = f"  {comment('; '.join(remarks))}" if remarks else ""
    name = scalar(member.name)
    if len(pairs) == 1 and pairs[0][0] in ("target", "type"):
        yield f"      {name}: {pairs[0][1]}{behind}"
        return
    first, *rest = _entry(name, pairs, 6)
    yield first + behind
    yield from rest


def _member_pairs(member: Member) -> Pairs:
    inner = member.target
    if isinstance(inner, Shape):
        merged = _keys(inner)
        own = {"doc": member.doc or inner.doc}
        pairs = [pair for pair in merged if pair[0] not in ("doc", "deprecated")]
        if inner.type in BUILT_IN and len(pairs) == 1 and _says_more(member):
            pairs = [("target", inner.type)]
        pairs += _deprecated(member.deprecated or inner.deprecated)
        pairs += _texts(("doc", own["doc"]))
        sensitive = member.sensitive and not inner.sensitive
        examples = member.examples if not inner.examples else ()
    else:
        pairs = [("target", scalar(inner))]
        pairs += _deprecated(member.deprecated) + _texts(("doc", member.doc))
        sensitive, examples = member.sensitive, member.examples
    if sensitive:
        pairs.append(("sensitive", "true"))
    if examples:
        pairs.append(("examples", value(list(examples))))
    traits: Pairs = [("required", "true")] if member.required else []
    if member.nullable is not None:
        traits.append(("nullable", "true" if member.nullable else "false"))
    if member.default is not None:
        traits.append(("default", value(member.default[0])))
    traits += _texts(("python", member.python))
    if member.names:
        names = flow((form, scalar(name)) for form, name in member.names)
        traits.append(("names", names))
    return [*pairs[:1], *traits, *pairs[1:]]


def _says_more(member: Member) -> bool:
    return bool(
        member.required
        or member.nullable is not None
        or member.default
        or member.python
        or member.names
        or member.doc
        or member.deprecated
        or member.sensitive
        or member.examples
    )


def _keys(shape: Shape) -> Pairs:
    """The keys of a simple shape."""
    pairs: Pairs = [("type", shape.type)]
    if shape.type == "one_of":
        pairs = [("one_of", "[" + ", ".join(map(_target, shape.options)) + "]")]
        pairs += _texts(("discriminator", shape.discriminator))
        if shape.mapping:
            tags = flow((tag, scalar(one)) for tag, one in shape.mapping)
            pairs.append(("mapping", tags))
        if shape.open:
            pairs.append(("open", "true"))
        pairs += _texts(("otherwise", shape.otherwise or None))
    if shape.prefix:
        pairs.append(("prefix", "[" + ", ".join(map(_target, shape.prefix)) + "]"))
    for key, target in (
        ("member", shape.member),
        ("key", shape.key),
        ("value", shape.value),
    ):
        if target is not None:
            pairs.append((key, _target(target)))
    for trait in ("length", "range"):
        bounds: Bounds = getattr(shape, trait)
        if bounds:
            pairs.append((trait, flow(_bounds(bounds))))
    if shape.format is not None:
        pairs.append(("format", shape.format))
    if shape.const is not None:
        pairs.append(("const", value(shape.const[0])))
    if shape.allowed:
        pairs.append(("values", value(list(shape.allowed))))
    if shape.multiple_of is not None:
        pairs.append(("multiple_of", repr(shape.multiple_of)))
    pairs += _texts(("pattern", shape.pattern))
    for flag in ("unique_items", "sparse", "streaming"):
        if getattr(shape, flag):
            pairs.append((flag, "true"))
    return [*pairs, *_common(shape)]


def _target(target: Target) -> str:
    if isinstance(target, str):
        return scalar(target)
    pairs = _keys(target)
    plain = len(pairs) == 1 and pairs[0][0] == "type"
    return pairs[0][1] if plain else flow(pairs)


def _bounds(bounds: Bounds) -> Pairs:
    return [
        (key, repr(bound))
        for key in ("min", "above", "max", "below")
        if (bound := getattr(bounds, key)) is not None
    ]


def _common(shape: Shape) -> Pairs:
    pairs = _texts(("doc", shape.doc)) + _deprecated(shape.deprecated)
    if shape.sensitive:
        pairs.append(("sensitive", "true"))
    if shape.claimed is not None:
        pairs.append(("claimed", str(shape.claimed).lower()))
    if shape.examples:
        pairs.append(("examples", value(list(shape.examples))))
    return pairs


def _deprecated(mark: Deprecated | None) -> Pairs:
    if mark is None:
        return []
    said = _texts(("since", mark.since), ("use", mark.use))
    return [("deprecated", flow(said) if said else "true")]


def _texts(*pairs: tuple[str, str | None]) -> Pairs:
    return [(key, scalar(text)) for key, text in pairs if text is not None]


def _entry(name: str, pairs: Pairs, indent: int) -> Iterator[str]:
    """An entry in one line, or in one for each key where that is too long."""
    space = " " * indent
    line = f"{space}{name}: {flow(pairs)}"
    if len(line) <= WIDTH and "\n" not in line:
        yield line
        return
    yield f"{space}{name}:"
    yield from (f"{space}  {key}: {text}" for key, text in pairs)
