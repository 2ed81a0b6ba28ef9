"""What importers do not carry over as it is: every limitation by name.

`spec/importing.md` explains them to people; the tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Mapping

LIMITATIONS: Mapping[str, str] = {
    "additional-typed": "members beside the named ones are not checked",
    "any-of": "which of several options a value has is not checked",
    "closed": "unknown members are not refused",
    "body-not-json": "a body that is not JSON is not checked",
    "callbacks": "what an operation calls back is left out",
    "deprecated-value": "a deprecated value of an enum is one like the others",
    "dropped-value": "a value that a spec cannot contain is left out",
    "empty-union": "a union without members is any value",
    "infinite-shape": "a required member that leads back to its structure is optional",
    "enum-length": "an enum's text has no further bounds",
    "enum-not-text": "values that are not strings are bounded, not listed",
    "format-checked": "a format is checked that many validators do not check",
    "http-date": "a timestamp in the format of HTTP dates is not read",
    "min-above-max": "bounds that nothing can satisfy are left out",
    "inferred-type": "the type is the one that the keywords are about",
    "more-outputs": "what else a success may answer is a root",
    "map-key": "a map's keys are any text",
    "nameless-member": "a member whose name is empty is left out",
    "narrowed-number": "a number without limit is stored in 64 bits",
    "never": "what leads back to itself alone is any value",
    "nullable-meant": "null is valid wherever `nullable` is beside something else",
    "unsupported-pattern": "a pattern that cannot be carried over exactly is left out",
    "remote-reference": "what is defined in another document is any value",
    "null-in-tuple": "which of the items may be null is not checked",
    "null-in-rule": "a rule takes a member that is null for one that is absent",
    "root-null": "a whole response that is null is not valid",
    "root-not-object": "what cannot be a root is left out",
    "security": "how callers prove who they are is left out",
    "slow-pattern": "a pattern takes time with the square of a text without bound",
    "told-by-members": "an object is of the option whose required members it has",
    "text-length": "length bounds on encoded bytes and timestamps are left out",
    "unknown-dialect": "a schema of an unknown draft is read as one of 2020-12",
    "unknown-trait": "a trait that the importer does not know is left out",
    "unsupported-keyword": "a keyword that the language cannot say is left out",
    "unused-shape": "what nothing leads to is left out",
    "wider-pattern": "a pattern that would take too long matches more",
    "invalid-value": "a default or example that breaks its own shape is left out",
}
"""What holds in the spec instead, by the name of the limitation."""

STRICTER = frozenset(
    (
        "format-checked",
        "inferred-type",
        "narrowed-number",
        "null-in-rule",
        "root-null",
        "text-length",
        "told-by-members",
        "unknown-dialect",
    )
)
"""The limitations by which a spec may refuse what the source accepts.

By all others but those of `WITHOUT_EFFECT`, it accepts what the source refuses.
"""

WITHOUT_EFFECT = frozenset(
    (
        "callbacks",
        "deprecated-value",
        "invalid-value",
        "security",
        "slow-pattern",
        "unused-shape",
    )
)
"""The limitations that say nothing of which values are right."""


def effect_of(rule: str) -> str:
    """What a limitation makes of a spec: `looser`, `stricter` or `none`."""
    if rule in WITHOUT_EFFECT:
        return "none"
    return "stricter" if rule in STRICTER else "looser"
