"""What changed between two contracts, and whom it breaks."""

from __future__ import annotations

import itertools
import json
import random
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from shapespec.cli import main
from shapespec.compiler import compile_spec
from shapespec.contract.facts import Evidence, Fact, Source, Value
from shapespec.contract.places import ERRORS
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from shapespec.tools.diff.compare import compare
from shapespec.tools.diff.evidence_side import evidence_side
from shapespec.tools.diff.languages import Relation, relation
from shapespec.tools.diff.load import load
from shapespec.tools.diff.model import Class, Comparison, Side
from shapespec.tools.diff.rules import RULES
from shapespec.tools.diff.spec_side import spec_side
from tests.support import ROOT, compile_text

B = Class.BREAKING
W = Class.WIDENING
N = Class.NARROWING
D = Class.DOCUMENTATION


def spec(text: str, name: str = "spec.yaml") -> Side:
    return spec_side(compile_spec(SourceFile(name, text)), name)


def told(comparison: Comparison) -> list[tuple[str, str, str, Class, Class]]:
    """What happened, where, to what kind of fact, and what it means for whom."""
    return [
        (
            change.finding.what,
            change.finding.path,
            change.finding.kind,
            change.readers,
            change.writers,
        )
        for change in comparison.changes
    ]


# --- every alteration of a place, in a response and in a request ----------------


class Fragment(NamedTuple):
    """A member as a spec has it, and the shapes that it needs."""

    member: str | None
    shapes: str = ""


def named(shape: str) -> Fragment:
    return Fragment("Slot", f"  Slot: {shape}\n")


def enum(values: str, more: str = "") -> Fragment:
    return named(f"{{type: enum, values: {values}{more}}}")


def choice(said: str) -> Fragment:
    shapes = "".join(
        f"  {name}: {{type: structure, members: {{K: string, L: string, M: {kind}}}}}\n"
        for name, kind in (("One", "string"), ("Two", "integer"))
    )
    return Fragment("Slot", f"  Slot: {{{said}}}\n{shapes}")


class Meant(NamedTuple):
    """What happened, and what it means: for readers and mocks, and in requests."""

    what: str
    readers: Class
    mocks: Class
    requests: Class


class Alteration(NamedTuple):
    """Two spellings of a member, and what it is to go from one to the other, and back.

    Attributes:
        inside: Where below the member the two differ.
        back_kind: The kind of fact that is told of on the way back, where it differs.
    """

    name: str
    old: Fragment
    new: Fragment
    kind: str
    forth: Meant
    back: Meant
    inside: str = ""
    back_kind: str = ""


def bound(
    name: str, shape: str, kind: str, tight: str, loose: str
) -> tuple[Alteration, ...]:
    """A bound that is loosened, and one that goes, and the other way round."""
    tightened, none = (
        Fragment(f"{{{shape}, {keys}}}".replace(", }", "}")) for keys in (tight, "")
    )
    loosened = Fragment(f"{{{shape}, {loose}}}")
    return (
        Alteration(
            f"{name}-moves",
            tightened,
            loosened,
            kind,
            Meant("bound-loosened", W, W, W),
            Meant("bound-tightened", N, B, B),
        ),
        Alteration(
            f"{name}-goes",
            tightened,
            none,
            kind,
            Meant("bound-removed", W, W, W),
            Meant("bound-added", N, B, B),
        ),
    )


STRUCTURE = "{type: structure, members: {A: string, B: integer}}"
PARTS = "  Part: {type: structure, members: {A: string, More: Parts}}\n"
RULE = "{cel: has(this.A), message: a message}"


def with_rule(rule: str) -> Fragment:
    return named(
        f"{{type: structure, members: {{A: string, B: integer}}, rules: {{{rule}}}}}"
    )


ALTERATIONS = (
    # members
    Alteration(
        "optional-member",
        Fragment(None),
        Fragment("string"),
        "member",
        Meant("member-added", W, W, W),
        Meant("member-removed", B, N, B),
    ),
    Alteration(
        "required-member",
        Fragment(None),
        Fragment("{target: string, required: true}"),
        "member",
        Meant("required-member-added", W, B, B),
        Meant("member-removed", B, N, B),
    ),
    Alteration(
        "nested-member",
        named("{type: structure, members: {A: string}}"),
        named(STRUCTURE),
        "member",
        Meant("member-added", W, W, W),
        Meant("member-removed", B, N, B),
        ".B",
    ),
    Alteration(
        "variant",
        named("{type: union, members: {A: string}}"),
        named("{type: union, members: {A: string, B: integer}}"),
        "member",
        Meant("variant-added", W, W, W),
        Meant("variant-removed", N, N, B),
        ".B",
    ),
    Alteration(
        "required",
        Fragment("string"),
        Fragment("{target: string, required: true}"),
        "required",
        Meant("required-added", N, B, B),
        Meant("required-removed", B, W, W),
    ),
    # types
    *(
        Alteration(
            f"{old}-to-{new}",
            Fragment(old),
            Fragment(new),
            "type",
            Meant("type-widened", W, W, W),
            Meant("type-narrowed", N, B, B),
        )
        for old, new in (("integer", "long"), ("float", "double"))
    ),
    *(
        Alteration(
            f"{old}-to-{new}",
            Fragment(old),
            Fragment(new),
            "type",
            Meant("type-generalised", B, W, W),
            Meant("type-narrowed", N, B, B),
        )
        for old, new in (
            ("integer", "float"),
            ("long", "double"),
            ("string", "document"),
            ("boolean", "document"),
        )
    ),
    Alteration(
        "union-to-structure",
        named("{type: union, members: {A: string, B: integer}}"),
        named(STRUCTURE),
        "type",
        Meant("type-generalised", B, W, W),
        Meant("type-narrowed", N, B, B),
    ),
    *(
        Alteration(
            f"{old.member}-to-{new.member}"[:30],
            old,
            new,
            "type",
            Meant("type-changed", B, B, B),
            Meant("type-changed", B, B, B),
        )
        for old, new in (
            (Fragment("string"), named(STRUCTURE)),
            (Fragment("string"), Fragment("integer")),
            (Fragment("string"), Fragment("boolean")),
            (Fragment("string"), Fragment("timestamp")),
            (Fragment("string"), Fragment("blob")),
            (Fragment("timestamp"), Fragment("integer")),
            (
                Fragment("{type: list, member: string}"),
                Fragment("{type: map, key: string, value: string}"),
            ),
            (
                Fragment("{type: list, member: Slot}", f"  Slot: {STRUCTURE}\n"),
                named(STRUCTURE),
            ),
        )
    ),
    Alteration(
        "items-to-others",
        Fragment("{type: list, member: string}"),
        Fragment("{type: list, member: long}"),
        "type",
        Meant("type-changed", B, B, B),
        Meant("type-changed", B, B, B),
        "[]",
    ),
    Alteration(
        "values-to-others",
        Fragment("{type: map, key: string, value: integer}"),
        Fragment("{type: map, key: string, value: long}"),
        "type",
        Meant("type-widened", W, W, W),
        Meant("type-narrowed", N, B, B),
        "{}",
    ),
    # bounds
    *bound("max", "type: string", "maxLength", "length: {max: 5}", "length: {max: 6}"),
    *bound("min", "type: string", "minLength", "length: {min: 5}", "length: {min: 4}"),
    *bound("blob", "type: blob", "maxLength", "length: {max: 5}", "length: {max: 6}"),
    *bound(
        "items",
        "type: list, member: string",
        "maxItems",
        "length: {max: 5}",
        "length: {max: 6}",
    ),
    *bound(
        "least-items",
        "type: list, member: string",
        "minItems",
        "length: {min: 5}",
        "length: {min: 1}",
    ),
    *bound(
        "entries",
        "type: map, key: string, value: string",
        "maxItems",
        "length: {max: 5}",
        "length: {max: 6}",
    ),
    *bound("most", "type: integer", "maximum", "range: {max: 5}", "range: {max: 6}"),
    *bound("least", "type: long", "minimum", "range: {min: 5}", "range: {min: 0}"),
    *bound("real", "type: double", "maximum", "range: {max: 0.5}", "range: {max: 1}"),
    *bound(
        "above",
        "type: double",
        "exclusiveMinimum",
        "range: {above: 0.5}",
        "range: {above: 0.25}",
    ),
    *bound(
        "below",
        "type: long",
        "exclusiveMaximum",
        "range: {below: 5}",
        "range: {below: 6}",
    ),
    Alteration(
        "bound-leaves-out",
        Fragment("{type: long, range: {max: 5}}"),
        Fragment("{type: long, range: {below: 5}}"),
        "exclusiveMaximum",
        Meant("bound-tightened", N, B, B),
        Meant("bound-loosened", W, W, W),
        back_kind="maximum",
    ),
    Alteration(
        "step",
        Fragment("double"),
        Fragment("{type: double, multiple_of: 0.1}"),
        "multiple_of",
        Meant("step-added", N, B, B),
        Meant("step-removed", W, W, W),
    ),
    Alteration(
        "step-moves",
        Fragment("{type: long, multiple_of: 6}"),
        Fragment("{type: long, multiple_of: 3}"),
        "multiple_of",
        Meant("step-loosened", W, W, W),
        Meant("step-tightened", N, B, B),
    ),
    Alteration(
        "step-turns",
        Fragment("{type: double, multiple_of: 2}"),
        Fragment("{type: double, multiple_of: 3}"),
        "multiple_of",
        Meant("step-changed", W, B, B),
        Meant("step-changed", W, B, B),
    ),
    Alteration(
        "key",
        Fragment("{type: map, key: {type: string, length: {max: 5}}, value: string}"),
        Fragment("{type: map, key: {type: string, length: {max: 6}}, value: string}"),
        "maxLength",
        Meant("bound-loosened", W, W, W),
        Meant("bound-tightened", N, B, B),
        "{key}",
    ),
    Alteration(
        "unique",
        Fragment("{type: list, member: string}"),
        Fragment("{type: list, member: string, unique_items: true}"),
        "unique_items",
        Meant("unique-added", N, B, B),
        Meant("unique-removed", W, W, W),
    ),
    Alteration(
        "format-goes",
        Fragment("{type: string, format: date}"),
        Fragment("{type: string}"),
        "format",
        Meant("format-removed", W, W, W),
        Meant("format-added", N, B, B),
    ),
    Alteration(
        "format-turns",
        Fragment("{type: string, format: byte}"),
        Fragment("{type: string, format: hostname}"),
        "format",
        Meant("format-changed", W, B, B),
        Meant("format-changed", W, B, B),
    ),
    Alteration(
        "listed-grows",
        Fragment("{type: integer, values: [1, 3]}"),
        Fragment("{type: integer, values: [1, 3, 4]}"),
        "enum",
        Meant("enum-value-added", W, W, W),
        Meant("enum-value-removed", N, B, B),
    ),
    Alteration(
        "listed-goes",
        Fragment("{type: string, const: a}"),
        Fragment("{type: string}"),
        "enum",
        Meant("enum-removed", W, W, W),
        Meant("enum-added", N, B, B),
    ),
    Alteration(
        "const-to-values",
        Fragment("{type: integer, const: 1}"),
        Fragment("{type: integer, values: [1, 3]}"),
        "enum",
        Meant("enum-value-added", W, W, W),
        Meant("enum-value-removed", N, B, B),
    ),
    Alteration(
        "closed",
        named("{type: structure, members: {A: string}}"),
        named("{type: structure, members: {A: string}, closed: true}"),
        "closed",
        Meant("structure-closed", N, B, B),
        Meant("structure-opened", W, W, W),
    ),
    Alteration(
        "closed-union",
        named("{type: union, members: {A: string}}"),
        named("{type: union, members: {A: string}, closed: true}"),
        "closed",
        Meant("structure-closed", N, B, B),
        Meant("structure-opened", W, W, W),
    ),
    Alteration(
        "null-required",
        Fragment("{type: string, required: true}"),
        Fragment("{type: string, required: true, nullable: true}"),
        "nullable",
        Meant("null-allowed", B, W, W),
        Meant("null-forbidden", N, B, B),
    ),
    Alteration(
        "null-optional",
        Fragment("{type: string, nullable: false}"),
        Fragment("{type: string}"),
        "nullable",
        Meant("null-allowed", B, W, W),
        Meant("null-forbidden", N, B, B),
    ),
    Alteration(
        "null-items",
        Fragment("{type: list, member: string}"),
        Fragment("{type: list, member: string, sparse: true}"),
        "sparse",
        Meant("null-allowed", B, W, W),
        Meant("null-forbidden", N, B, B),
    ),
    Alteration(
        "null-values",
        Fragment("{type: map, key: string, value: string}"),
        Fragment("{type: map, key: string, value: string, sparse: true}"),
        "sparse",
        Meant("null-allowed", B, W, W),
        Meant("null-forbidden", N, B, B),
    ),
    *(
        Alteration(
            f"relaxed-{keyword}",
            Fragment(f"{{{shape}}}"),
            Fragment(f"{{{shape}, relaxed: {{{keyword}: because}}}}"),
            "relaxed",
            Meant("keyword-relaxed", W, W, W),
            Meant("keyword-enforced", N, B, B),
        )
        for keyword, shape in (
            ("maxLength", "type: string, length: {max: 5}"),
            ("pattern", "type: string, pattern: a"),
            ("minItems", "type: list, member: string, length: {min: 1}"),
            (
                "minProperties",
                "type: map, key: string, value: string, length: {min: 1}",
            ),
            ("uniqueItems", "type: list, member: string, unique_items: true"),
            ("minimum", "type: integer, range: {min: 1}"),
        )
    ),
    Alteration(
        "relaxed-bound",
        Fragment("{type: string, length: {max: 5}, relaxed: {maxLength: because}}"),
        Fragment("{type: string, length: {max: 6}, relaxed: {maxLength: because}}"),
        "maxLength",
        Meant("bound-loosened", W, W, W),
        Meant("relaxed-tightened", N, N, N),
    ),
    Alteration(
        "relaxed-pattern",
        Fragment("{type: string, pattern: a, relaxed: {pattern: because}}"),
        Fragment("{type: string, pattern: b, relaxed: {pattern: because}}"),
        "pattern",
        Meant("relaxed-changed", W, N, N),
        Meant("relaxed-changed", W, N, N),
    ),
    # patterns
    Alteration(
        "pattern",
        Fragment("string"),
        Fragment("{type: string, pattern: '[a-z]+'}"),
        "pattern",
        Meant("pattern-added", N, B, B),
        Meant("pattern-removed", W, W, W),
    ),
    Alteration(
        "wider-pattern",
        Fragment("{type: string, pattern: '[a-z]+'}"),
        Fragment("{type: string, pattern: '[a-zA-Z]*'}"),
        "pattern",
        Meant("pattern-widened", W, W, W),
        Meant("pattern-narrowed", N, B, B),
    ),
    Alteration(
        "other-pattern",
        Fragment("{type: string, pattern: '[a-z]+'}"),
        Fragment("{type: string, pattern: '[b-z0-9]+'}"),
        "pattern",
        Meant("pattern-changed", W, B, B),
        Meant("pattern-changed", W, B, B),
    ),
    Alteration(
        "undecided-pattern",
        Fragment("{type: string, pattern: '(?!x)[a-z]+'}"),
        Fragment("{type: string, pattern: '(?!y)[a-z]+'}"),
        "pattern",
        Meant("pattern-changed", W, B, B),
        Meant("pattern-changed", W, B, B),
    ),
    Alteration(
        "anchored-pattern",
        Fragment("{type: string, pattern: '[a-z]+'}"),
        Fragment("{type: string, pattern: '^[a-z]{1,}$'}"),
        "pattern",
        Meant("pattern-respelt", D, D, D),
        Meant("pattern-respelt", D, D, D),
    ),
    # enums
    Alteration(
        "value",
        enum("[a, b]"),
        enum("[a, b, c]"),
        "enum",
        Meant("enum-value-added", W, W, W),
        Meant("enum-value-removed", N, B, B),
    ),
    Alteration(
        "value-of-an-open-enum",
        enum("[a, b]", ", open: true"),
        enum("[a, b, c]", ", open: true"),
        "enum",
        Meant("enum-value-added", W, W, W),
        Meant("open-enum-value-removed", N, N, B),
    ),
    Alteration(
        "retired-value",
        enum("{a: , b: }"),
        enum("{a: , b: {retired: true}}"),
        "retired",
        Meant("value-retired", N, N, N),
        Meant("value-unretired", W, W, W),
    ),
    Alteration(
        "open",
        enum("[a, b]"),
        enum("[a, b]", ", open: true"),
        "open",
        Meant("enum-opened", W, W, W),
        Meant("enum-closed", N, B, B),
    ),
    Alteration(
        "text-to-enum",
        Fragment("string"),
        enum("[a, b]"),
        "enum",
        Meant("enum-added", N, B, B),
        Meant("enum-removed", W, W, W),
    ),
    Alteration(
        "text-to-open-enum",
        Fragment("string"),
        enum("[a, b]", ", open: true"),
        "enum",
        Meant("open-enum-added", N, N, B),
        Meant("enum-removed", W, W, W),
    ),
    # choices
    Alteration(
        "option",
        Fragment("{one_of: [string, integer]}"),
        Fragment("{one_of: [string, integer, boolean]}"),
        "member",
        Meant("option-added", W, W, W),
        Meant("option-removed", N, B, B),
        "<boolean>",
    ),
    Alteration(
        "tags",
        choice(
            "one_of: [One, Two], discriminator: K, mapping: {a: One, b: Two, c: One}"
        ),
        choice(
            "one_of: [One, Two], discriminator: K, mapping: {a: Two, b: Two, c: One}"
        ),
        "tags",
        Meant("tag-changed", B, B, B),
        Meant("tag-changed", B, B, B),
    ),
    Alteration(
        "type-to-options",
        Fragment("string"),
        Fragment("{one_of: [string, integer]}"),
        "type",
        Meant("options-added", B, W, W),
        Meant("options-removed", N, B, B),
    ),
    Alteration(
        "otherwise",
        choice("one_of: [One, Two], discriminator: K"),
        choice("one_of: [One, Two], discriminator: K, otherwise: One"),
        "tags",
        Meant("otherwise-added", B, W, W),
        Meant("otherwise-removed", N, B, B),
    ),
    Alteration(
        "another-otherwise",
        choice("one_of: [One, Two], discriminator: K, otherwise: One"),
        choice("one_of: [One, Two], discriminator: K, otherwise: Two"),
        "tags",
        Meant("otherwise-changed", B, B, B),
        Meant("otherwise-changed", B, B, B),
    ),
    Alteration(
        "discriminator",
        choice("one_of: [One, Two], discriminator: K"),
        choice("one_of: [One, Two], discriminator: L"),
        "discriminator",
        Meant("discriminator-changed", B, B, B),
        Meant("discriminator-changed", B, B, B),
    ),
    Alteration(
        "open-choice",
        choice("one_of: [One, Two], discriminator: K"),
        choice("one_of: [One, Two], discriminator: K, open: true"),
        "open",
        Meant("enum-opened", W, W, W),
        Meant("enum-closed", N, B, B),
    ),
    # rules
    Alteration(
        "rule",
        named(STRUCTURE),
        with_rule(f"one: {RULE}"),
        "rules",
        Meant("rule-added", N, B, B),
        Meant("rule-removed", W, W, W),
    ),
    Alteration(
        "other-rule",
        with_rule(f"one: {RULE}"),
        with_rule(f"one: {RULE.replace('A', 'B')}"),
        "rules",
        Meant("rule-changed", W, B, B),
        Meant("rule-changed", W, B, B),
    ),
    Alteration(
        "mere-advice",
        with_rule(f"one: {RULE}"),
        with_rule(f"one: {RULE.replace('}', ', severity: advice}')}"),
        "rules",
        Meant("rule-eased", W, W, W),
        Meant("rule-enforced", N, B, B),
    ),
    Alteration(
        "advice",
        named(STRUCTURE),
        with_rule(f"one: {RULE.replace('}', ', severity: advice}')}"),
        "rules",
        Meant("advice-added", D, D, D),
        Meant("advice-removed", D, D, D),
    ),
    Alteration(
        "other-advice",
        with_rule(f"one: {RULE.replace('}', ', severity: advice}')}"),
        with_rule(f"one: {RULE.replace('}', ', severity: advice, at: A}')}"),
        "rules",
        Meant("advice-changed", D, D, D),
        Meant("advice-changed", D, D, D),
    ),
    Alteration(
        "message",
        with_rule(f"one: {RULE}"),
        with_rule(f"one: {RULE.replace('a message', 'another')}"),
        "rules",
        Meant("message-changed", D, D, D),
        Meant("message-changed", D, D, D),
    ),
    # documentation
    Alteration(
        "default",
        Fragment("integer"),
        Fragment("{target: integer, default: 1}"),
        "default",
        Meant("default-added", D, D, D),
        Meant("default-removed", D, D, D),
    ),
    Alteration(
        "other-default",
        Fragment("{target: document, default: true}"),
        Fragment("{target: document, default: 1}"),
        "default",
        Meant("default-changed", D, D, D),
        Meant("default-changed", D, D, D),
    ),
    Alteration(
        "unit",
        Fragment("integer"),
        Fragment("{target: integer, unit: s}"),
        "unit",
        Meant("unit-added", D, D, D),
        Meant("unit-removed", D, D, D),
    ),
    Alteration(
        "other-unit",
        Fragment("{type: integer, unit: s}"),
        Fragment("{type: integer, unit: ms}"),
        "unit",
        Meant("unit-changed", D, D, D),
        Meant("unit-changed", D, D, D),
    ),
    *(
        Alteration(
            f"some-{kind}",
            Fragment("integer"),
            Fragment(f"{{target: integer, {kind}: {value}}}"),
            kind,
            Meant("documentation-added", D, D, D),
            Meant("documentation-removed", D, D, D),
        )
        for kind, value in (
            ("doc", "How many."),
            ("deprecated", "true"),
            ("sensitive", "true"),
            ("examples", "[1]"),
        )
    ),
    *(
        Alteration(
            f"other-{kind}",
            Fragment(f"{{target: integer, {kind}: {old}}}"),
            Fragment(f"{{target: integer, {kind}: {new}}}"),
            kind,
            Meant("documentation-changed", D, D, D),
            Meant("documentation-changed", D, D, D),
        )
        for kind, old, new in (
            ("doc", "How many.", "How many there are."),
            ("deprecated", "true", "{since: 2020}"),
            ("examples", "[1]", "[2]"),
        )
    ),
    Alteration(
        "doc-of-a-value",
        enum("{a: , b: }"),
        enum("{a: , b: The second.}"),
        "values",
        Meant("documentation-added", D, D, D),
        Meant("documentation-removed", D, D, D),
    ),
    Alteration(
        "group-of-a-value",
        named(
            "{type: enum, grouped_by: Group, values: {a: {under: x}}}\n"
            "  Group: {type: enum, values: [x, y]}"
        )._replace(member="{type: map, key: Slot, value: Group}"),
        named(
            "{type: enum, grouped_by: Group, values: {a: {under: y}}}\n"
            "  Group: {type: enum, values: [x, y]}"
        )._replace(member="{type: map, key: Slot, value: Group}"),
        "under",
        Meant("documentation-changed", D, D, D),
        Meant("documentation-changed", D, D, D),
        "{key}",
    ),
    Alteration(
        "note",
        named(STRUCTURE),
        named(STRUCTURE.replace("B: integer}", "B: integer}, notes: {one: A note.}")),
        "notes",
        Meant("documentation-added", D, D, D),
        Meant("documentation-removed", D, D, D),
    ),
    Alteration(
        "derived-value",
        named(STRUCTURE),
        named(
            STRUCTURE.replace(
                "B: integer}",
                "B: integer}, derived: {twice: {cel: this.B * 2, type: integer}}",
            )
        ),
        "derived",
        Meant("documentation-added", D, D, D),
        Meant("documentation-removed", D, D, D),
    ),
    # recursion
    Alteration(
        "in-what-contains-itself",
        Fragment("Part", PARTS + "  Parts: {type: list, member: Part}\n"),
        Fragment(
            "Part", PARTS + "  Parts: {type: list, member: Part, length: {max: 3}}\n"
        ),
        "maxItems",
        Meant("bound-added", N, B, B),
        Meant("bound-removed", W, W, W),
        ".More",
    ),
)


def with_slot(fragment: Fragment, *, request: bool) -> str:
    """A spec with a fragment in its request, or in its response."""
    slot = "" if fragment.member is None else f", Slot: {fragment.member}"
    sent, received = (slot, "") if request else ("", slot)
    return (
        "shapespec: 1\npackage: library\n"
        "operations:\n  GetBook: {input: Request, output: Response}\n"
        "shapes:\n"
        f"  Request: {{type: structure, members: {{Id: string{sent}}}}}\n"
        f"  Response: {{type: structure, members: {{Id: string{received}}}}}\n"
        f"{fragment.shapes}"
    )


@pytest.mark.parametrize("sent", [False, True], ids=["response", "request"])
@pytest.mark.parametrize("one", ALTERATIONS, ids=lambda one: one.name)
def test_alteration(one: Alteration, *, sent: bool) -> None:
    """Each alteration is reported once, in both directions, with the right classes."""
    old, new = (spec(with_slot(each, request=sent)) for each in (one.old, one.new))
    path = ("(request).Slot" if sent else "Slot") + one.inside

    def expected(meant: Meant, kind: str) -> list[tuple[str, str, str, Class, Class]]:
        readers = D if sent else meant.readers
        writers = meant.requests if sent else meant.mocks
        return [(meant.what, path, kind, readers, writers)]

    back_kind = one.back_kind or one.kind
    assert expected(one.forth, one.kind) == told(compare(old, new))
    assert expected(one.back, back_kind) == told(compare(new, old))
    assert [] == told(compare(old, old))


# --- the classes are what the validators say ---
VALUES: tuple[Any, ...] = (
    *("", "a", "b", "c", "abc", "A9", "a1", "a" * 4, "a" * 5, "a" * 6, "ABCD", "YWFh"),
    *("YWFhYWFh", "x", "7", "y", "2025-01-01T00:00:00Z", "YWFhYWE=", "\n"),
    *(-1, 0, 1, 3, 4, 5, 6, 2**40, 0.5, 0.75, 1.5, 1e300, True, None),
    *(
        [],
        ["a"],
        ["a", "a"],
        ["a"] * 4,
        [*"abcd"],
        [*"abcde"],
        [*"abcdef"],
        [None],
        [1],
    ),
    *([{}], [{"A": "a"}]),
    *({}, {"A": "a"}, {"B": 1}, {"A": "a", "B": 1}, {"A": 1}, {"a": "a"}, {"a": None}),
    *({"a": 1}, {"a" * 5: "a"}, {"a" * 6: "a"}, {"a": "x"}, {"a": "y"}),
    *(dict.fromkeys("abcde", "a"), dict.fromkeys("abcdef", "a")),
    *({"K": "a", "M": 1}, {"K": "a", "M": "a"}, {"K": "One"}, {"L": "Two"}, {"K": "?"}),
    *({"M": 1}, {"M": "a"}),
    *(dict.fromkeys("abcd", "a"), {"More": [{}] * 3}, {"More": [{}] * 4}),
)
RESPONSES = ({}, *({"Slot": value} for value in VALUES))

NOT_TOLD_APART = frozenset(
    # the width of numbers; bytes, which are base64 text, from text
    ("integer-to-long", "float-to-double", "values-to-others", "string-to-blob")
)
"""Alterations that validators of JSON see less of than the table says."""


class Judged(NamedTuple):
    """What a validator says: no error; no warning either; no unknown member."""

    right: bool
    exact: bool
    known: bool


def verdicts(fragment: Fragment) -> list[Judged]:
    """What the generated validator says of each response."""
    text = with_slot(fragment, request=False)
    package = compile_text(text, targets=("dataclasses", "validators")).package
    found = []
    for response in RESPONSES:
        findings = package.validate(response, shape="Response")
        severities = {finding.severity for finding in findings}
        rules = {finding.rule for finding in findings}
        right = "error" not in severities
        exact = right and "warning" not in severities
        found.append(Judged(right, exact, "unknown-member" not in rules))
    return found


@pytest.mark.parametrize("one", ALTERATIONS, ids=lambda one: one.name)
def test_classes_are_what_validators_say(one: Alteration) -> None:
    """What is said to harm no one does not, and what is said to harm does."""
    old, new = verdicts(one.old), verdicts(one.new)

    for meant, before, after in ((one.forth, old, new), (one.back, new, old)):
        both = [*zip(before, after, strict=True)]
        refused = any(
            was.right > now.right for was, now in both if was.known or not now.known
        )
        inexact = any(was.exact > now.exact for was, now in both)
        come = any(
            was.exact < now.exact
            or (was.right < now.right and (now.known or not was.known))
            for was, now in both
        )

        if one.name in NOT_TOLD_APART:
            continue
        assert refused == (meant.mocks is B)
        assert (refused or inexact) == (meant.mocks in {B, N})
        if meant.readers is W:
            assert come
        elif meant.readers is not B:
            assert not come


OPTIONS = {
    name: f"  {name}: {{type: structure, members: {{K: string, M: {kind}}}}}\n"
    for name, kind in (("One", "string"), ("Two", "integer"), ("Three", "long"))
}
TAGGED = "{one_of: [One, %s], discriminator: K, mapping: {a: One, b: %s}}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "{one_of: [string, integer]}",
            "{one_of: [string, double]}",
            [("type-generalised", "Slot<integer>", B, W)],
        ),
        (
            "{one_of: [string, integer]}",
            "{one_of: [string, {type: integer, range: {min: 1}}]}",
            [("bound-added", "Slot<integer>", N, B)],
        ),
        (
            "{one_of: [integer, boolean]}",
            "{one_of: [string, {type: list, member: string}]}",
            [
                ("option-removed", "Slot<boolean>", N, B),
                ("option-removed", "Slot<integer>", N, B),
                ("option-added", "Slot<2>", W, W),
                ("option-added", "Slot<string>", W, W),
            ],
        ),
        (
            TAGGED % ("Two", "Two"),
            TAGGED % ("Three", "Three"),
            [("type-widened", "Slot<Two>.M", W, W)],
        ),
        (
            "One",
            "{one_of: [string, One]}",
            [("options-added", "Slot", B, W)],
        ),
        (
            "{type: string, length: {max: 3}}",
            "{one_of: [string, One]}",
            [("options-added", "Slot", B, W), ("bound-removed", "Slot", W, W)],
        ),
        (
            "{type: integer, range: {min: 1, below: 9}}",
            "{type: integer, range: {above: 0, max: 8}}",
            [],
        ),
        (
            "{type: integer, range: {min: 1}}",
            "{type: integer, range: {above: 1}}",
            [("bound-tightened", "Slot", N, B)],
        ),
    ],
)
def test_names_of_options_and_ways_to_say_a_bound(
    old: str, new: str, expected: list[tuple[object, ...]]
) -> None:
    """Options are one by tag or JSON type; a whole number above 0 is at least 1."""
    first, second = (
        spec(
            with_slot(
                Fragment(
                    slot,
                    "".join(text for name, text in OPTIONS.items() if name in slot),
                ),
                request=False,
            )
        )
        for slot in (old, new)
    )

    found = [(one[0], one[1], *one[3:]) for one in told(compare(first, second))]

    assert expected == found


# --- specs as a whole -----------------------------------------------------------

LIBRARY = """\
shapespec: 1
package: library
title: City library
doc: What the library answers.
operations:
  GetBook:
    doc: Reads one book.
    input: GetBookRequest
    output: Book
    errors: [NotFound]
  FindBooks:
    input: FindBooksRequest
    output: FindBooksResponse
shapes:
  GetBookRequest:
    type: structure
    members:
      Id: {target: Id, required: true}
  Book:
    type: structure
    doc: A book that the library owns.
    members:
      Title: {target: string, required: true, doc: As it is on the cover.}
      Pages: {type: integer, range: {min: 1}}
      State: State
      Id: Id
      Parts: {type: list, member: Book}
  State:
    type: enum
    values: [in, lent, lost]
  Id: {type: string, length: {min: 4, max: 12}, pattern: '[a-z]-[0-9]+'}
  NotFound: {type: structure, members: {Message: string}}
  FindBooksRequest: {type: structure, members: {Words: string}}
  FindBooksResponse:
    type: structure
    members:
      Books: {type: list, member: Book}
forms:
  wire:
    doc: What is sent.
    timestamps: {read: [epoch-seconds], write: epoch-seconds}
    extra_members: [RequestId]
"""

FIND_BOOKS = LIBRARY[LIBRARY.index("  FindBooks:\n") : LIBRARY.index("shapes:")]
FIND_SHAPES = LIBRARY[LIBRARY.index("  FindBooksRequest") : LIBRARY.index("forms:")]


@pytest.mark.parametrize(
    ("old", "new", "path", "kind", "forth", "back"),
    [
        (
            "title: City library",
            "title: Library",
            "(spec)",
            "title",
            ("documentation-changed", D, D),
            ("documentation-changed", D, D),
        ),
        (
            "doc: What the library answers.",
            "",
            "(spec)",
            "doc",
            ("documentation-removed", D, D),
            ("documentation-added", D, D),
        ),
        (
            "    doc: Reads one book.\n",
            "    deprecated: true\n    doc: Reads one book.\n",
            "(operation)",
            "deprecated",
            ("documentation-added", D, D),
            ("documentation-removed", D, D),
        ),
        (
            "errors: [NotFound]",
            "errors: [NotFound, FindBooksResponse]",
            "(operation)",
            "errors",
            ("error-added", W, W),
            ("error-removed", N, N),
        ),
        (
            "errors: [NotFound]\n",
            "errors: [NotFound]\n    pagination: {}\n",
            "(operation)",
            "paginated",
            ("pages-added", B, D),
            ("pages-removed", D, B),
        ),
        (
            "read: [epoch-seconds]",
            "read: [epoch-seconds, iso-8601]",
            "(form wire)",
            "read",
            ("encoding-added", W, W),
            ("encoding-removed", N, B),
        ),
        (
            "write: epoch-seconds",
            "write: iso-8601",
            "(form wire)",
            "write",
            ("documentation-changed", D, D),
            ("documentation-changed", D, D),
        ),
        (
            "extra_members: [RequestId]",
            "extra_members: [RequestId, Host]",
            "(form wire)",
            "extra_members",
            ("extra-added", W, W),
            ("extra-removed", B, N),
        ),
        (
            "extra_members: [RequestId]",
            "extra_members: [RequestId]\n    keys: snake_case",
            "(form wire)",
            "spelling",
            ("spelling-changed", B, B),
            ("spelling-changed", B, B),
        ),
        (
            "forms:\n",
            "forms:\n  log: {timestamps: {read: [datetime], write: datetime}}\n",
            "(form log)",
            "member",
            ("form-added", W, W),
            ("form-removed", N, B),
        ),
        (
            FIND_BOOKS,
            "",
            "FindBooks",
            "operation",
            ("operation-removed", B, B),
            ("operation-added", D, W),
        ),
        (
            "    input: FindBooksRequest\n",
            "",
            "(request)",
            "member",
            ("description-removed", D, D),
            ("description-added", D, D),
        ),
        (
            "Message: string",
            "Message: {target: string, required: true}",
            "Message",
            "required",
            ("required-added", N, B),
            ("required-removed", B, W),
        ),
    ],
    ids=lambda value: value.strip()[:20] if isinstance(value, str) else None,
)
def test_alteration_of_a_spec(  # noqa: PLR0913, PLR0917 - as many as the table has columns
    old: str,
    new: str,
    path: str,
    kind: str,
    forth: tuple[str, Class, Class],
    back: tuple[str, Class, Class],
) -> None:
    """What belongs to no single place is reported too: operations, errors, forms."""
    assert old in LIBRARY
    text = LIBRARY.replace(old, new)
    if "FindBooks:" not in text:
        text = text.replace(FIND_SHAPES, "")
    if "FindBooksRequest" not in text.replace(FIND_SHAPES, ""):
        text = text.replace(FIND_SHAPES.splitlines(keepends=True)[0], "")
    first, second = spec(LIBRARY), spec(text)

    assert [(forth[0], path, kind, *forth[1:])] == told(compare(first, second))
    assert [(back[0], path, kind, *back[1:])] == told(compare(second, first))


def test_a_renamed_operation() -> None:
    """The only operation under another name is the same, but requests name it."""
    text = LIBRARY.replace(FIND_BOOKS, "").replace(FIND_SHAPES, "")
    renamed = text.replace("GetBook:", "ReadBook:")

    assert [("operation-renamed", "(operation)", "operation", D, B)] == told(
        compare(spec(text), spec(renamed))
    )


def test_roots() -> None:
    """A root beside others comes and goes like an operation."""
    one = "shapespec: 1\npackage: library\nroots: [A, B]\nshapes:\n"
    one += "".join(f"  {name}: {{type: structure, members: {{}}}}\n" for name in "AB")
    two = one.replace("[A, B]", "[A, B, C]")
    two += "  C: {type: structure, members: {}}\n"

    assert [("root-added", "C", "root", D, W)] == told(compare(spec(one), spec(two)))
    assert [("root-removed", "C", "root", B, B)] == told(compare(spec(two), spec(one)))


def test_a_change_in_each_operation_is_told_with_its_name() -> None:
    """A shape that two operations share differs in both, each with a fingerprint."""
    changes = compare(
        spec(LIBRARY), spec(LIBRARY.replace("max: 12", "max: 20"))
    ).changes

    assert {
        ("GetBook", "(request).Id"),
        ("GetBook", "Id"),
        ("FindBooks", "Books[].Id"),
    } == {(one.contract, one.finding.path) for one in changes}
    assert len(changes) == len({one.fingerprint for one in changes})


SAME = (
    # moved, renamed, written otherwise: the facts are the same
    LIBRARY,
    LIBRARY.replace("\n", "\r\n"),
    "# a comment\n\n" + LIBRARY.replace("  State:\n    type", "\n\n  State:\n    type"),
    re.sub(r"\bBook\b", "Volume", LIBRARY),
    LIBRARY.replace("State: State", "State: Whereabouts").replace(
        "  State:\n", "  Whereabouts:\n"
    ),
    LIBRARY.replace("Pages: {type: integer, range: {min: 1}}", "Pages: Pages").replace(
        "forms:", "  Pages: {type: integer, range: {min: 1.0}}\nforms:"
    ),
    LIBRARY.replace("values: [in, lent, lost]", "values: {lost: , in: , lent: }"),
    LIBRARY.replace(
        "      State: State\n      Id: Id\n", "      Id: Id\n      State: State\n"
    ),
    LIBRARY.replace(FIND_BOOKS, "").replace(
        "operations:\n", f"operations:\n{FIND_BOOKS}"
    ),
    LIBRARY.replace("length: {min: 4, max: 12}", "length: {max: 12, min: 4}"),
)


@pytest.mark.parametrize("text", SAME, ids=range(len(SAME)))
def test_the_same_facts_are_no_change(text: str) -> None:
    """Order, layout, names of shapes and where they stand make no difference."""
    assert [] == told(compare(spec(LIBRARY), spec(text)))


@pytest.mark.parametrize("text", SAME, ids=range(len(SAME)))
def test_fingerprints_are_stable(text: str) -> None:
    """A change has the same fingerprint in however the two sides are written."""

    def altered(original: str) -> str:
        return re.sub(r"max: 12|'\[a-z\]-\[0-9\]\+'|lent", _other, original)

    before = compare(spec(LIBRARY), spec(altered(LIBRARY))).changes
    after = compare(spec(text), spec(altered(text))).changes

    assert 10 == len(before)
    assert [one.fingerprint for one in before] == [one.fingerprint for one in after]


def _other(match: re.Match[str]) -> str:
    return {"max: 12": "max: 11", "lent": "borrowed"}.get(match[0], "'[a-z]-[0-9]{4}'")


def test_fingerprints_tell_changes_apart() -> None:
    """Two changes have one fingerprint if, and only if, they are the same change."""
    found: dict[str, tuple[object, ...]] = {}
    for one, sent in itertools.product(ALTERATIONS, (False, True)):
        old, new = (spec(with_slot(each, request=sent)) for each in (one.old, one.new))
        for change in (*compare(old, new).changes, *compare(new, old).changes):
            (what, path, kind, before, after, key) = change.finding
            same = (what, path, kind, key, repr(before.value), repr(after.value))

            assert re.fullmatch("[0-9a-f]{12}", change.fingerprint)
            assert same == found.setdefault(change.fingerprint, same)
    assert len(found) == len(set(found.values()))


def test_the_fingerprint_of_a_new_enum() -> None:
    """The order of the values is not part of the change."""
    old = spec(with_slot(Fragment("string"), request=False))
    marks = {
        change.fingerprint
        for values in ("[a, b]", "[b, a]")
        for change in compare(old, spec(with_slot(enum(values), request=False))).changes
    }

    assert 1 == len(marks)


def test_a_fingerprint() -> None:
    """A fingerprint is the same in every version: teams keep it in their files."""
    long = LIBRARY.replace("Pages: {type: integer", "Pages: {type: long")
    found = {one.contract: one for one in compare(spec(LIBRARY), spec(long)).changes}

    assert "138d6fd60831" == found["GetBook"].fingerprint


def test_what_contains_itself() -> None:
    """A structure that begins or ceases to contain itself is compared all the same."""
    text = (
        "shapespec: 1\npackage: tree\nroots: [Node]\nshapes:\n"
        "  Node: {type: structure, members: {Name: string, Child: CHILD}}\n"
    )
    leaf = "  Leaf: {type: structure, members: {Name: string}}\n"
    deep = spec(text.replace("CHILD", "Node"))
    flat = spec(text.replace("CHILD", "Leaf") + leaf)

    assert [("member-added", "Child.Child", "member", W, W)] == told(
        compare(flat, deep)
    )
    assert [("member-removed", "Child.Child", "member", B, N)] == told(
        compare(deep, flat)
    )


def test_places() -> None:
    """Both places are told: of a fact where it stands, of nothing where it would."""
    old, new = (
        spec(LIBRARY, "old.yaml"),
        spec(
            LIBRARY.replace("max: 12", "max: 13")
            .replace("      State: State\n", "")
            .replace("  State:\n    type: enum\n    values: [in, lent, lost]\n", ""),
            "new.yaml",
        ),
    )

    places = {
        (one.finding.path, one.finding.old.place, one.finding.new.place)
        for one in compare(old, new).changes
        if one.contract == "GetBook"
    }

    assert {
        ("State", "old.yaml:25:7", "new.yaml:19:3"),
        ("Id", "old.yaml:31:3", "new.yaml:27:3"),
        ("(request).Id", "old.yaml:31:3", "new.yaml:27:3"),
    } == places


# --- the flagship's sources -----------------------------------------------------

EVIDENCE = ROOT / "spec" / "sagemaker" / "evidence"


def evidence(source: str) -> Side:
    file = EVIDENCE / f"{source}.yaml"
    if not file.is_file():
        pytest.skip(f"there is no {file.relative_to(ROOT)}")
    return load(str(file))


def test_the_documents_of_2019_and_2025() -> None:
    """Six years added 19 members, and nothing else that both documents state."""
    comparison = compare(evidence("aws-api-reference"), evidence("aws-cli"))

    assert {("member-added", W, W): 19} == Counter(
        (one.finding.what, one.readers, one.writers) for one in comparison.changes
    )
    assert {"required", "pattern", "maxLength"} < set(comparison.silences[-1].kinds)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("aws-cli", "aws-api-reference", {"member-removed": 19}),
        ("aws-api-reference", "paws", {"member-added": 17, "enum-value-added": 4}),
        ("aws-api-reference", "aws-sdk-ruby", {"member-added": 16}),
        ("aws-sdk-ruby", "paws", {"member-added": 1}),
        ("paws", "aws-cli", {"member-added": 7}),
        ("aws-cli", "datadog-ddsql", {"member-added": 3}),
    ],
)
def test_other_documents(old: str, new: str, expected: dict[str, int]) -> None:
    """Between any two documents there is nothing but members and values."""
    changes = compare(evidence(old), evidence(new)).changes

    assert expected == Counter(one.finding.what for one in changes)


def test_the_recorded_botocore_and_the_installed_one() -> None:
    """The same version of botocore, recorded and installed, states the same."""
    botocore = pytest.importorskip("botocore")
    file = EVIDENCE / "botocore.yaml"
    recorded = evidence("botocore")
    if botocore.__version__ not in file.read_text("utf-8").partition("facts:")[0]:
        pytest.skip("another version of botocore is installed")

    comparison = compare(recorded, load("botocore:sagemaker#DescribeTrainingJob"))

    assert ((), ()) == (comparison.changes, comparison.silences)


# --- service models -------------------------------------------------------------

MODELLED = """\
shapespec: 1
package: library
doc: What only a spec says makes no difference.
operations:
  GetBook: {input: GetBookRequest, output: Book}
  FindBooks: {input: FindBooksRequest}
shapes:
  GetBookRequest:
    type: structure
    members:
      Id: {target: Id, required: true}
      Words: Words
  Book:
    type: structure
    members:
      Title: {target: string, required: true, doc: As it is on the cover., default: a}
      Id: Id
      Pages: {type: integer, range: {min: 1, max: 9999}, unit: p}
      Weight: float
      Words: Words
      Shelves: {type: map, key: Id, value: Shelf, length: {max: 3}}
      State: State
      Medium: Medium
      Parts: {type: list, member: Book}
      Notes: document
  Id: {type: string, length: {min: 4, max: 12}, pattern: '[a-z]-[0-9]+'}
  Words: {type: list, member: string, length: {min: 0, max: 9}, unique_items: true}
  Shelf: {type: structure, members: {Room: string}}
  State: {type: enum, open: true, values: {in: Here., lent: , burnt: {retired: true}}}
  Medium: {type: union, members: {Pages: integer, Minutes: long}}
  FindBooksRequest: {type: structure, members: {Words: Words}}
"""


def model() -> dict[str, Any]:
    """The same contract as botocore has them."""
    shapes: dict[str, Any] = {
        "GetBookRequest": {
            "type": "structure",
            "required": ["Id"],
            "members": {"Id": {"shape": "Id"}, "Words": {"shape": "Words"}},
        },
        "Book": {
            "type": "structure",
            "required": ["Title"],
            "members": {
                "Title": {"shape": "String"},
                "Id": {"shape": "Id"},
                "Pages": {"shape": "PageCount"},
                "Weight": {"shape": "Float"},
                "Words": {"shape": "Words"},
                "Shelves": {"shape": "Shelves"},
                "State": {"shape": "State"},
                "Medium": {"shape": "Medium"},
                "Parts": {"shape": "Parts"},
                "Notes": {"shape": "Notes"},
            },
        },
        "String": {"type": "string"},
        "Integer": {"type": "integer"},
        "Long": {"type": "long"},
        "Float": {"type": "float"},
        "Id": {"type": "string", "min": 4, "max": 12, "pattern": "[a-z]-[0-9]+"},
        "PageCount": {"type": "integer", "min": 1, "max": 9999},
        "Words": {"type": "list", "member": {"shape": "String"}, "max": 9},
        "Shelves": {
            "type": "map",
            "key": {"shape": "Id"},
            "value": {"shape": "Shelf"},
            "max": 3,
        },
        "Shelf": {"type": "structure", "members": {"Room": {"shape": "String"}}},
        "State": {"type": "string", "enum": ["lent", "in"]},
        "Medium": {
            "type": "structure",
            "union": True,
            "members": {"Pages": {"shape": "Integer"}, "Minutes": {"shape": "Long"}},
        },
        "Parts": {"type": "list", "member": {"shape": "Book"}},
        "Notes": {"type": "structure", "document": True, "members": {}},
    }
    call = {"input": {"shape": "GetBookRequest"}, "output": {"shape": "Book"}}
    return {
        "version": "2.0",
        "metadata": {"apiVersion": "2020-01-01", "serviceId": "library"},
        "operations": {"GetBook": {"name": "GetBook", **call}},
        "shapes": shapes,
    }


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the only model that botocore finds."""
    loaders = pytest.importorskip("botocore.loaders")
    file = tmp_path / "data" / "library" / "2020-01-01" / "service-2.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(model()))
    monkeypatch.setattr(loaders.Loader, "BUILTIN_DATA_PATH", str(tmp_path / "data"))
    return file


def test_a_model_that_states_what_the_spec_does(library: Path) -> None:
    """Between a spec and a model of the same contract there is no change."""
    installed = load("botocore:library#GetBook")

    assert library.is_file()
    for old, new in ((spec(MODELLED), installed), (installed, spec(MODELLED))):
        comparison = compare(old, new)
        (silence,) = comparison.silences

        assert () == comparison.changes
        assert ("retired", "default") == silence.kinds


Edit: TypeAlias = Callable[[dict[str, Any]], object]


def member(shape: str, name: str, target: str = "String") -> Edit:
    return lambda shapes: shapes[shape]["members"].update({name: {"shape": target}})


def without(shape: str, name: str) -> Edit:
    return lambda shapes: shapes[shape]["members"].pop(name)


def trait(shape: str, **traits: object) -> Edit:
    return lambda shapes: shapes[shape].update(traits)


def no_trait(shape: str, name: str) -> Edit:
    return lambda shapes: shapes[shape].pop(name)


Told: TypeAlias = tuple[str, str, str, Class, Class]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        # members
        (member("Book", "New"), [("member-added", "New", "member", W, W)]),
        (without("Book", "Weight"), [("member-removed", "Weight", "member", B, N)]),
        (without("Book", "Title"), [("member-removed", "Title", "member", B, N)]),
        (member("Shelf", "New"), [("member-added", "Shelves{}.New", "member", W, W)]),
        (
            without("Shelf", "Room"),
            [("member-removed", "Shelves{}.Room", "member", B, N)],
        ),
        (
            member("GetBookRequest", "New"),
            [("member-added", "(request).New", "member", D, W)],
        ),
        (
            without("GetBookRequest", "Id"),
            [("member-removed", "(request).Id", "member", D, B)],
        ),
        (member("Medium", "New"), [("variant-added", "Medium.New", "member", W, W)]),
        (
            without("Medium", "Pages"),
            [("variant-removed", "Medium.Pages", "member", N, N)],
        ),
        # required
        (
            trait("Book", required=["Title", "Id"]),
            [("required-added", "Id", "required", N, B)],
        ),
        (
            no_trait("Book", "required"),
            [("required-removed", "Title", "required", B, W)],
        ),
        (
            trait("GetBookRequest", required=["Id", "Words"]),
            [("required-added", "(request).Words", "required", D, B)],
        ),
        (
            no_trait("GetBookRequest", "required"),
            [("required-removed", "(request).Id", "required", D, W)],
        ),
        # types
        (
            trait("PageCount", type="long"),
            [("type-widened", "Pages", "type", W, W)],
        ),
        (
            trait("PageCount", type="float"),
            [("type-generalised", "Pages", "type", B, W)],
        ),
        (trait("Float", type="long"), [("type-narrowed", "Weight", "type", N, B)]),
        (trait("Float", type="string"), [("type-changed", "Weight", "type", B, B)]),
        (member("Book", "Id", "Shelf"), [("type-changed", "Id", "type", B, B)]),
        (no_trait("Medium", "union"), [("type-generalised", "Medium", "type", B, W)]),
        (no_trait("Notes", "document"), [("type-narrowed", "Notes", "type", N, B)]),
        (
            trait("Shelf", document=True),
            [("type-generalised", "Shelves{}", "type", B, W)],
        ),
        # bounds
        (trait("PageCount", max=99), [("bound-tightened", "Pages", "maximum", N, B)]),
        (trait("PageCount", min=0), [("bound-loosened", "Pages", "minimum", W, W)]),
        (no_trait("PageCount", "max"), [("bound-removed", "Pages", "maximum", W, W)]),
        (trait("Float", max=1.5), [("bound-added", "Weight", "maximum", N, B)]),
        (trait("Shelves", max=4), [("bound-loosened", "Shelves", "maxItems", W, W)]),
        (
            trait("Words", min=1),
            [
                ("bound-added", "Words", "minItems", N, B),
                ("bound-added", "(request).Words", "minItems", D, B),
            ],
        ),
        (
            trait("Id", max=13),
            [
                ("bound-loosened", "Id", "maxLength", W, W),
                ("bound-loosened", "Shelves{key}", "maxLength", W, W),
                ("bound-loosened", "(request).Id", "maxLength", D, W),
            ],
        ),
        # patterns
        (
            no_trait("Id", "pattern"),
            [
                ("pattern-removed", "Id", "pattern", W, W),
                ("pattern-removed", "Shelves{key}", "pattern", W, W),
                ("pattern-removed", "(request).Id", "pattern", D, W),
            ],
        ),
        (
            trait("Id", pattern="[a-z]-[1-9]+"),
            [
                ("pattern-narrowed", "Id", "pattern", N, B),
                ("pattern-narrowed", "Shelves{key}", "pattern", N, B),
                ("pattern-narrowed", "(request).Id", "pattern", D, B),
            ],
        ),
        (
            trait("Id", pattern="^[a-z]-[0-9]{1,}$"),
            [
                ("pattern-respelt", "(request).Id", "pattern", D, D),
                ("pattern-respelt", "Id", "pattern", D, D),
                ("pattern-respelt", "Shelves{key}", "pattern", D, D),
            ],
        ),
        (
            trait("Id", pattern="[b-z0]-[0-9]+"),
            [
                ("pattern-changed", "Id", "pattern", W, B),
                ("pattern-changed", "Shelves{key}", "pattern", W, B),
                ("pattern-changed", "(request).Id", "pattern", D, B),
            ],
        ),
        # enums
        (
            trait("State", enum=["in", "lent", "lost"]),
            [("enum-value-added", "State", "enum", W, W)],
        ),
        (
            trait("State", enum=["in"]),
            [("open-enum-value-removed", "State", "enum", N, N)],
        ),
        (trait("State", enum=["in", "lent", "burnt"]), []),
        (no_trait("State", "enum"), [("enum-removed", "State", "enum", W, W)]),
        (
            trait("Float", type="string", enum=["a"]),
            [("type-changed", "Weight", "type", B, B)],
        ),
        # what is no part of the contract
        (trait("Book", documentation="<p>Another</p>"), []),
        (trait("Float", box=True), []),
        (trait("String", min=0), []),
    ],
)
def test_an_altered_model(library: Path, edit: Edit, expected: list[Told]) -> None:
    """Whatever AWS alters in a model is reported, with its class, and nothing else."""
    altered = model()
    edit(altered["shapes"])
    library.write_text(json.dumps(altered))

    changes = told(compare(spec(MODELLED), load("botocore:library#GetBook")))

    assert expected == changes


def test_operations_of_a_model(library: Path) -> None:
    """The operation of the same name is meant; there has to be one."""
    altered = model()
    altered["operations"]["LendBook"] = altered["operations"]["GetBook"]
    library.write_text(json.dumps(altered))

    with pytest.raises(Unusable, match="no operation LendBook; it has: GetBook, Find"):
        compare(spec(MODELLED), load("botocore:library#LendBook"))


@pytest.mark.usefixtures("library")
def test_a_spec_without_a_request() -> None:
    """A spec that describes no request is silent about it."""
    text = MODELLED.replace("input: GetBookRequest, ", "")
    text = re.sub(r"  GetBookRequest:\n(?:    .*\n)+", "", text)

    comparison = compare(spec(text), load("botocore:library#GetBook"))

    assert () == comparison.changes
    assert ("the request",) == comparison.silences[0].places


def test_a_model_that_begins_to_contain_itself(library: Path) -> None:
    """Facts of a model do not tell a recursion from an empty structure; specs do."""
    text = MODELLED.replace("Parts: {type: list, member: Book}", "Parts: Part")
    text += "  Part: {type: structure, members: {}}\n"
    altered = model()
    altered["shapes"]["Part"] = {"type": "structure", "members": {}}
    altered["shapes"]["Book"]["members"]["Parts"] = {"shape": "Part"}

    library.write_text(json.dumps(altered))
    assert [] == told(compare(spec(text), load("botocore:library#GetBook")))
    assert [("type-changed", "Parts", "type", B, B)] == told(
        compare(spec(MODELLED), load("botocore:library#GetBook"))
    )
    member("Part", "New")(altered["shapes"])
    library.write_text(json.dumps(altered))
    assert [("member-added", "Parts.New", "member", W, W)] == told(
        compare(spec(text), load("botocore:library#GetBook"))
    )


ALTERED: dict[str, tuple[Callable[[Any], Value], str, Class, Class]] = {
    "maxLength": (lambda value: value + 1, "bound-loosened", W, W),
    "minLength": (lambda value: value + 1, "bound-tightened", N, B),
    "maxItems": (lambda value: value - 1, "bound-tightened", N, B),
    "minItems": (lambda value: value + 1, "bound-tightened", N, B),
    "minimum": (lambda value: value - 1, "bound-loosened", W, W),
    "maximum": (lambda value: value + 1, "bound-loosened", W, W),
    "pattern": (lambda _: "[a&&b]", "pattern-narrowed", N, B),
    "enum": (lambda value: [*value, "!"], "enum-value-added", W, W),
    "required": (lambda _: False, "required-removed", B, W),
    "type": (lambda value: "blob" if value != "blob" else "list", "type-changed", B, B),
}


@pytest.mark.parametrize("kind", ALTERED)
def test_every_fact_of_the_installed_model(kind: str) -> None:
    """Whichever fact of a kind AWS alters, it is reported at its place: all of them."""
    pytest.importorskip("botocore")
    from shapespec.importers.botocore import facts, parse

    operation = "DescribeTrainingJob"
    stated = [*facts.model_facts(parse.load("sagemaker").data, operation)]
    source = Source("botocore", "botocore", "A model", "1", "service-2.json", "0" * 64)
    alter, what, readers, writers = ALTERED[kind]

    def side(stated: Iterable[Fact]) -> Side:
        evidence = Evidence(source=source, facts=tuple(stated))
        return evidence_side(evidence, "model", operation)

    before = side(stated)
    chosen = [
        fact  # the places of errors are not compared
        for fact in stated
        if fact.kind == kind and not fact.path.startswith(ERRORS)
    ]
    if kind == "type":  # what lies inside another type is no longer compared
        chosen = [fact for fact in chosen if not re.search(r"[.\[{]", fact.path)]
    for one in chosen:
        altered = [
            replace(fact, value=alter(fact.value)) if fact is one else fact
            for fact in stated
        ]
        means = _at_the_end(one) or (what, readers, writers)
        if one.path.startswith("(request)"):
            means = (means[0], D, means[2])

        assert [(means[0], one.path, kind, *means[1:])] == told(
            compare(before, side(altered))
        )
    assert chosen


def _at_the_end(fact: Fact) -> tuple[str, Class, Class] | None:
    """What it is instead where a fact is at the end of its scale, or of what we can."""
    match fact.kind, fact.value:
        case (("minLength" | "minItems"), 0):
            return ("bound-added", N, B)
        case "pattern", str() as pattern if "(?<!" in pattern:
            return ("pattern-changed", W, B)
        case _:
            return None


# --- patterns -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[a-z]+", "[a-z]*", Relation.WIDER),
        ("[a-z]{1,32}", "[a-z]{1,64}", Relation.WIDER),
        (None, ".*", Relation.NARROWER),
        (None, "(?s).*", Relation.EQUAL),
        ("^[a-z]+$", "[a-z]+", Relation.EQUAL),
        ("abc|abd", "ab[cd]", Relation.EQUAL),
        ("(a{2,3}){2}", "a{4,6}", Relation.EQUAL),
        ("(a*){0,3}", "a*", Relation.EQUAL),
        (".{0,2048}", ".{0,1024}", Relation.NARROWER),
        ("(https|s3)://([^/]+)/?(.*)", "s3://([^/]+)/?(.*)", Relation.NARROWER),
        ("a|b", "b|c", Relation.OTHER),
        (
            "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
            "^[a-zA-Z0-9](-*[a-zA-Z0-9])*",
            Relation.WIDER,
        ),
        ("(?=x)x", "x", Relation.UNKNOWN),
        ("(?>a|ab)c", "abc", Relation.UNKNOWN),
        ("(a)\\1", "aa", Relation.UNKNOWN),
        ("([a-z]{0,99}x?){0,99}", "([a-y]{0,99}x?){0,99}y{0,2}", Relation.UNKNOWN),
    ],
)
def test_relation_of_patterns(
    old: str | None, new: str | None, expected: Relation
) -> None:
    """Which of two patterns matches more is decided on what they match."""
    other = {Relation.WIDER: Relation.NARROWER, Relation.NARROWER: Relation.WIDER}

    assert expected == relation(old, new)
    assert other.get(expected, expected) == relation(new, old)


def test_relation_of_many_patterns() -> None:
    """No short text contradicts what is said of patterns drawn at random."""
    draw = random.Random(11)  # noqa: S311 - the draw is to be repeatable
    texts = [
        "".join(one) for n in range(6) for one in itertools.product("ab", repeat=n)
    ]
    patterns = [_drawn(draw, 3) for _ in range(60)]
    matched = {
        one: {text for text in texts if re.fullmatch(one, text)} for one in patterns
    }
    found = Counter[Relation]()
    for old, new in itertools.product(patterns, repeat=2):
        said = relation(old, new)
        found[said] += 1
        if matched[new] - matched[old]:
            assert said in (Relation.WIDER, Relation.OTHER), (old, new)
        if matched[old] - matched[new]:
            assert said in (Relation.NARROWER, Relation.OTHER), (old, new)
        if matched[old] == matched[new]:
            assert said is not Relation.OTHER, (old, new)
    assert {Relation.EQUAL, Relation.WIDER, Relation.NARROWER, Relation.OTHER} == {
        *found
    }


def _drawn(draw: random.Random, depth: int) -> str:
    if depth == 0:
        return draw.choice(("a", "b", "[ab]", "a?"))
    one, other = _drawn(draw, depth - 1), _drawn(draw, depth - 1)
    return draw.choice(
        (one, f"{one}{other}", f"(?:{one}|{other})", f"(?:{one}){{1,2}}", f"(?:{one})*")
    )


# --- the command ----------------------------------------------------------------


class Done(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    output: str
    errors: str


Run: TypeAlias = Callable[..., Done]


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs `shapespec diff` in an empty folder, as its users do."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["shapespec", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return call


@pytest.fixture
def specs(tmp_path: Path) -> tuple[str, str]:
    """The two specs of the page's example, in files."""
    old, new = EXAMPLES
    (tmp_path / "old.yaml").write_text(old, "utf-8")
    (tmp_path / "new.yaml").write_text(new, "utf-8")
    return "old.yaml", "new.yaml"


def test_markdown(run: Run, tmp_path: Path) -> None:
    """Release notes show names and patterns as they are, whatever they hold."""
    names = [
        "a|b",
        "`tick`",
        "<b>",
        "[x](y)",
        "*em*",
        "# head",
        "- item",
        "1. item",
        "\\",
    ]
    base = "shapespec: 1\npackage: odd\nshapes:\n  Root:\n    type: structure\n"
    members = "".join(f"      {json.dumps(name)}: string\n" for name in names)
    (tmp_path / "old.yaml").write_text(base + "    members: {}\n")
    (tmp_path / "new.yaml").write_text(base + "    members:\n" + members)

    done = run("diff", "old.yaml", "new.yaml", "--format", "markdown")

    tokens = MarkdownIt().parse(done.output)
    texts = [
        "".join(one.content for one in token.children or ())
        for token in tokens
        if token.type == "inline"
    ]
    assert 1 == done.code
    assert "Changes from old.yaml to new.yaml" == texts[0]
    assert sorted(names) == sorted(
        text.partition(" is new: string")[0] for text in texts[2:-1]
    )
    assert "9 changes." == texts[-1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("shapespec: 1\npackage: x\nshapes: 3\n", "error[wrong-type]"),
        ("a: [1\n", "error[yaml-syntax]"),
        ("", "error[empty-document]"),
        ("[1]\n", "is neither a spec nor evidence"),
        ("a: 1\n", "is neither a spec nor evidence"),
        ("decisions: {}\n", "contains decisions"),
        ('{"$schema": "x", "$ref": "y"}', "error[remote-reference]"),
        ('{"$defs": {}}', "it defines no object that a spec could describe"),
        ("source: 1\nfacts: []\n", "error[wrong-type]"),
    ],
)
def test_files_that_are_no_side(
    run: Run, specs: tuple[str, str], tmp_path: Path, text: str, reason: str
) -> None:
    """A file that is neither a spec nor evidence is named, and why; exit code 2."""
    (tmp_path / "bad.yaml").write_text(text)

    for sides in ((specs[0], "bad.yaml"), ("bad.yaml", specs[0])):
        done = run("diff", *sides)

        assert (2, "") == done[:2]
        assert reason in done.errors
        assert "bad.yaml" in done.errors


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ("missing.yaml", "cannot read missing.yaml"),
        (".", "cannot read ."),
        ("botocore:", "write botocore:SERVICE#OPERATION"),
        ("botocore:sagemaker", "write botocore:SERVICE#OPERATION"),
        ("botocore:#GetBook", "write botocore:SERVICE#OPERATION"),
        ("botocore:librry#GetBook", "did you mean library?"),
        ("botocore:library#GetBok", "did you mean GetBook?"),
        ("botocore:../library#GetBook", "has no service"),
    ],
)
@pytest.mark.usefixtures("library")
def test_what_cannot_be_loaded(
    run: Run, specs: tuple[str, str], named: str, reason: str
) -> None:
    """What is not there is named, with the nearest that is; exit code 2."""
    done = run("diff", specs[0], named)

    assert (2, "") == done[:2]
    assert reason in done.errors


def test_without_botocore(
    run: Run, specs: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without botocore only what needs it fails, and says what to install."""
    for name in ("botocore", "botocore.loaders"):
        monkeypatch.setitem(sys.modules, name, None)

    done = run("diff", specs[0], "botocore:library#GetBook")

    assert 1 == run("diff", *specs).code
    assert (2, "") == done[:2]
    assert "botocore is not installed" in done.errors


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "Missing argument 'OLD'"),
        (("old.yaml",), "Missing argument 'NEW'"),
        (("old.yaml", "new.yaml", "--format", "xml"), "'xml' is not one of"),
        (("old.yaml", "new.yaml", "--accept", "123"), "neither a fingerprint"),
        (("old.yaml", "new.yaml", "--accept", "old.yaml"), "old.yaml:1: 'shapespec"),
        (("old.yaml", "new.yaml", "--accept", "."), "cannot read ."),
    ],
)
@pytest.mark.usefixtures("specs")
def test_wrong_usage(run: Run, arguments: tuple[str, ...], reason: str) -> None:
    """Wrong usage is one clear message and exit code 2."""
    done = run("diff", *arguments)

    assert (2, "") == done[:2]
    assert reason in done.errors


def test_help(run: Run) -> None:
    """The help tells the exit codes, the classes and what a side may be."""
    text = run("diff", "--help").output

    for word in ("Exit codes:", "botocore:SERVICE#OPERATION", "widening", "--accept"):
        assert word in text


def test_starting_is_light() -> None:
    """Comparing specs loads neither botocore nor what only writes files."""
    code = (
        "import sys; sys.argv = ['shapespec', 'diff', '--help']\n"
        "from shapespec.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print({'botocore', 'jinja2', 'ruff', 'jsonschema'} & set(sys.modules))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.endswith("set()\n")


# --- the page -------------------------------------------------------------------

PAGE = ROOT / "spec" / "diff.md"
TEXT = PAGE.read_text("utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


EXAMPLES = tuple(fence for fence in fences("yaml") if fence.startswith("shapespec: 1"))
WORKFLOW, *_ = fences("yaml")
COMMAND = "$ shapespec diff old.yaml new.yaml\n"


def table() -> str:
    """The table of the page: what each change means, and why."""
    rows = [
        "| change | readers | writers of mocks | writers of requests | why |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| `{name}` | {' | '.join(rule.means)} | {rule.why} |"
            for name, rule in RULES.items()
        ),
    ]
    return "".join(f"{row}\n" for row in rows)


def test_the_table_of_the_page(*, update: bool) -> None:
    """The page's table is that of the code, row by row."""
    head = "## What each change means\n\n"
    before, _, after = TEXT.partition(head)
    if update:
        PAGE.write_text(before + head + table(), "utf-8")
        return

    assert table() == after


def test_the_example_of_the_page(
    run: Run, specs: tuple[str, str], *, update: bool
) -> None:
    """The example prints what the page shows."""
    (shown,) = fences("console")
    actual = COMMAND + run("diff", *specs).output
    if update:
        PAGE.write_text(PAGE.read_text("utf-8").replace(shown, actual), "utf-8")
        return

    assert shown == actual


def test_the_workflow_of_the_page(run: Run, tmp_path: Path) -> None:
    """The workflow is YAML, and its command runs; what it accepts is the difference."""
    botocore = pytest.importorskip("botocore")
    workflow = YAML(typ="safe", pure=True).load(WORKFLOW)
    steps = workflow["jobs"]["diff"]["steps"]
    (command,) = (
        step["run"] for step in steps if step.get("run", "").startswith("shapespec")
    )
    (accepted,) = fences("text")
    (tmp_path / "accepted.txt").write_text(accepted)
    shutil.copytree(ROOT / "spec", tmp_path / "spec")
    called, _, summary = command.partition(" >> ")

    done = run(*shlex.split(called)[1:])

    assert {"schedule", "workflow_dispatch"} == set(workflow["on"])
    assert '"$GITHUB_STEP_SUMMARY"' == summary
    assert done.code in (0, 1)
    assert done.output.startswith("# Changes from ")
    if botocore.__version__ == _recorded():
        assert (0, "") == (done.code, done.errors)
        assert "No new changes (3 accepted)." in done.output


def _recorded() -> str:
    """The version of botocore that the evidence records."""
    file = EVIDENCE / "botocore.yaml"
    text = file.read_text("utf-8") if file.is_file() else ""
    found = re.search(r'^  edition: "(.*)"$', text, re.MULTILINE)
    return found[1] if found else ""


def test_the_commands_of_the_page(run: Run) -> None:
    """What botocore states, written down and held against itself, is no change."""
    pytest.importorskip("botocore")
    (script,) = fences("sh")
    first, second = (shlex.split(line)[1:] for line in script.splitlines())

    assert 0 == run(*first).code
    assert (0, "no changes\n", "") == run(*second)


SAID = """shapespec: 1
package: library
operations:
  ListBooks:
    output: Books
    http: {method: GET, path: /books}
    api_version: '2024'
    pagination: {items: Titles}
shapes:
  Books: {type: structure, members: {Titles: {type: list, member: string}}}
forms:
  row:
    timestamps: {read: [iso-8601], write: iso-8601}
    columns: [json]
    table: books
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("path: /books", "path: /titles", ("call-changed", "(operation)", D, B)),
        ("'2024'", "'2025'", ("version-changed", "(operation)", D, D)),
        ("Titles}", "Titles.A}", ("paging-changed", "(operation)", D, B)),
        ("table: books", "table: titles", ("table-changed", "(form row)", D, B)),
    ],
)
def test_what_is_said_of_a_call_and_a_table(
    old: str, new: str, expected: tuple[object, ...]
) -> None:
    """It is compared where both sides say it."""
    changed = SAID.replace(old, new, 1)
    left_out = "\n".join(one for one in SAID.split("\n") if old not in one)

    found = told(compare(spec(SAID), spec(changed)))
    silent = told(compare(spec(SAID), spec(left_out)))

    assert [expected] == [(*one[:2], *one[3:]) for one in found]
    assert expected[0] not in [one[0] for one in silent]


def test_every_row_is_tested() -> None:
    """Each kind of change in the table is one of those that the tests bring about."""
    beside = Path(__file__).with_name("test_not_carried.py")
    text = Path(__file__).read_text("utf-8") + beside.read_text("utf-8")

    assert [] == [name for name in RULES if f'"{name}"' not in text]


STATUSES = """\
shapespec: 1
package: p
operations:
  GetBook: {outputs: {200: Book, 404: Gone}}
roots: [Late, Gone]
shapes:
  Book: {type: structure, members: {}}
  Gone: {type: structure, members: {}}
  Late: {type: structure, members: {}}
"""


@pytest.mark.parametrize(
    ("new", "forth", "back"),
    [
        ("404: Gone, 5XX: Late", ("output-added", W, W), ("output-removed", N, B)),
        ("404: Late", ("output-changed", B, B), ("output-changed", B, B)),
    ],
)
def test_answers_by_status(
    new: str, forth: tuple[str, Class, Class], back: tuple[str, Class, Class]
) -> None:
    """A status that comes, goes or has another shape is a change."""
    sides = spec(STATUSES), spec(STATUSES.replace("404: Gone", new, 1))

    for (old, other), expected in ((sides, forth), (sides[::-1], back)):
        what, readers, writers = expected
        found = told(compare(old, other))
        assert (what, "(operation)", "outputs", readers, writers) in found


NAMES = """\
shapespec: 1
package: p
shapes: {Book: {type: structure, members: {Name: {target: string, names: {wire: n}}}}}
forms: {wire: {timestamps: {read: [iso-8601], write: iso-8601}, keys: named}}
"""


@pytest.mark.parametrize("other", ["names: {wire: title}", "doc: The title."])
def test_names_in_a_form(other: str) -> None:
    """A member that has another name there is a change, also if it is its own."""
    sides = spec(NAMES), spec(NAMES.replace("names: {wire: n}", other))

    for old, new in (sides, sides[::-1]):
        found = told(compare(old, new))
        assert ("name-changed", "Name", "names", B, B) in found


BOUND = """shapespec: 1
package: library
operations:
  PutBook:
    input: Book
    output: Book
    http:
      {method: PUT, path: '/books/{Id}', status: 200, query: [Shelf], headers: [Tag]}
shapes:
  Book:
    type: structure
    members:
      Id: {target: string, required: true}
      Shelf: string
      Tag: string
      Title: string
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("query: [Shelf], headers: [Tag]", "query: [Shelf, Tag]", [("bound", (D, B))]),
        ("query: [Shelf], ", "", [("bound", (D, B))]),
        (
            "query: [Shelf], headers: [Tag]",
            "query: [Tag], cookies: [Shelf]",
            [("bound", (D, B))] * 2,
        ),
        ("headers: [Tag]", "headers: [Tag], body: Title", [("bound", (D, B))]),
        ("status: 200", "status: 201", [("status", (B, B))]),
        ("Tag: string", "Tag: {target: string, doc: A tag.}", []),
    ],
)
def test_where_members_of_a_request_are(
    old: str, new: str, expected: list[tuple[str, tuple[object, ...]]]
) -> None:
    """A member that moves to another part of the request is a change."""
    changed = BOUND.replace(old, new)
    found = [
        (str(one[2]), tuple(one[3:]))
        for one in told(compare(spec(BOUND), spec(changed)))
        if one[0] in ("binding-changed", "status-changed")
    ]

    assert found == expected
