"""The change of a spec that observed responses ask for, as a unified diff.

`git apply` and `patch -p1` take it. It begins with a comment for each thing that is
new: what was seen, and what is proposed. Only what the spec cannot do without is
changed: unknown values join their enums, a member that was absent is no longer
required, a broken keyword is relaxed, a list or a map may hold null. Members that the
spec lacks stay out of it.
"""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from shapespec.contract import schema as ir
from shapespec.contract.constraints import KEYWORDS
from shapespec.contract.places import Tree
from shapespec.ground.source import SourceFile
from shapespec.records import dataclass
from shapespec.tools.observe.changes import (
    AddValue,
    Change,
    Confirm,
    Editor,
    MakeOptional,
    MakeSparse,
    Relax,
)
from shapespec.tools.observe.confirm import confirmed
from shapespec.tools.observe.keywords import NULL, spec_keyword
from shapespec.tools.observe.model import (
    ENOUGH,
    BrokenConstraint,
    NewMember,
    Observation,
    Presence,
    Values,
)
from shapespec.tools.observe.stubs import Stub, optional, relaxed, with_stubs
from shapespec.tools.observe.words import is_word


@dataclass(frozen=True, slots=True)
class Patch:
    """A proposed change of a spec.

    Attributes:
        source: The spec.
        notes: What is new and what is proposed, line by line.
        patched: The text of the spec with the change made.
        decisions: The file of decisions, if decisions have to be taken in it.
        decided: Its text with a stub of each.
    """

    source: SourceFile
    notes: tuple[str, ...]
    patched: str
    decisions: SourceFile | None = None
    decided: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the spec stays as it is."""
        return self.patched == self.source.text

    def text(self, path: str, *, prefix: str = "", decisions: str | None = None) -> str:
        """The patch file.

        Args:
            path: The spec, from where the patch is to be applied.
            decisions: The file of decisions, likewise.
            prefix: What stands in the file before its text: a byte-order mark.
        """
        head = "".join(f"# {note}".rstrip() + "\n" for note in self.notes)
        old, new = prefix + self.source.text, prefix + self.patched
        found = head + "".join(_unified(old, new, path))
        if self.decisions is not None and decisions is not None:
            found += "".join(_unified(self.decisions.text, self.decided, decisions))
        return found


class Terms(NamedTuple):
    """How an observation is taken.

    Attributes:
        name: The id of the evidence that it becomes.
        enough: How many values have to keep a claim so that it becomes a fact.
    """

    name: str = "observed"
    enough: int = ENOUGH


def propose(
    observation: Observation,
    schema: ir.Schema,
    source: SourceFile,
    decisions: SourceFile | None = None,
    terms: Terms = Terms(),  # noqa: B008 - it is frozen
) -> Patch:
    """The change of a spec that an observation asks for.

    Args:
        observation: What was observed.
        schema: The contract.
        source: The spec that describes it.
        decisions: The file in which it records decisions, if it does.
        terms: What the observation becomes, and what it takes to be sure.
    """
    editor = Editor(source, schema)
    claims = dict(confirmed(observation, schema, terms.enough))
    wanted = dict.fromkeys([*_changes(observation, schema), *claims])
    made = editor.feasible([*wanted])
    count = f"{observation.responses} response{'s' * (observation.responses != 1)}"
    takes = "`git apply` and `patch -p1` take this file, comments and all."
    if not made:
        takes = (
            "Nothing in it changes the spec: there is nothing to apply, and"
            " `git apply` needs --allow-empty."
        )
    notes = [
        f"Proposed by `shapespec observe`, from {count}.",
        takes,
        "",
        *_notes(observation, schema, frozenset(made)),
        *_confirmed(claims, frozenset(made)),
    ]
    patched = editor.changed(made)
    stubs = [*_stubs(observation, schema, frozenset(made), terms.name)]
    if decisions is None or not stubs:
        return Patch(source, tuple(notes), patched)
    decided = with_stubs(decisions.text, stubs)
    return Patch(source, tuple(notes), patched, decisions, decided)


def _changes(observation: Observation, schema: ir.Schema) -> Iterator[Change]:
    for presence in observation.absent:
        yield MakeOptional(presence.owner, presence.member.name)
    for values in observation.new_values:
        yield from _additions(values)
    for broken in observation.broken:
        if (change := _relaxation(broken, schema)) is not None:
            yield change


def _additions(values: Values) -> list[AddValue]:
    return [AddValue(values.shape, word) for word in values.counts if is_word(word)]


def _relaxation(
    broken: BrokenConstraint, schema: ir.Schema
) -> Relax | MakeSparse | None:
    """The change after which a response may break a keyword, if there is any."""
    if broken.keyword == NULL:
        place = Tree(schema).find(broken.path)
        around = None if place is None or place.around is None else place.around.shape
        has_items = isinstance(around, ir.List | ir.Tuple | ir.Map)
        return MakeSparse(around.id) if around is not None and has_items else None
    shape = schema.shapes[broken.shape]
    keyword = spec_keyword(shape, broken.keyword)
    if not broken.is_news or keyword not in KEYWORDS or isinstance(shape, ir.Blob):
        return None
    return Relax(broken.shape, keyword)


def _stubs(
    observation: Observation, schema: ir.Schema, made: Container[Change], name: str
) -> Iterator[Stub]:
    """The decisions that the changes call for, which somebody has to complete."""
    for broken in observation.broken:
        change = _relaxation(broken, schema)
        if isinstance(change, Relax) and change in made:
            keyword, rule = broken.keyword, broken.rule
            yield relaxed(change.decision, broken.path, name, keyword, rule)
    for presence in observation.absent:
        if MakeOptional(presence.owner, presence.member.name) in made:
            sources = [*_requiring(presence.path, schema)]
            if sources:
                yield optional(presence.path, sources)


def _requiring(path: str, schema: ir.Schema) -> Iterator[str]:
    """The sources that say of a member that it is required."""
    for evidence in schema.ledger.evidence:
        facts = (one for one in evidence.facts if one.path == path)
        if any(one.kind == "required" and one.value is True for one in facts):
            yield evidence.source.id


def _notes(
    observation: Observation, schema: ir.Schema, made: Container[Change]
) -> Iterator[str]:
    """What is new, each with what is proposed below it."""
    if not observation.news:
        yield "There is nothing new."
    for presence in observation.absent:
        yield from _absent(presence, made)
    for values in observation.new_values:
        yield from _new_values(values, made)
    for broken in observation.broken:
        if broken.is_news:
            change = _relaxation(broken, schema)
            yield from _broken(broken, change, made, schema.shapes[broken.shape])
    for member in observation.members:
        yield from _new_member(member)


def _confirmed(claims: Mapping[Confirm, int], made: Container[Change]) -> Iterator[str]:
    for claim, count in claims.items():
        place = f"{claim.shape}.{claim.member}" if claim.member else claim.shape
        keywords = ", ".join(f"`{one}`" for one in claim.keywords)
        yield f"{place} claims {keywords}, and {count} of {count} values kept to it"
        said = "a fact now" if claim in made else "make it a fact by hand"
        yield f"    {said}"


def _absent(presence: Presence, made: Container[Change]) -> Iterator[str]:
    present, of = presence.total
    says = "is documented as" if presence.member.claimed else "is"
    yield f"{presence.path} {says} required, but only {present} of {of} had it"
    if MakeOptional(presence.owner, presence.member.name) not in made:
        yield "    take `required` from it by hand"
    elif presence.follows_status:
        always = [status for status, one in presence.by.items() if one.present]
        yield "    no longer required; a rule may say that it is there when the status"
        yield f"    is {' or '.join(always)}, as it was in all those responses"
    else:
        yield "    no longer required; if a source says it is, a decision has to say"
        yield "    when it is left out"


def _new_values(values: Values, made: Container[Change]) -> Iterator[str]:
    listed = ", ".join(f"{word} ({count})" for word, count in values.counts.items())
    yield f"{values.path} had values that {values.shape} lacks: {listed}"
    additions = _additions(values)
    added = [one.value for one in additions if one in made]
    failed = [one.value for one in additions if one not in made]
    if added:
        yield f"    added: {', '.join(added)}"
    if failed:
        yield f"    to be added by hand: {', '.join(failed)}; as it is, another value"
        yield "    has the same name in Python, so give it one with `python`"
    if len(values.counts) > len(additions):
        yield "    values in brackets are not shown, and not added"


def _broken(
    broken: BrokenConstraint,
    change: Relax | MakeSparse | None,
    made: Container[Change],
    shape: ir.Shape,
) -> Iterator[str]:
    count = f"{broken.responses} response{'s' * (broken.responses != 1)}"
    where = broken.path or "The response"
    if isinstance(change, MakeSparse):
        yield f"{where} was null in {count}"
        said = "`sparse` now" if change in made else "make what is around it `sparse`"
        yield f"    {said}"
        return
    yield f"{where} broke `{broken.keyword}` in {count}"
    if change is None and broken.rule == "type" and isinstance(shape, ir.String):
        yield "    left as it is; JSON that a client decodes is a `document`"
    elif change is None:
        yield "    left as it is: no bound that could be relaxed"
    elif change in made:
        yield f"    relaxed; complete the decision {change.decision}, which has to say"
        yield "    why, or else set another bound"
    else:
        yield "    relax it, or set another bound, by hand"


def _new_member(member: NewMember) -> Iterator[str]:
    present, of = member.total
    types = " or ".join(member.types)
    yield f"{member.path} is not in the spec, and {present} of {of} had it: {types}"
    yield "    stays out until a document or a service model states it"


def _unified(old: str, new: str, path: str) -> Iterator[str]:
    """A unified diff as git writes it, line by line."""
    tab = "\t" * (" " in path)  # so that the name does not end at its first space
    names = (f"a/{path}{tab}", f"b/{path}{tab}")
    for line in difflib.unified_diff(_lines(old), _lines(new), *names):
        yield line
        if not line.endswith("\n"):
            yield "\n\\ No newline at end of file\n"


def _lines(text: str) -> Sequence[str]:
    """The lines of a text; unlike `splitlines`, no other character ends one."""
    parts = text.split("\n")
    ended = [f"{part}\n" for part in parts[:-1]]
    return [*ended, parts[-1]] if parts[-1] else ended
