"""Every diagnostic the compiler can give: a function per rule, facts in, words out.

The function's name is the rule's, in kebab-case; `explanations/specs/<rule>.md` is
its page.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence

from shapespec.diagnostics import newcomers
from shapespec.diagnostics.model import Annotation, Diagnostic, Severity
from shapespec.diagnostics.suggest import nearest
from shapespec.ground.source import Located, SourceFile, Span

# --- the file -------------------------------------------------------------------


def not_utf8(name: str, offset: int) -> Diagnostic:
    return Diagnostic(
        rule="not-utf8",
        message=f"{name} is not UTF-8 text; the first wrong byte is at {offset:,}",
        help="save the file as UTF-8",
    )


def file_too_large(name: str, size: int, limit: int) -> Diagnostic:
    return Diagnostic(
        rule="file-too-large",
        message=f"{name} has {size:,} bytes; the limit is {limit:,}",
        help="to read it anyway, raise the limit with --max-size",
    )


def empty_document(source: SourceFile) -> Diagnostic:
    return Diagnostic(
        rule="empty-document",
        message=f"{source.name} contains no spec",
        help="start with `shapespec: 1`; spec/language.md shows the rest",
    )


# --- YAML -----------------------------------------------------------------------


def yaml_syntax(
    at: Span, problem: str, began: Located[str] | None = None
) -> Diagnostic:
    return Diagnostic(
        rule="yaml-syntax",
        message=f"the YAML cannot be read: {problem}",
        primary=Annotation(at),
        secondary=(Annotation(began.span, began.value),) if began else (),
        help=_syntax_help(at.file.text[at.start : at.end]),
    )


def _syntax_help(sign: str) -> str | None:
    """What usually helps where YAML stumbles over a sign."""
    match sign:
        case "\t":
            return "indent with spaces; YAML allows no tabs there"
        case "@" | "`" | "%":
            return f"a string that begins with `{sign}` needs quotes"
        case ":":
            return (
                "a string that contains `:` may need quotes; or check the indentation"
            )
        case _:
            return None


def yaml_character(at: Span) -> Diagnostic:
    code = ord(at.file.text[at.start]) if at.start < len(at.file.text) else 0
    return Diagnostic(
        rule="yaml-character",
        message=f"the character U+{code:04X} is not allowed in YAML",
        primary=Annotation(at),
        help=f'in a double-quoted string, write it as "\\u{code:04x}"',
    )


def multiple_documents(at: Span) -> Diagnostic:
    return Diagnostic(
        rule="multiple-documents",
        message="the file contains more than one YAML document",
        primary=Annotation(at, "the second begins here"),
        help="keep one spec per file",
    )


def nesting_too_deep(at: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        rule="nesting-too-deep",
        message=f"the YAML is nested deeper than {limit} levels",
        primary=Annotation(at),
    )


def alias_expansion(at: Span, factor: int) -> Diagnostic:
    return Diagnostic(
        rule="alias-expansion",
        message=f"aliases make the document over {factor} times as long as written",
        primary=Annotation(at),
        help="name the shape under `shapes` and refer to it by that name",
    )


def unknown_alias(alias: Located[str], anchors: Iterable[str]) -> Diagnostic:
    near = nearest(alias.value, anchors)
    return Diagnostic(
        rule="unknown-alias",
        message=f"no anchor `&{_shorten(alias.value)}` comes before this alias",
        primary=Annotation(alias.span),
        help=f"did you mean `*{near}`?" if near else None,
    )


def cyclic_alias(alias: Located[str]) -> Diagnostic:
    return Diagnostic(
        rule="cyclic-alias",
        message=f"`*{alias.value}` is inside the node that it names",
        primary=Annotation(alias.span),
        help="shapes may refer to each other by name; aliases may not be cyclic",
    )


def yaml_tag(at: Span, tag: str) -> Diagnostic:
    written = tag.replace("tag:yaml.org,2002:", "!!")
    return Diagnostic(
        rule="yaml-tag",
        message=f"the tag `{_shorten(written)}` has no meaning in a spec",
        primary=Annotation(at),
        help="leave the tag out",
    )


def non_string_key(at: Span) -> Diagnostic:
    return Diagnostic(
        rule="non-string-key",
        message="a key must be a string, not a list or a mapping",
        primary=Annotation(at),
    )


def merge_key(at: Span) -> Diagnostic:
    return Diagnostic(
        rule="merge-key",
        message="the merge key `<<` is not part of YAML 1.2",
        primary=Annotation(at),
        help="name the common part under `shapes` and refer to it by that name",
    )


def duplicate_key(key: str, at: Span, first: Span) -> Diagnostic:
    return Diagnostic(
        rule="duplicate-key",
        message=f"{quote(key)} is given twice",
        primary=Annotation(at, "given again here"),
        secondary=(Annotation(first, "first given here"),),
        help="remove one of the two",
    )


# --- constructs -----------------------------------------------------------------


def quote(text: str) -> str:
    """A text that someone wrote, in code, on one line and not too long."""
    return f"`{_shorten(text)}`" if text.strip() else "an empty string"


def _some(names: list[str]) -> str:
    """Names in a row, the first of them where they are many."""
    return ", ".join([*names[:20], *(["…"] if len(names) > 20 else [])])


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"


def wrong_type(found: str, at: Span, expected: str) -> Diagnostic:
    return Diagnostic(
        rule="wrong-type",
        message=f"expected {expected}, found {found}",
        primary=Annotation(at.first_line()),
        help=newcomers.shape_for(found, named=expected == "a shape")
        if expected.startswith("a shape")
        else None,
    )


def instead(key: str) -> str | None:
    """What to write as the value of a key, where that is clear."""
    return newcomers.instead(key)


def invalid_choice(
    found: str, at: Span, expected: str, choices: Iterable[str]
) -> Diagnostic:
    known = list(choices)
    near = nearest(found, known)
    said = f"did you mean `{near}`?" if near else f"one of: {', '.join(known)}"
    if {"string", "list", "map"} <= {*known}:  # they are types
        said = newcomers.type_of(found) or said
    if {"date", "uuid"} <= {*known}:  # they are formats
        said = newcomers.format_of(found) or said
    return Diagnostic(
        rule="invalid-choice",
        message=f"{quote(found)} is not {expected}",
        primary=Annotation(at),
        help=said,
    )


def invalid_name(found: str, at: Span, expected: str, pattern: str) -> Diagnostic:
    return Diagnostic(
        rule="invalid-name",
        message=f"{quote(found)} is not {expected}",
        primary=Annotation(at),
        help=newcomers.type_of(found) or f"it must match `{pattern}`",
    )


def unknown_key(key: str, at: Span, where: str, known: Iterable[str]) -> Diagnostic:
    names = list(known)
    near = nearest(key, names)
    said = f"did you mean `{near}`?" if near else newcomers.home_of(key)
    said = said or f"its keys: {', '.join(names)}"
    return Diagnostic(
        rule="unknown-key",
        message=f"{where} has no key {quote(key)}",
        primary=Annotation(at),
        help=(newcomers.bound if _is_bounds(names) else newcomers.key)(key, names)
        or said,
    )


def _is_bounds(keys: Iterable[str]) -> bool:
    """Whether keys are those of a length or a range, which say how it is meant."""
    return {"min", "max"} <= {*keys}


_OF_KINDS = ("member", "key", "value", "members", "values")
"""Keys that a type needs."""


def missing_key(
    name: str, where: str, at: Span, keys: Collection[str] = ()
) -> Diagnostic:
    said = newcomers.guess(keys) if name in ("type", "target") else None
    return Diagnostic(
        rule="missing-key",
        message=f"{where} needs the key `{name}`",
        primary=Annotation(at.first_line()),
        help=said or (newcomers.instead(name) if keys or name in _OF_KINDS else None),
    )


# --- names ----------------------------------------------------------------------


def reserved_name(name: Located[str]) -> Diagnostic:
    return Diagnostic(
        rule="reserved-name",
        message=f"`{name.value}` is a built-in type and cannot name a shape",
        primary=Annotation(name.span),
        help="give the shape another name, such as one that begins with a capital",
    )


def unknown_shape(name: Located[str], known: Iterable[str]) -> Diagnostic:
    near = nearest(name.value, known)
    return Diagnostic(
        rule="unknown-shape",
        message=f"`{name.value}` is not a shape or a built-in type",
        primary=Annotation(name.span),
        help=newcomers.type_of(name.value)
        or (f"did you mean `{near}`?" if near else "declare it under `shapes`"),
    )


def not_a_structure(name: Located[str], found: str, role: str) -> Diagnostic:
    wanted = "a structure" if "input" in role else "a shape under `shapes`"
    return Diagnostic(
        rule="not-a-structure",
        message=f"{role} must be {wanted}; `{name.value}` is {found}",
        primary=Annotation(name.span),
        help="wrap it in a structure with one member"
        if "input" in role
        else "declare a shape of that type under `shapes`",
    )


def unknown_option(name: Located[str], options: Iterable[str]) -> Diagnostic:
    known = [*options]
    near = nearest(name.value, known)
    return Diagnostic(
        rule="unknown-option",
        message=f"`{name.value}` is not one of the shapes in `one_of`",
        primary=Annotation(name.span),
        help=f"did you mean `{near}`?" if near else f"one of: {_some(known)}",
    )


def ambiguous_options(
    at: Span, names: Sequence[str], reason: str, first: Span | None
) -> Diagnostic:
    one, other = names
    return Diagnostic(
        rule="ambiguous-options",
        message=f"`{one}` and `{other}` cannot be told apart: {reason}",
        primary=Annotation(at),
        secondary=() if first is None else (Annotation(first, "the other one"),),
        help="leave one of them out, join them in one shape, or give structures a"
        " `discriminator`",
    )


def missing_discriminator(
    at: Span, name: str, option: str, known: Iterable[str]
) -> Diagnostic:
    near = nearest(name, known)
    return Diagnostic(
        rule="missing-discriminator",
        message=f"`{option}` has no member `{name}` that could hold its tag",
        primary=Annotation(at),
        help=f"did you mean `{near}`?"
        if near
        else f"give `{option}` a member `{name}` that is a string or an enum",
    )


def not_an_input(name: Located[str], known: Iterable[str]) -> Diagnostic:
    near = nearest(name.value, known)
    return Diagnostic(
        rule="not-an-input",
        message=f"`{name.value}` is not a member of the operation's input",
        primary=Annotation(name.span),
        help=f"did you mean `{near}`?"
        if near
        else "add it to the structure that is the input",
    )


def not_an_output(name: Located[str], known: Iterable[str]) -> Diagnostic:
    near = nearest(name.value, known)
    return Diagnostic(
        rule="not-an-output",
        message=f"`{name.value}` is not a member of the operation's output",
        primary=Annotation(name.span),
        help=f"did you mean `{near}`?"
        if near
        else "add it to the structure that is the output",
    )


def not_an_enum(name: Located[str], found: str) -> Diagnostic:
    return Diagnostic(
        rule="not-an-enum",
        message=f"only an enum can group values; `{name.value}` is {found}",
        primary=Annotation(name.span),
        help="name the enum whose values are the groups",
    )


def non_string_map_key(name: Span, found: str) -> Diagnostic:
    return Diagnostic(
        rule="non-string-map-key",
        message=f"a map's key must be a string or an enum, not {found}",
        primary=Annotation(name),
        help="JSON objects have string keys only",
    )


def unreachable_shape(name: Located[str]) -> Diagnostic:
    return Diagnostic(
        rule="unreachable-shape",
        message=f"no root uses the shape `{name.value}`",
        primary=Annotation(name.span),
        help="use it in a shape that is used, list it under `roots`, or remove it",
    )


def infinite_shape(name: Located[str], kind: str, parts: Iterable[str]) -> Diagnostic:
    remedies = {
        "a structure": f"make one of these members optional: {', '.join(parts)}",
        "a union": "add a variant that does not lead back to the union",
        "a `one_of`": "add an option that does not lead back to it",
    }
    return Diagnostic(
        rule="infinite-shape",
        message=f"`{name.value}` requires itself, so no finite value exists",
        primary=Annotation(name.span),
        help=remedies.get(kind, f"let {kind} be empty: leave `length.min` out"),
    )


def duplicate_python_name(
    second: Span, first: Span, python: str, names: tuple[str, str], what: str
) -> Diagnostic:
    return Diagnostic(
        rule="duplicate-python-name",
        message=f"{what} {quote(names[0])} and {quote(names[1])}"
        f" are both `{_shorten(python)}` in Python",
        primary=Annotation(second, "the second"),
        secondary=(Annotation(first, "the first"),),
        help="rename one of them"
        if what == "the shapes"
        else "give one of them a name of its own with the key `python`",
    )


def ambiguous_form(
    second: Located[str],
    first: Located[str],
    spelt: str | None,
    form: str,
    *,
    named: bool = False,
) -> Diagnostic:
    if spelt is None:
        message = f"a number may be seconds or milliseconds in the form {quote(form)}"
        remedy = "name one of the two, or make two forms"
    else:
        message = (
            f"the members {quote(first.value)} and {quote(second.value)}"
            f" are both `{_shorten(spelt)}` in the form {quote(form)}"
        )
        change = "change `names`" if named else "leave `keys: snake_case` out"
        remedy = f"such a form cannot tell them apart: {change}"
    return Diagnostic(
        rule="ambiguous-form",
        message=message,
        primary=Annotation(second.span, "the second"),
        secondary=(Annotation(first.span, "the first"),),
        help=remedy,
    )


def unknown_form(name: Located[str], known: Iterable[str]) -> Diagnostic:
    near = nearest(name.value, known)
    return Diagnostic(
        rule="unknown-form",
        message=f"{quote(name.value)} is not a form with `keys: named`",
        primary=Annotation(name.span),
        help=f"did you mean `{near}`?"
        if near
        else "declare the form under `forms`, with `keys: named`",
    )


def invalid_python_name(name: Located[str], reason: str) -> Diagnostic:
    return Diagnostic(
        rule="invalid-python-name",
        message=f"`{name.value}` cannot be used as a name in Python: {reason}",
        primary=Annotation(name.span),
        help="choose another name",
    )


# --- constraints ----------------------------------------------------------------


def min_above_max(minimum: Located[float], maximum: Located[float]) -> Diagnostic:
    return Diagnostic(
        rule="min-above-max",
        message=f"`min` ({_shorten(repr(minimum.value))}) is greater than"
        f" `max` ({_shorten(repr(maximum.value))})",
        primary=Annotation(maximum.span, "the greatest"),
        secondary=(Annotation(minimum.span, "the least"),),
        help="swap them, or remove one",
    )


def repeated_bound(included: Located[float], excluded: Located[float]) -> Diagnostic:
    """A range has two bounds at one end."""
    return Diagnostic(
        rule="repeated-bound",
        message="the range has two bounds at one end",
        primary=Annotation(excluded.span, "this value is not valid"),
        secondary=(Annotation(included.span, "this value is valid"),),
        help="keep the one that you mean",
    )


def fractional_bound(key: str, bound: Located[float]) -> Diagnostic:
    """A bound or a step of a whole number has a fraction."""
    says, thing = "be bounded by", " as the bound"
    if key == "multiple_of":
        says, thing = "have steps of", ""
    return Diagnostic(
        rule="fractional-bound",
        message=f"a whole number cannot {says} {bound.value}",
        primary=Annotation(bound.span),
        help=f"use a whole number{thing}, or the type `double`",
    )


def empty_range(at: Span, demands: Sequence[str]) -> Diagnostic:
    """What a shape demands of a number, no number has."""
    *others, last = demands
    said = f"{', '.join(others)} and {last}" if others else last
    return Diagnostic(
        rule="empty-range",
        message=f"no number is {said}",
        primary=Annotation(at),
        help="change one of them, so that at least one number is valid",
    )


def unsupported_pattern(at: Span, reason: str) -> Diagnostic:
    return Diagnostic(
        rule="unsupported-pattern",
        message=f"the pattern cannot be used: {reason}",
        primary=Annotation(at),
        help="patterns are read as java.util.regex reads them; see spec/language.md",
    )


def too_many_definitions(package: Span, roots: int, limit: int) -> Diagnostic:
    return Diagnostic(
        rule="too-many-definitions",
        message=f"the JSON Schemas of {roots:,} roots contain over {limit:,} shapes",
        primary=Annotation(package),
        help="each root has a document that holds all it leads to: use fewer roots",
    )


def too_many_places(root: str, at: Span, reason: str) -> Diagnostic:
    return Diagnostic(
        rule="too-many-places",
        message=f"the places of `{root}` cannot be listed: it {reason}",
        primary=Annotation(at),
        help="use a shape that holds less; only evidence needs this to compile",
    )


def unused_relaxation(keyword: Located[str], stated: Iterable[str]) -> Diagnostic:
    known = list(stated)
    return Diagnostic(
        rule="unused-relaxation",
        message=f"the shape states no `{keyword.value}` that could be relaxed",
        primary=Annotation(keyword.span),
        help=f"it states: {', '.join(known)}"
        if known
        else "state the constraint, or remove the entry",
    )


def unused_claim(keyword: Located[str], stated: Iterable[str]) -> Diagnostic:
    known = list(stated)
    return Diagnostic(
        rule="unused-claim",
        message=f"there is no `{keyword.value}` here that could be claimed",
        primary=Annotation(keyword.span),
        help=f"stated here: {', '.join(known)}"
        if known
        else "state the constraint, or remove the entry",
    )


def duplicate_value(second: Located[str], first: Span) -> Diagnostic:
    return Diagnostic(
        rule="duplicate-value",
        message=f"the value {quote(second.value)} is listed twice",
        primary=Annotation(second.span, "listed again here"),
        secondary=(Annotation(first, "first listed here"),),
        help="remove one of the two",
    )


def const_and_values(const: Located[object], value: Located[object]) -> Diagnostic:
    """A shape has one value only, and lists several."""
    return Diagnostic(
        rule="const-and-values",
        message="a shape has either one value, `const`, or several, `values`",
        primary=Annotation(value.span, "the first of several"),
        secondary=(Annotation(const.span, "the only one"),),
        help="keep the one that you mean",
    )


def duplicate_rule(second: Located[str], first: Span | None) -> Diagnostic:
    earlier = (Annotation(first, "the first"),) if first else ()
    return Diagnostic(
        rule="duplicate-rule",
        message=f"two rules have the id `{second.value}`"
        if first
        else f"the id `{second.value}` belongs to a built-in finding",
        primary=Annotation(second.span),
        secondary=earlier,
        help="choose another id: findings are identified by the ids of rules",
    )


def unknown_group(under: Located[str], enum: str, known: Iterable[str]) -> Diagnostic:
    values = list(known)
    near = nearest(under.value, values)
    return Diagnostic(
        rule="unknown-group",
        message=f"`{enum}` has no value {quote(under.value)}",
        primary=Annotation(under.span),
        help=f"did you mean `{near}`?" if near else f"its values: {_some(values)}",
    )


def missing_grouped_by(under: Located[str]) -> Diagnostic:
    return Diagnostic(
        rule="missing-grouped-by",
        message="the value has `under`, but the enum has no `grouped_by`",
        primary=Annotation(under.span),
        help="add `grouped_by` to the enum, with the name of the enum of the groups",
    )


def _json(value: object) -> str:
    return quote(json.dumps(value, ensure_ascii=False))


def invalid_value(value: Located[object], what: str, problem: str) -> Diagnostic:
    return Diagnostic(
        rule="invalid-value",
        message=f"the {what} {_json(value.value)} is not what the shape allows:"
        f" {problem}",
        primary=Annotation(value.span),
    )


def unknown_sample_place(place: Located[str], known: Iterable[str]) -> Diagnostic:
    near = nearest(place.value, known)
    return Diagnostic(
        rule="unknown-sample-place",
        message=f"`{place.value}` is not a shape or a member of a shape",
        primary=Annotation(place.span),
        help=f"did you mean `{near}`?"
        if near
        else "write the name of a shape, or a member as `Shape.Member`",
    )


def unknown_sample_word(
    at: Located[object], word: str, known: Iterable[str]
) -> Diagnostic:
    near = nearest(word, known)
    return Diagnostic(
        rule="unknown-sample-word",
        message=f"no word declared above is called `{word}`",
        primary=Annotation(at.span),
        help=f"did you mean `{{{near}}}`?"
        if near
        else "declare it under `words`, before it is used",
    )


# --- evidence -------------------------------------------------------------------


def unreadable_file(name: Located[str], problem: str) -> Diagnostic:
    return Diagnostic(
        rule="unreadable-file",
        message=problem,
        primary=Annotation(name.span, "named here"),
        help="paths begin at the folder of the spec",
    )


def edited_evidence(at: Span) -> Diagnostic:
    return Diagnostic(
        rule="edited-evidence",
        message="this file was edited by hand; its hash no longer matches",
        primary=Annotation(at, "the hash of other facts"),
        help="import the document again; what a person adds belongs in a .prose.yaml",
    )


def different_nulls(file: Located[str], nulls: str) -> Diagnostic:
    other = "invalid" if nulls == "absent" else "absent"
    return Diagnostic(
        rule="different-nulls",
        message=f"in {file.value}, null is `{nulls}`; in this spec, it is `{other}`",
        primary=Annotation(file.span, "imported here"),
        help=f"write `nulls: {nulls}` here, or `nulls: {other}` there",
    )


def import_clash(name: Located[str], first: Span) -> Diagnostic:
    return Diagnostic(
        rule="import-clash",
        message=f"two shapes are called `{name.value}`, and one of them is imported",
        primary=Annotation(name.span, "the imported one"),
        secondary=(Annotation(first, "the other one"),),
        help="import its file under another namespace",
    )


def unknown_place(path: Located[str], known: Iterable[str]) -> Diagnostic:
    near = nearest(path.value, known)
    return Diagnostic(
        rule="unknown-place",
        message=f"neither the spec nor any source knows the place `{path.value}`",
        primary=Annotation(path.span),
        help=f"did you mean `{near}`?" if near else None,
    )


def unknown_source(
    decision: Located[str], source: str, known: Iterable[str]
) -> Diagnostic:
    names = sorted(known)
    near = nearest(source, names)
    return Diagnostic(
        rule="unknown-source",
        message=f"decision `{decision.value}` quotes `{source}`, which is not a source",
        primary=Annotation(decision.span),
        help=f"did you mean `{near}`?" if near else f"the sources: {', '.join(names)}",
    )


def unknown_decision(
    relaxation: Located[str], keyword: str, known: Iterable[str]
) -> Diagnostic:
    names = sorted(known)
    near = nearest(relaxation.value, names)
    return Diagnostic(
        rule="unknown-decision",
        message=f"`{keyword}` is relaxed by `{relaxation.value}`,"
        " which is not a decision",
        primary=Annotation(relaxation.span),
        help=f"did you mean `{near}`?"
        if near
        else "add the decision to the file of decisions",
    )


def misquoted_source(
    decision: Located[str], source: str, stated: Iterable[object]
) -> Diagnostic:
    said = " and ".join(map(repr, stated))
    return Diagnostic(
        rule="misquoted-source",
        message=f"decision `{decision.value}` misquotes `{source}`, which says {said}",
        primary=Annotation(decision.span),
        help="check that the decision is still right, then quote what the source says",
    )


def unused_decision(decision: Located[str]) -> Diagnostic:
    return Diagnostic(
        rule="unused-decision",
        message=f"the decision `{decision.value}` is not used",
        primary=Annotation(decision.span),
        help="no fact disagrees with the spec there any more: remove the decision",
    )


# --- schemas --------------------------------------------------------------------


def invalid_schema(at: Span | None, message: str, remedy: str) -> Diagnostic:
    return Diagnostic(
        rule="invalid-schema",
        message=message,
        primary=Annotation(at) if at else None,
        help=remedy,
    )


def dangling_reference(at: Span | None, reference: str) -> Diagnostic:
    return Diagnostic(
        rule="dangling-reference",
        message=f"there is nothing at {quote(reference)}",
        primary=Annotation(at) if at else None,
        help="correct the reference, or add what it refers to",
    )


def circular_reference(at: Span | None, reference: str, steps: int) -> Diagnostic:
    way = "" if steps == 1 else f", over {steps - 1} more"
    return Diagnostic(
        rule="circular-reference",
        message=f"{quote(reference)} leads back to itself{way}, so it defines nothing",
        primary=Annotation(at) if at else None,
        help="refer to a schema that defines something, or name one with --root",
    )


def remote_reference(at: Span | None, reference: str, why: str) -> Diagnostic:
    return Diagnostic(
        rule="remote-reference",
        message=f"{quote(reference)} is in another document: {why}",
        primary=Annotation(at) if at else None,
        help="with --allow-net, shapespec fetches documents; with --skip-remote, it"
        " allows any value for what they define",
    )


# --- documents ------------------------------------------------------------------


def wrong_format(
    at: Span, describes: str, missing: str, other: str | None
) -> Diagnostic:
    return Diagnostic(
        rule="wrong-format",
        message=f"this is not a page of the {describes}: {missing}",
        primary=Annotation(at),
        help=f"it looks like a page for `shapespec import {other}`"
        if other
        else "`shapespec import --help` lists the formats that can be read",
    )


def unreadable_line(at: Span, expected: str) -> Diagnostic:
    return Diagnostic(
        rule="unreadable-line",
        message=f"this line cannot be read: expected {expected}",
        primary=Annotation(at),
        help="compare it with the page that it was copied from",
    )


def truncated_page(
    at: Span, due: str, began: Located[str] | None = None, *, sure: bool = True
) -> Diagnostic:
    return Diagnostic(
        rule="truncated-page",
        message=f"the page ends before {due}",
        primary=Annotation(at, "the last line"),
        secondary=(Annotation(began.span, began.value),) if began else (),
        help=f"{'' if sure else 'if it was cut, '}fetch the page again, whole",
        severity=Severity.ERROR if sure else Severity.WARNING,
    )


def skipped_lines(at: Span, section: str, last: int) -> Diagnostic:
    first = at.position.line
    return Diagnostic(
        rule="skipped-lines",
        message=f"{quote(section)} is not a known section of such pages;"
        f" lines {first} to {last} are not read",
        primary=Annotation(at),
        help="if it states facts, record them in a .prose.yaml",
        severity=Severity.WARNING,
    )


def unknown_type_name(word: Located[str], describes: str) -> Diagnostic:
    return Diagnostic(
        rule="unknown-type-name",
        message=f"{quote(word.value)} is not a known type of the {describes}",
        primary=Annotation(word.span),
        help="if it is a new one, add it to the importer's `types.py`",
    )


def missing_type(member: Located[str]) -> Diagnostic:
    return Diagnostic(
        rule="missing-type",
        message=f"{quote(member.value)} is named without its type",
        primary=Annotation(member.span),
        help="compare it with the page that it was copied from",
    )


def duplicate_member(member: Located[str], first: Span) -> Diagnostic:
    return Diagnostic(
        rule="duplicate-member",
        message=f"{quote(member.value)} is named twice in one structure",
        primary=Annotation(member.span, "named again here"),
        secondary=(Annotation(first, "first named here"),),
        help="compare it with the page that it was copied from",
    )


def ambiguous_nesting(
    structure: Located[str], outside: Span | None, members: Iterable[str] | None
) -> Diagnostic:
    if members is None:
        severity, label = Severity.ERROR, "inside it, or after it?"
        remedy = "name the spec that the page is about with --spec"
    else:
        severity, label = Severity.WARNING, "not in it"
        listed = ", ".join(f"`{member}`" for member in members)
        remedy = f"according to the spec, it contains {listed}"
    return Diagnostic(
        rule="ambiguous-nesting",
        message=f"the page does not show where {quote(structure.value)} ends",
        primary=Annotation(structure.span),
        secondary=(Annotation(outside, label),) if outside else (),
        help=remedy,
        severity=severity,
    )


def ambiguous_member(member: Located[str], owners: Iterable[str]) -> Diagnostic:
    listed = " or ".join(map(quote, owners))
    return Diagnostic(
        rule="ambiguous-member",
        message=f"{quote(member.value)} is a member of {listed};"
        " neither the page nor the spec says of which one",
        primary=Annotation(member.span),
        help="add it to the spec where it belongs, then import the page again",
    )


def changed_line(
    fact: Span, document: str, lines: str, now: str, found: str
) -> Diagnostic:
    cut = now if len(now) <= 160 else f"{now[:159]}…"
    said = f"now the line is: {cut}" if now else "the line is gone"
    return Diagnostic(
        rule="changed-line",
        message=f"{lines} of {document} no longer says this, and no other line does",
        primary=Annotation(fact),
        help=f"{said}; read it again, and correct the fact or take it out;"
        f" the hash of these lines is {found}",
    )


def value_not_stated(
    fact: Span, document: str, line: int, values: Sequence[str]
) -> Diagnostic:
    named = ", ".join(f"`{value}`" for value in values)
    return Diagnostic(
        rule="value-not-stated",
        message=f"the lines of {document} that this cites do not contain {named}",
        primary=Annotation(fact),
        help=f"look at line {line} and below: say where the list ends with `to`",
    )


def missing_line(fact: Span) -> Diagnostic:
    return Diagnostic(
        rule="missing-line",
        message="a fact read from prose needs `line` and `line_hash`",
        primary=Annotation(fact),
        help="say which line states it; the hash is the SHA-256 of that line, stripped",
    )


# --- rules ----------------------------------------------------------------------


def unknown_path(
    path: str, at: Span, reason: str, step: str, known: Iterable[str]
) -> Diagnostic:
    near = nearest(step, known)
    return Diagnostic(
        rule="unknown-path",
        message=f"`{path}` does not exist: {reason}",
        primary=Annotation(at),
        help=f"did you mean `{near}`?" if near else None,
    )


def cel_syntax(message: str, at: Span, help_text: str | None) -> Diagnostic:
    return Diagnostic(
        rule="cel-syntax", message=message, primary=Annotation(at), help=help_text
    )


def cel_unknown_name(message: str, at: Span, help_text: str | None) -> Diagnostic:
    return Diagnostic(
        rule="cel-unknown-name", message=message, primary=Annotation(at), help=help_text
    )


def cel_type(message: str, at: Span, help_text: str | None) -> Diagnostic:
    return Diagnostic(
        rule="cel-type", message=message, primary=Annotation(at), help=help_text
    )


def cel_unsupported(message: str, at: Span, help_text: str | None) -> Diagnostic:
    return Diagnostic(
        rule="cel-unsupported", message=message, primary=Annotation(at), help=help_text
    )
