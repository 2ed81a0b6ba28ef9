"""Brings the shapes of other specs into one, under names that say where they are from.

A file is read once, however many files import it, so files may import each other. What
is taken of a file are its shapes, and of these only those that are used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import field, replace
from posixpath import dirname, join, normpath

from shapespec.cel import shapes_called
from shapespec.contract.schema import BUILT_IN
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Faults, Found, stop_on
from shapespec.ground.errors import Unusable
from shapespec.ground.source import Located, SourceFile
from shapespec.language import read_spec, surface
from shapespec.language.grammar import Entry
from shapespec.passes.resolve import asked, references, root_names
from shapespec.records import dataclass

_SHAPE = re.compile(r"\w+")

MOST = 200
"""How many files one spec may import, directly and through others."""


@dataclass(slots=True)
class _File:
    """A spec, and what its shapes are called in the one that is compiled.

    Attributes:
        place: Its path from the folder of the spec that is compiled.
        prefix: What the names of its shapes begin with.
        spaces: The file of each namespace.
    """

    place: str
    spec: surface.Spec
    prefix: str
    shapes: frozenset[str]
    spaces: dict[str, _File] = field(default_factory=dict["str", "_File"])

    def called(self, shape: str) -> str:
        """The name of one of its shapes."""
        if not self.prefix:
            return shape
        return f"{self.prefix}{shape[:1].upper()}{shape[1:]}"


def with_imports(
    spec: surface.Spec, source: SourceFile, read: Callable[[str], SourceFile] | None
) -> surface.Spec:
    """The same spec, with the shapes that it uses of others.

    Args:
        spec: The spec as written.
        source: Its file.
        read: Reads another file, by its path from the folder of this one.

    Raises:
        Faults: A file cannot be read, is not a spec, or lacks a shape that is named.
    """
    if not spec.imports:
        return spec
    loader = _Loader(source, read)
    files = loader.files(spec)
    stop_on(loader.faults)
    renamer = _Renamer()
    renamed = [(one, renamer.file(one)) for one in files]
    stop_on(renamer.faults)
    return _joined(renamed)


class _Loader:
    """Reads the files that a spec imports."""

    def __init__(
        self, source: SourceFile, read: Callable[[str], SourceFile] | None
    ) -> None:
        self.faults = Found()
        self._root = source.name.replace("\\", "/").rpartition("/")[2]
        self._read = read
        self._known: dict[str, _File] = {}

    def files(self, spec: surface.Spec) -> list[_File]:
        """The file itself, then those that it imports, each before its own imports."""
        pending = [self._file(self._root, spec, "")]
        for file in pending:
            for entry in file.spec.imports or ():
                place = normpath(join(dirname(file.place), entry.value.value))
                known = self._known.get(place)
                if known is None:
                    words = entry.name.value.split("_")
                    name = "".join(word[:1].upper() + word[1:] for word in words)
                    known = self._load(place, entry.value, file.prefix + name)
                    if known is None:
                        continue
                    pending.append(known)
                file.spaces[entry.name.value] = known
        return pending

    def _file(self, place: str, spec: surface.Spec, prefix: str) -> _File:
        names = frozenset(entry.name.value for entry in spec.shapes)
        self._known[place] = _File(place, spec, prefix, names)
        return self._known[place]

    def _load(self, place: str, named: Located[str], prefix: str) -> _File | None:
        try:
            spec = read_spec(self._source(place))
        except Unusable as error:
            self.faults.append(catalogue.unreadable_file(named, str(error)))
            return None
        except Faults as found:
            self.faults.extend(found.diagnostics)
            return None
        nulls = self._known[self._root].spec.nulls
        if _word(spec.nulls) != _word(nulls):
            self.faults.append(catalogue.different_nulls(named, _word(spec.nulls)))
        return self._file(place, spec, prefix)

    def _source(self, place: str) -> SourceFile:
        """The text of a file.

        Raises:
            Unusable: It cannot be read, or is one too many.
            Faults: It is too large, or not UTF-8.
        """
        if self._read is None:
            raise Unusable(f"cannot read {place}: the spec is not a file itself")
        if len(self._known) > MOST:
            raise Unusable(f"cannot read {place}: over {MOST} files are imported")
        return self._read(place)


def _word(nulls: Located[str] | None) -> str:
    return "absent" if nulls is None else nulls.value


class _Renamer:
    """Gives shapes, and what refers to them, the names that they have in the whole."""

    def __init__(self) -> None:
        self.faults = Found()

    def file(self, file: _File) -> surface.Spec:
        """The same spec with the names of the whole."""
        spec = file.spec
        return replace(
            spec,
            shapes=tuple(
                Entry(
                    Located(file.called(entry.name.value), entry.name.span),
                    _with_defaults(self.shape(file, entry.value), file),
                )
                for entry in spec.shapes
            ),
            operations=None
            if spec.operations is None
            else tuple(
                Entry(entry.name, self.operation(file, entry.value))
                for entry in spec.operations
            ),
            roots=None
            if spec.roots is None
            else tuple(self.name(file, one) for one in spec.roots),
            not_carried=_left_out(file),
        )

    def name(self, file: _File, name: Located[str]) -> Located[str]:
        """A name of a shape as the whole has it; as it is where there is none."""
        space, dot, shape = name.value.rpartition(".")
        if not dot and (shape in BUILT_IN or not file.prefix):
            return name  # one of the file itself is checked with all others
        home = file if not dot else file.spaces.get(space)
        if home is None or shape not in home.shapes:
            self.faults.append(catalogue.unknown_shape(name, [*_names(file)]))
            return name
        return Located(home.called(shape), name.span)

    def operation(self, file: _File, one: surface.Operation) -> surface.Operation:
        return replace(
            one,
            input=None if one.input is None else self.name(file, one.input),
            output=None if one.output is None else self.name(file, one.output),
            outputs=None if one.outputs is None else self.named(file, one.outputs),
            errors=None
            if one.errors is None
            else tuple(self.name(file, error) for error in one.errors),
        )

    def named(
        self, file: _File, entries: tuple[Entry[Located[str]], ...]
    ) -> tuple[Entry[Located[str]], ...]:
        return tuple(Entry(one.name, self.name(file, one.value)) for one in entries)

    def target(self, file: _File, target: surface.Target) -> surface.Target:
        if isinstance(target, Located):
            name: Located[str] = target
            return self.name(file, name)
        return self.simple(file, target)

    def shape(self, file: _File, shape: surface.Shape) -> surface.Shape:
        match shape:
            case surface.Structure(members=members, rules=rules):
                return replace(
                    shape,
                    members=self.members(file, members),
                    rules=None
                    if rules is None
                    else tuple(
                        Entry(one.name, self.rule(file, one.value)) for one in rules
                    ),
                )
            case surface.Union(members=members):
                return replace(shape, members=self.members(file, members))
            case _:
                return self.simple(file, shape)

    def rule(self, file: _File, rule: surface.Rule) -> surface.Rule:
        """A rule; the shapes that it asks for are called as the whole calls them."""
        written = rule.cel

        def called(shape: str) -> str:
            return self.name(file, Located(shape, written.span)).value

        return replace(
            rule, cel=Located(shapes_called(written.value, called), written.span)
        )

    def simple(self, file: _File, shape: surface.Simple) -> surface.Simple:
        match shape:
            case surface.List(member=member, prefix=prefix):
                return replace(
                    shape,
                    member=None if member is None else self.target(file, member),
                    prefix=None
                    if prefix is None
                    else tuple(self.target(file, one) for one in prefix),
                )
            case surface.Map(key=key, value=value):
                return replace(
                    shape, key=self.target(file, key), value=self.target(file, value)
                )
            case surface.OneOf(one_of=options, mapping=mapping):
                return self.one_of(file, shape, options, mapping)
            case surface.Enum(grouped_by=by) if by is not None:
                return replace(shape, grouped_by=self.name(file, by))
            case _:
                return shape

    def one_of(
        self,
        file: _File,
        shape: surface.OneOf,
        options: tuple[surface.Target, ...],
        mapping: tuple[Entry[Located[str]], ...] | None,
    ) -> surface.OneOf:
        """A choice, which is told apart by the tags that it has in its own file."""
        return replace(
            shape,
            one_of=tuple(self.target(file, one) for one in options),
            names=tuple(
                one.value.rpartition(".")[2] if isinstance(one, Located) else ""
                for one in options
            ),
            mapping=None if mapping is None else self.named(file, mapping),
            otherwise=None
            if shape.otherwise is None
            else self.name(file, shape.otherwise),
        )

    def members(
        self, file: _File, members: tuple[Entry[surface.Member], ...]
    ) -> tuple[Entry[surface.Member], ...]:
        found = []
        for entry in members:
            shape = entry.value.shape
            if isinstance(shape, surface.Reference):
                named = replace(shape, target=self.name(file, shape.target))
                found.append(Entry(entry.name, replace(entry.value, shape=named)))
            else:
                made = self.simple(file, shape)
                found.append(Entry(entry.name, replace(entry.value, shape=made)))
        return tuple(found)


def _left_out(file: _File) -> tuple[Entry[surface.NotCarried], ...] | None:
    """What is not carried in a file, at places as the whole calls them."""
    if not file.prefix or file.spec.not_carried is None:
        return file.spec.not_carried
    return tuple(
        Entry(
            entry.name,
            replace(
                entry.value,
                places=tuple(_moved(file, one) for one in entry.value.places),
            ),
        )
        for entry in file.spec.not_carried
    )


def _moved(file: _File, place: surface.LeftOut) -> surface.LeftOut:
    if place.at is None:
        return place
    shape = _SHAPE.match(place.at.value)
    if shape is None or shape[0] not in file.shapes:
        return place
    rest = place.at.value.removeprefix(shape[0])
    at = Located(f"{file.called(shape[0])}{rest}", place.at.span)
    return replace(place, at=at)


def _names(file: _File) -> Iterator[str]:
    """What a file can call shapes."""
    yield from sorted(file.shapes)
    yield from BUILT_IN
    for space, other in file.spaces.items():
        yield from (f"{space}.{shape}" for shape in sorted(other.shapes))


def _with_defaults(shape: surface.Shape, file: _File) -> surface.Shape:
    """A shape with what its own spec says of all of its shapes."""
    if not file.prefix:
        return shape
    spec = file.spec
    claimed = shape.claimed
    if claimed is None:
        claimed = spec.claimed or Located(value=False, span=shape.span)
    if isinstance(shape, surface.Structure | surface.Union) and shape.closed is None:
        closed = spec.closed or Located(value=False, span=shape.span)
        return replace(shape, claimed=claimed, closed=closed)
    return replace(shape, claimed=claimed)


def _joined(files: list[tuple[_File, surface.Spec]]) -> surface.Spec:
    """The first spec, with the shapes of the others that it uses.

    Raises:
        Faults: Two shapes have the same name.
    """
    (_, root), *others = files
    known = {entry.name.value: entry for entry in root.shapes}
    faults = Found()
    for _, spec in others:
        for entry in spec.shapes:
            name = entry.name
            if name.value in known:
                faults.append(catalogue.import_clash(name, known[name.value].name.span))
            known.setdefault(name.value, entry)
    stop_on(faults)
    own = {entry.name.value: entry.name for entry in root.shapes}
    if not root.operations and not root.roots:
        # What another file does with a shape makes no difference to its being a root.
        roots = tuple(own[name] for name in root_names(root))
        root = replace(root, roots=roots or None)
    used = dict.fromkeys(own)
    pending = [*used, *(one.value for one in _started(root))]
    while pending:
        here = pending.pop()
        if here not in known:
            continue
        used[here] = None
        shape = known[here].value
        inner = [*(one.value for one in references(shape)), *asked(shape)]
        if isinstance(shape, surface.Enum) and shape.grouped_by is not None:
            inner.append(shape.grouped_by.value)
        pending += [one for one in inner if one not in used]
    found = [entry for _, spec in files for entry in spec.not_carried or ()]
    return replace(
        root,
        shapes=tuple(one for name, one in known.items() if name in used),
        not_carried=tuple(found) or None,
    )


def _started(root: surface.Spec) -> Iterator[Located[str]]:
    """The shapes that operations and roots name."""
    yield from root.roots or ()
    for entry in root.operations or ():
        one = entry.value
        outputs = (output.value for output in one.outputs or ())
        for name in (one.input, one.output, *outputs, *(one.errors or ())):
            if name is not None:
                yield name
