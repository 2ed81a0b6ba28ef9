"""What each kind of change means, and for whom: one table.

The two who are asked:

- *readers* take responses apart. They are broken when what they were promised is no
  longer there: a member that always came, a type. That more may come than before
  (`widening`) breaks only what was not made for it: a column of 256 characters, a
  `match` without a default. That less may come (`narrowing`) breaks nothing.
- *writers* put requests together, or mocks: responses for tests. They are broken when
  what was right to write is an error now. That it is still right but no longer exact,
  a warning of `validate` and an error under `--strict`, is `narrowing` to them. That
  more may be written is `widening`, and breaks nothing.

What leaves the set of right values as it is, is `documentation`. So is to readers all
that happens in requests: they never see one.
"""

from __future__ import annotations

from typing import NamedTuple

from shapespec.contract.facts import Value
from shapespec.contract.places import REQUEST
from shapespec.tools.diff.model import (
    Change,
    Class,
    Unclassified,
    canonical,
    fingerprint,
    is_request,
)
from shapespec.tools.diff.spec_side import ABOUT, OPERATION

B = Class.BREAKING
W = Class.WIDENING
N = Class.NARROWING
D = Class.DOCUMENTATION


class Classification(NamedTuple):
    """A row of the table.

    Attributes:
        means: What the change means in a response, for its readers and for writers of
            mocks, and in a request, for its writers.
        says: The sentence that reports it; `{at}` is the place, `{old}`, `{new}` and
            `{one}` the values, the last being whichever there is.
        why: Why it means that.
    """

    means: tuple[Class, Class, Class]
    says: str
    why: str


_MORE = "More values are valid than before; all that were valid still are."
_LESS = "Some values that were valid are errors now; readers meet nothing new."
_WORDS = "The same values are valid as before."

RULES: dict[str, Classification] = {
    # change: readers of responses, writers of mocks, writers of requests,
    #     what is reported, why
    #
    # --- members ------------------------------------------------------------------
    "member-added": Classification(
        (W, W, W),
        "{at} is new: {new}",
        "Responses may have it; those without it are still valid.",
    ),
    "required-member-added": Classification(
        (W, B, B),
        "{at} is new and required: {new}",
        "Responses written before lack it, so they are invalid now.",
    ),
    "member-removed": Classification(
        (B, N, B),
        "{at} is gone; it was: {old}",
        "Readers no longer find it. A mock that has it holds an unknown member, which"
        " is a warning; clients and services refuse requests with one.",
    ),
    "variant-added": Classification(
        (W, W, W),
        "{at} is a new variant of the union: {new}",
        "Readers may meet a variant that they do not know.",
    ),
    "variant-removed": Classification(
        (N, N, B),
        "the variant {at} is gone; it was: {old}",
        "No reader can have counted on one variant. In a mock it is an unknown member,"
        " which is a warning; in a request it is refused.",
    ),
    "required-added": Classification(
        (N, B, B),
        "{at} is required now",
        "Responses written without it are invalid now; readers always find it.",
    ),
    "required-removed": Classification(
        (B, W, W),
        "{at} is no longer required",
        "Readers counted on it, and it may be absent.",
    ),
    # --- types --------------------------------------------------------------------
    "type-widened": Classification(
        (W, W, W),
        "{at} grew from {old} to {new}",
        "Of the same kind, with room for more: readers may need more bits.",
    ),
    "type-generalised": Classification(
        (B, W, W),
        "{at} was {old} and can be any {new} now",
        "All valid values still are, but readers may get what they cannot take: a"
        " fraction, several members, any value at all.",
    ),
    "type-narrowed": Classification(
        (N, B, B),
        "{at} was {old} and is only {new} now",
        "Fewer values are valid than before; readers can handle all that remain.",
    ),
    "type-changed": Classification(
        (B, B, B),
        "{at} was {old} and is {new} now",
        "No value has both types.",
    ),
    # --- bounds -------------------------------------------------------------------
    "bound-loosened": Classification(
        (W, W, W),
        "{kind} of {at} is loosened from {old} to {new}",
        _MORE,
    ),
    "bound-removed": Classification(
        (W, W, W),
        "{kind} of {at} is gone; it was {old}",
        _MORE,
    ),
    "bound-tightened": Classification(
        (N, B, B),
        "{kind} of {at} is tightened from {old} to {new}",
        _LESS,
    ),
    "bound-added": Classification(
        (N, B, B),
        "{at} has a {kind} now: {new}",
        _LESS,
    ),
    "step-added": Classification(
        (N, B, B),
        "{at} is a multiple of {new} now",
        _LESS,
    ),
    "step-removed": Classification(
        (W, W, W),
        "{at} need not be a multiple of {old} any more",
        _MORE,
    ),
    "step-loosened": Classification(
        (W, W, W),
        "{at} is a multiple of {new} now, before of {old}",
        _MORE,
    ),
    "step-tightened": Classification(
        (N, B, B),
        "{at} is a multiple of {new} now, before of {old}",
        _LESS,
    ),
    "step-changed": Classification(
        (W, B, B),
        "{at} is a multiple of {new} now, before of {old}",
        "Neither number is a multiple of the other. So each side gets the worse class.",
    ),
    "format-added": Classification(
        (N, B, B), "{at} has to be of the format {new} now", _LESS
    ),
    "format-removed": Classification(
        (W, W, W), "{at} need not be of the format {old}", _MORE
    ),
    "format-changed": Classification(
        (W, B, B),
        "{at} has to be of the format {new} now; it was {old}",
        "Hardly any string has both formats. So each side gets the worse class.",
    ),
    "unique-added": Classification(
        (N, B, B),
        "items of {at} must be unique now",
        _LESS,
    ),
    "unique-removed": Classification(
        (W, W, W),
        "items of {at} need not be unique any more",
        _MORE,
    ),
    "structure-closed": Classification(
        (N, B, B),
        "{at} may no longer have members that are not known",
        "They were warnings and are errors now; nothing changes for readers.",
    ),
    "structure-opened": Classification(
        (W, W, W),
        "{at} may have members that are not known",
        "They were errors and are warnings now: readers may meet values that they do"
        " not know.",
    ),
    "null-allowed": Classification(
        (B, W, W),
        "{at} may contain null now",
        "Readers counted on a value there, as they do on a required member.",
    ),
    "null-forbidden": Classification(
        (N, B, B),
        "{at} may no longer contain null",
        _LESS,
    ),
    "keyword-relaxed": Classification(
        (W, W, W),
        "a value of {at} that breaks {one} is a warning now",
        "Values that the keyword forbids may occur, and are accepted when written.",
    ),
    "keyword-enforced": Classification(
        (N, B, B),
        "a value of {at} that breaks {one} is an error now",
        _LESS,
    ),
    "relaxed-tightened": Classification(
        (N, N, N),
        "{kind} of {at} is {new} now, before {old}; to break it is a warning",
        "Breaking a relaxed keyword is not an error.",
    ),
    "relaxed-changed": Classification(
        (W, N, N),
        "{kind} of {at} is {new} now, before {old}; to break it is a warning",
        "As for a changed pattern, but breaking it is not an error.",
    ),
    # --- patterns -----------------------------------------------------------------
    "pattern-added": Classification(
        (N, B, B),
        "{at} has a pattern now: {new}",
        _LESS,
    ),
    "pattern-removed": Classification(
        (W, W, W),
        "the pattern of {at} is gone; it was {old}",
        _MORE,
    ),
    "pattern-widened": Classification(
        (W, W, W),
        "the pattern of {at} matches more: {new}, before {old}",
        _MORE,
    ),
    "pattern-narrowed": Classification(
        (N, B, B),
        "the pattern of {at} matches less: {new}, before {old}",
        _LESS,
    ),
    "pattern-changed": Classification(
        (W, B, B),
        "the pattern of {at} is another: {new}, before {old}",
        "It matches strings that the old one does not, and the other way round; or that"
        " cannot be told. So each side gets the worse class.",
    ),
    "pattern-respelt": Classification(
        (D, D, D),
        "the pattern of {at} is written otherwise and matches the same: {new}",
        _WORDS,
    ),
    # --- enums --------------------------------------------------------------------
    "enum-value-added": Classification(
        (W, W, W),
        "{at} has the new value {new}",
        "Readers may meet a value that they do not know.",
    ),
    "enum-value-removed": Classification(
        (N, B, B),
        "{at} has no value {old} any more",
        "Responses written with it are invalid now. No reader misses it.",
    ),
    "open-enum-value-removed": Classification(
        (N, N, B),
        "{at} no longer lists the value {old}",
        "The enum is open: in a mock the value is an unknown one, which is a warning;"
        " a request with it may be refused.",
    ),
    "value-retired": Classification(
        (N, N, N),
        "the value {new} of {at} is no longer sent",
        "It stays valid, for old responses, with a warning.",
    ),
    "value-unretired": Classification(
        (W, W, W),
        "the value {old} of {at} is sent again",
        "Readers may meet it again.",
    ),
    "enum-opened": Classification(
        (W, W, W),
        "{at} may grow: a value that it does not list is a warning now",
        "Readers may meet values that are not known yet.",
    ),
    "enum-closed": Classification(
        (N, B, B),
        "{at} is closed: a value that it does not list is an error now",
        _LESS,
    ),
    "enum-added": Classification(
        (N, B, B),
        "{at} could be any value and is one of {new} now",
        _LESS,
    ),
    "open-enum-added": Classification(
        (N, N, B),
        "{at} could be any value and is one of {new} now, a list that may grow",
        "The enum is open: in a mock another text is a warning; a request with it may"
        " be refused.",
    ),
    "enum-removed": Classification(
        (W, W, W),
        "{at} may be any value now; its values were {old}",
        _MORE,
    ),
    # --- choices ------------------------------------------------------------------
    "option-added": Classification(
        (W, W, W),
        "{at} is a new option: {new}",
        "Readers may meet a value of a shape that they do not know.",
    ),
    "option-removed": Classification(
        (N, B, B),
        "the option {at} is gone; it was: {old}",
        "Such values are invalid now. No reader can have counted on one option.",
    ),
    "discriminator-changed": Classification(
        (B, B, B),
        "what tells the options of {at} apart is {new} now, before {old}",
        "Readers look in the wrong place; values written before lack the tag.",
    ),
    "tag-changed": Classification(
        (B, B, B),
        "the tag {one} of {at} means {new} now, before {old}",
        "Values with the tag have another shape.",
    ),
    "options-added": Classification(
        (B, W, W),
        "{at} was {old} and may be one of several shapes now",
        "All valid values still are, but readers may get values that they cannot"
        " handle.",
    ),
    "options-removed": Classification(
        (N, B, B),
        "{at} was one of several shapes and is only {new} now",
        "Fewer values are valid than before; readers can handle all that remain.",
    ),
    "otherwise-added": Classification(
        (B, W, W),
        "an object without a tag at {at} is {new} now",
        "Readers counted on the tag, and it may be absent.",
    ),
    "otherwise-removed": Classification(
        (N, B, B),
        "an object without a tag at {at} is an error now; it was {old}",
        "Objects written without the tag are invalid now; readers always find it.",
    ),
    "otherwise-changed": Classification(
        (B, B, B),
        "an object without a tag at {at} is {new} now, before {old}",
        "Objects without the tag have another shape.",
    ),
    # --- several members ----------------------------------------------------------
    "rule-added": Classification(
        (N, B, B),
        "a new rule applies in {at}: {one}",
        _LESS,
    ),
    "rule-removed": Classification(
        (W, W, W),
        "the rule {one} in {at} is gone",
        _MORE,
    ),
    "rule-changed": Classification(
        (W, B, B),
        "the rule {one} in {at} says something else",
        "Which values it allows cannot be compared. So each side gets the worse class.",
    ),
    "rule-eased": Classification(
        (W, W, W),
        "the rule {one} in {at} is mere advice now",
        "Breaking it is a note, no longer an error.",
    ),
    "rule-enforced": Classification(
        (N, B, B),
        "the rule {one} in {at} is no longer mere advice",
        "Breaking it is an error, no longer a note.",
    ),
    "advice-added": Classification(
        (D, D, D),
        "{at} has the new advice {one}",
        "Breaking advice is a note. " + _WORDS,
    ),
    "advice-changed": Classification(
        (D, D, D),
        "the advice {one} in {at} says something else",
        "As above.",
    ),
    "advice-removed": Classification(
        (D, D, D),
        "the advice {one} in {at} is gone",
        "As above.",
    ),
    "message-changed": Classification(
        (D, D, D),
        "the rule {one} in {at} has another message",
        _WORDS,
    ),
    # --- forms --------------------------------------------------------------------
    "form-added": Classification(
        (W, W, W),
        "{at} is new: responses may come as another system writes them",
        "Readers may meet spellings that they do not know.",
    ),
    "form-removed": Classification(
        (N, B, B),
        "{at} is gone",
        "A mock as that system writes it is invalid now.",
    ),
    "encoding-added": Classification(
        (W, W, W),
        "timestamps in {at} may be {new} now",
        "Readers may meet a spelling that they do not know.",
    ),
    "encoding-removed": Classification(
        (N, B, B),
        "timestamps in {at} may no longer be {old}",
        "A mock in that spelling is invalid now.",
    ),
    "extra-added": Classification(
        (W, W, W),
        "{at} has the member {new} beside those of the response",
        "As for a new member.",
    ),
    "extra-removed": Classification(
        (B, N, N),
        "{at} has no member {old} any more",
        "As for a removed member.",
    ),
    "spelling-changed": Classification(
        (B, B, B),
        "{at} is spelt otherwise: {old} became {new}",
        "Names in the old spelling may be unknown in the new one.",
    ),
    "name-changed": Classification(
        (B, B, B),
        "in the form {one}, {at} is called {new} now, before {old}",
        "The old name is unknown now.",
    ),
    # --- operations ---------------------------------------------------------------
    "operation-added": Classification(
        (D, W, W),
        "the operation {one} is new",
        "Nothing changes for those who do not use it.",
    ),
    "operation-removed": Classification(
        (B, B, B),
        "the operation {one} is gone",
        "There is nothing to read, and nothing to write.",
    ),
    "root-added": Classification(
        (D, W, W),
        "the root {one} is new",
        "As for an operation.",
    ),
    "root-removed": Classification(
        (B, B, B),
        "the root {one} is gone",
        "As for an operation.",
    ),
    "operation-renamed": Classification(
        (D, B, B),
        "the operation {old} is called {new}",
        "A request names the operation; a response does not.",
    ),
    "error-added": Classification(
        (W, W, W),
        "{at} may end in a new error: {new}",
        "Readers may meet an error that they do not know.",
    ),
    "error-removed": Classification(
        (N, N, N),
        "{at} no longer ends in the error {old}",
        "A mock that has it shows what no longer happens.",
    ),
    "output-added": Classification(
        (W, W, W),
        "{at} may answer with the status {one}",
        "Readers may meet an answer that they do not know.",
    ),
    "output-removed": Classification(
        (N, B, B),
        "{at} no longer answers with the status {one}",
        "A mock that has it shows what no longer happens.",
    ),
    "output-changed": Classification(
        (B, B, B),
        "{at} answers with another shape at the status {one}",
        "The shapes are not compared, so it gets the worst class.",
    ),
    "call-changed": Classification(
        (D, B, B),
        "{at} is called by {new}, before by {old}",
        "The service may not answer the old call.",
    ),
    "binding-changed": Classification(
        (D, B, B),
        "{one} of {at} is in the {new} of a request, before in the {old}",
        "The service may not find it where it was.",
    ),
    "status-changed": Classification(
        (B, B, B),
        "{at} answers with the status {new}, before with {old}",
        "Code that checks for the old status takes the response for a failure.",
    ),
    "version-changed": Classification(
        (D, D, D),
        "the version of the API of {at} is {new}, before {old}",
        "Other differences are changes of their own.",
    ),
    "pages-added": Classification(
        (B, D, D),
        "{at} returns its items page by page now",
        "Code that reads one response may not get all items.",
    ),
    "pages-removed": Classification(
        (D, B, B),
        "{at} returns all its items at once now",
        "Requests must not have the members that turned pages.",
    ),
    "paging-changed": Classification(
        (D, B, B),
        "the pages of {at} are turned by {new}, before by {old}",
        "Code that turns pages in the old way may not get all items.",
    ),
    "table-changed": Classification(
        (D, B, B),
        "the table of {at} is {new}, before {old}",
        "Queries name the table; rows do not.",
    ),
    "description-added": Classification(
        (D, D, D),
        "the new side describes {at}, and the old one does not",
        "A part without a description cannot be compared.",
    ),
    "description-removed": Classification(
        (D, D, D),
        "the old side describes {at}, and the new one does not",
        "As above.",
    ),
    # --- documentation --------------------------------------------------------------
    "default-added": Classification(
        (D, D, D),
        "{at} has a default now: {new}",
        "A default says what an absent member means. " + _WORDS,
    ),
    "default-changed": Classification(
        (D, D, D),
        "the default of {at} is {new}, before {old}",
        "As above; but look whether you leave the member out.",
    ),
    "default-removed": Classification(
        (D, D, D),
        "{at} has no default any more; it was {old}",
        "As above.",
    ),
    "unit-added": Classification(
        (D, D, D),
        "{at} has a unit now: {new}",
        _WORDS,
    ),
    # --- what importers could not carry -------------------------------------------
    "looseness-added": Classification(
        (N, B, B),
        "not carried: {one} is new in the source",
        "The source refuses values that the spec accepts, and did not before. Look"
        " there which ones.",
    ),
    "looseness-removed": Classification(
        (W, W, W),
        "not carried: {one} is gone from the source",
        "The source no longer refuses values that the spec accepts.",
    ),
    "looseness-changed": Classification(
        (B, B, B),
        "not carried: {one} says something else in the source",
        "Nobody can tell from a spec what that means; so it is the worst that it can"
        " be. Look at the source.",
    ),
    "strictness-added": Classification(
        (B, B, B),
        "not carried: {one} is new in the source, and the spec is stricter",
        "As above.",
    ),
    "strictness-removed": Classification(
        (B, B, B),
        "not carried: {one} is gone from the source, for which the spec was stricter",
        "As above.",
    ),
    "strictness-changed": Classification(
        (B, B, B),
        "not carried: {one} says something else in the source, where the spec is"
        " stricter",
        "As above.",
    ),
    "unit-changed": Classification(
        (D, D, D),
        "the unit of {at} is {new}, before {old}",
        "As above; but look whether your numbers mean what they did.",
    ),
    "unit-removed": Classification(
        (D, D, D),
        "{at} has no unit any more; it was {old}",
        "As above.",
    ),
    "documentation-added": Classification(
        (D, D, D),
        "the {thing} of {at} is new",
        _WORDS,
    ),
    "documentation-changed": Classification(
        (D, D, D),
        "the {thing} of {at} is another",
        _WORDS,
    ),
    "documentation-removed": Classification(
        (D, D, D),
        "the {thing} of {at} is gone",
        _WORDS,
    ),
}
"""Every kind of change: for whom it is what, how it is told, and why."""


def classified(contract: str, finding: Unclassified) -> Change:
    """A difference with its classes, its sentence and its fingerprint."""
    rule = RULES[finding.what]
    readers, mocks, requests = rule.means
    request = is_request(finding.path)
    return Change(
        fingerprint=fingerprint(contract, finding),
        contract=contract,
        finding=finding,
        readers=D if request else readers,
        writers=requests if request else mocks,
        message=_sentence(rule, finding),
    )


def _sentence(rule: Classification, finding: Unclassified) -> str:
    old, new = finding.old.value, finding.new.value
    return rule.says.format(
        at=at(finding.path),
        kind=finding.kind,
        thing=_THINGS.get(finding.kind, finding.kind).format(key=finding.key),
        old=shown(old),
        new=shown(new),
        one=finding.key or shown(old if new is None else new),
    )


_THINGS = {
    "deprecated": "deprecation",
    "sensitive": "mark as sensitive",
    "examples": "list of examples",
    "write": "encoding written",
    "values": "doc of the value {key}",
    "under": "group of the value {key}",
    "notes": "note {key}",
    "derived": "derived value {key}",
    "not_carried": "record of what is not carried, {key},",
}
"""What a kind is called in a sentence, where not by its name."""

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")

_WHOLES = {
    "": "the response",
    REQUEST: "the request",
    OPERATION: "the operation",
    ABOUT: "the spec",
}


def at(path: str) -> str:
    """A path as sentences have it."""
    return _WHOLES.get(path, path)


def shown(value: Value) -> str:
    """A value on one line: text as it is, the rest as JSON."""
    match value:
        case dict() if [*value] in ([one] for one in _BOUNDS):
            text = " ".join(f"{word} {canonical(one)}" for word, one in value.items())
        case str() if value.strip():
            text = value
        case _:
            text = canonical(value)
    text = " ".join(text.split())
    return text if len(text) <= 160 else text[:159] + "…"
