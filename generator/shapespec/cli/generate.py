"""`shapespec generate`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from shapespec.api import spec_of
from shapespec.backends.files import OutputFile, refuse_clashes
from shapespec.backends.targets import TARGETS, unknown_target
from shapespec.cli.options import out_option
from shapespec.cli.param_type import ParamType
from shapespec.cli.remarks import TEXT, format_option, reports
from shapespec.cli.size import Size
from shapespec.cli.watching import go_on
from shapespec.diagnostics.model import Diagnostic, Faults
from shapespec.diagnostics.reports import Remark
from shapespec.ground.sinks.out import put
from shapespec.ground.source import SourceFile
from shapespec.ground.terminal import say, warn
from shapespec.ground.writing import Root, open_root
from shapespec.project.files import MAX_SPEC_BYTES, read_source, siblings
from shapespec.project.layout import Layout, wrong_folder, wrong_package
from shapespec.project.locking import exclusive
from shapespec.project.output import FileChange, Folder
from shapespec.project.settings import (
    Output,
    Settings,
    find_settings,
    settings_files,
)
from shapespec.project.stamp import LOCK, Left, Recorder, Stamp, compiler_state

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Target(ParamType[str]):
    """The name of a target, built in or of another distribution."""

    name = "target"

    def get_metavar(
        self, param: click.Parameter, ctx: click.Context | None = None
    ) -> str:
        """The built-in ones, and that there may be others; click 8.1 gives no `ctx`."""
        return f"[{'|'.join(TARGETS)}|…]"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The targets that are installed."""
        from click.shell_completion import CompletionItem

        from shapespec.backends.plugins import plugins

        names = [*TARGETS, *(name for name, _, _ in plugins())]
        return [CompletionItem(one) for one in names if one.startswith(incomplete)]

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The name."""
        wrong = unknown_target(str(value))
        if wrong:
            self.fail(wrong, param, ctx)
        return str(value)


def _list_targets(ctx: click.Context, _: click.Parameter, value: object) -> None:
    """Print the targets that there are, and what is wrong with any."""
    if not value or ctx.resilient_parsing:
        return
    from shapespec.backends.plugins import plugins

    faults = []
    for name in TARGETS:
        say(f"{name:<20} built in")
    for name, owner, fault in plugins():
        say(f"{name:<20} {owner}{', faulty' if fault else ''}")
        faults += [fault] if fault else []
    for fault in faults:
        warn(f"error: {fault}")
    ctx.exit(2 if faults else 0)


def _package(_: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The dotted name of a package, if it is one."""
    wrong = None if value is None else wrong_package(value)
    if wrong:
        raise click.BadParameter(wrong, param=param)
    return value


def _folders(
    _: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Each target that is given a folder, with that."""
    found = []
    for value in values:
        target, _sign, folder = value.partition("=")
        wrong = wrong_folder(target, folder)
        if wrong:
            raise click.BadParameter(f"{value!r}: {wrong}", param=param)
        found.append((target, folder))
    return tuple(found)


@click.command()
@click.argument("specs", metavar="[SPEC]...", nargs=-1, type=click.Path(path_type=Path))
@out_option("The folder to write into; default: generated/.", folder=True)
@click.option(
    "--target",
    "targets",
    multiple=True,
    type=Target(),
    help="A target to generate; may be given several times. Default: the first four.",
)
@click.option(
    "--profile",
    type=click.Choice(["types"]),
    help="The purpose of JSON Schema: types is for programs that make types, the target"
    " json-schema-types in place of json-schema.",
)
@click.option(
    "--list-targets",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_targets,
    help="Show the installed targets and exit.",
)
@click.option(
    "--package",
    metavar="NAME",
    callback=_package,
    help="The name of the Python package, such as myapp.contracts.weather; {package} in"
    " it is the one that the spec names.",
)
@click.option(
    "--folder",
    "folders",
    metavar="TARGET=FOLDER",
    multiple=True,
    callback=_folders,
    help="The folder for the files of a target, or of all of Python (python=src), below"
    " --out or the project's root; may be given several times.",
)
@click.option(
    "--header",
    metavar="TEXT",
    help="Lines that each file begins with, as comments; JSON and the site have none.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Generate again whenever a spec or the settings change, until Ctrl-C.",
)
@click.option("--check", is_flag=True, help="Write nothing; show what is stale.")
@format_option(
    "How to print what is wrong or stale; github annotates a workflow's files, sarif is"
    " for code scanning."
)
@click.option(
    "--pyodide",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The npm package pyodide, for the check in a site; default: node_modules.",
)
@click.option(
    "--single-file",
    is_flag=True,
    help="Also write the site as one file, which works from disk.",
)
@click.option(
    "--max-size",
    type=Size(),
    default=MAX_SPEC_BYTES,
    help="How large a spec may be; default: 16MB.",
)
def command(
    specs: tuple[Path, ...],
    out: Path | None,
    targets: tuple[str, ...],
    *,
    profile: str | None,
    package: str | None,
    folders: tuple[tuple[str, str], ...],
    header: str | None,
    watch: bool,
    check: bool,
    pyodide: Path | None,
    single_file: bool,
    output: str,
    max_size: int,
) -> None:
    """Compile specs into JSON Schema, dataclasses, validators and a reference.

    If a spec has an error, nothing is written. Files of an earlier run that are no
    longer generated are removed. If neither the spec nor the generated files have
    changed, nothing is compiled; --check always compiles.

    \b
    Exit codes:
      0  written, or with --check: all files are current
      1  a spec has errors, or with --check: a file is stale
      2  wrong usage, or a folder that cannot be written

    \b
    Examples:
      shapespec generate
      shapespec generate api.yaml --out build --target json-schema
      shapespec generate --target pydantic
      shapespec generate --package myapp.contracts.weather --folder python=src
      shapespec generate --target site --single-file
      shapespec generate --check
      shapespec generate --watch
    """
    asked = _Asked(out, targets, profile, package, header, dict(folders))
    options = _Options(
        specs,
        asked,
        check=check,
        pyodide=pyodide,
        single_file=single_file,
        output=output,
        max_size=max_size,
    )
    if not watch:
        _run(options, lambda _: None)
        return
    if check:
        raise click.UsageError("--watch and --check exclude each other")
    go_on(partial(_run, options))


class _Options(NamedTuple):
    """What a run is to do; `--help` says what each means."""

    specs: tuple[Path, ...]
    asked: _Asked
    check: bool
    pyodide: Path | None
    single_file: bool
    output: str
    max_size: int


def _run(options: _Options, note: Callable[[Path], None]) -> None:
    """Generate once.

    Args:
        options: What to do.
        note: Told of each file that decides what comes out, before it is read.

    Raises:
        Faults: A spec is wrong.
        Unusable: Something cannot be read or written.
    """
    specs, asked, check, pyodide, single_file, output, max_size = options
    out = asked.out
    for file in settings_files(Path.cwd()):
        note(file)
    settings = find_settings(Path.cwd())
    chosen = [
        (spec, asked.of(settings.output_of(spec))) for spec in specs or settings.specs
    ]
    sites = any("site" in output.targets for _, output in chosen)
    if (pyodide or single_file) and not sites:
        raise click.UsageError("--pyodide and --single-file are for --target site")
    faults: list[Diagnostic] = []
    jobs: list[Built | _Compiled] = []
    with ExitStack() as opened, _without_collector():
        roots = _Roots(opened, settings, out)
        for address, wanted in chosen:
            place = roots.place(wanted)
            spec = spec_of(address)
            note(spec)
            try:
                shown = settings.shown(spec)
                source = read_source(spec, name=shown, limit=max_size)
                read = Recorder(siblings(spec, shown), spec.parent, note)
                stamp = Stamp(place.root, source, wanted.targets, place.layout.key)
                trusted = not check and set(wanted.targets) <= set(TARGETS)
                current = stamp.current(read) if trusted else None
                if current is None:
                    jobs.append(_compiled(place, source, wanted.targets, read, stamp))
                else:
                    jobs.append(Built(place, *current))
            except Faults as found:
                faults += found.diagnostics
        if faults and output != TEXT:
            _print(Faults(faults).diagnostics, output)
            sys.exit(1)
        if faults:
            raise Faults(faults)
        _refuse_same_package(jobs)
        if check:
            compiled = [job for job in jobs if isinstance(job, _Compiled)]
            stale = [(job.place, change) for job in compiled for change in job.stale()]
            _show_stale(stale, output)
        else:
            for text in _write(jobs):
                (say if output == TEXT else warn)(text)
            if output != TEXT:
                _print((), output)
            with_sites = [
                job
                for job, (_, wanted) in zip(jobs, chosen, strict=True)
                if "site" in wanted.targets
            ]
            for text in _sites(with_sites, pyodide, single_file=single_file):
                (say if output == TEXT else warn)(text)


class _Asked(NamedTuple):
    """What the command line says of all specs."""

    out: Path | None
    targets: tuple[str, ...]
    profile: str | None
    package: str | None
    header: str | None
    folders: dict[str, str]

    def of(self, given: Output) -> Output:
        """What is generated from a spec of which the project says something.

        Raises:
            UsageError: A profile of JSON Schema is asked for, and no JSON Schema.
        """
        return Output(
            out=self.out or given.out,
            targets=self._profiled(self.targets or given.targets),
            package=given.package if self.package is None else self.package,
            header=given.header if self.header is None else self.header,
            folders={**given.folders, **self.folders},
        )

    def _profiled(self, targets: tuple[str, ...]) -> tuple[str, ...]:
        if self.profile is None:
            return targets
        plain, made = "json-schema", f"json-schema-{self.profile}"
        if not {plain, made} & {*targets}:
            raise click.UsageError(f"--profile is for --target {plain}")
        changed = (made if target == plain else target for target in targets)
        return tuple(dict.fromkeys(changed))


class _Place(NamedTuple):
    """A folder to write below, and the places of files in it."""

    root: Root
    layout: Layout


class _Roots:
    """The folders to write below, each opened once."""

    def __init__(
        self, opened: ExitStack, settings: Settings, named: Path | None
    ) -> None:
        self._opened = opened
        self._settings = settings
        self._named = named
        self._roots: dict[Path, Root] = {}

    def place(self, wanted: Output) -> _Place:
        """Where the files of a spec go.

        Raises:
            Unusable: It is outside of the project, or cannot be opened.
        """
        project = self._settings.root
        folder, layout = wanted.placed(project, named=self._named is not None)
        if folder not in self._roots:
            within = project if self._named is None else None
            root = self._opened.enter_context(open_root(folder, within=within))
            self._roots[folder] = root
        return _Place(self._roots[folder], layout)


def _sites(
    jobs: list[Built | _Compiled], named: Path | None, *, single_file: bool
) -> Iterator[str]:
    """Add to sites what is not generated, Python and the single file, and say so."""
    if not jobs:
        return
    from shapespec.tools.site_files import (
        SINGLE_FILE,
        add_python,
        add_single_file,
        find_pyodide,
    )

    pyodide = find_pyodide(named, Path.cwd())
    for job in jobs:
        root, layout = job.place
        package = job.package
        site = layout.place(f"site/{package}", "site", package)
        if pyodide is not None:
            add_python(root, site, pyodide)
        if single_file:
            add_single_file(root, site, pyodide)
        place = root.place(f"{site}/{SINGLE_FILE if single_file else 'index.html'}")
        python = "no Pyodide" if pyodide is None else f"Pyodide from {pyodide}"
        yield f"{package}: the site is {place}, with {python}"


class Built(NamedTuple):
    """What an earlier run left, and where."""

    place: _Place
    package: str
    number: int


class _Compiled(NamedTuple):
    """What a spec was compiled into, and where it belongs."""

    place: _Place
    folder: Folder
    targets: tuple[str, ...]
    files: tuple[OutputFile, ...]
    read: Recorder
    stamp: Stamp

    @property
    def package(self) -> str:
        return self.folder.package

    @property
    def number(self) -> int:
        return len(self.files)

    def changes(self) -> tuple[FileChange, ...]:
        """What has to change in the folder."""
        return self.folder.changes(self.files, self._asked())

    def stale(self) -> tuple[FileChange, ...]:
        """What is not as it should be in the folder."""
        return self.folder.stale(self.files, self._asked())

    def _asked(self) -> set[str]:
        return {*self.targets, *(file.target for file in self.files)}


def _compiled(
    place: _Place,
    source: SourceFile,
    targets: tuple[str, ...],
    read: Recorder,
    stamp: Stamp,
) -> _Compiled:
    from shapespec.compiler import compile_spec, generate
    from shapespec.tools.examples import SHOWN, kept_for_readers

    schema = compile_spec(source, read)
    shown = [target for target in targets if target in SHOWN]
    files = generate(schema, [target for target in targets if target not in shown])
    if shown:
        package = files if "dataclasses" in targets else ()
        state = (*compiler_state(), source.digest, *read.digests.values())
        files += generate(kept_for_readers(schema, package, state), shown)
        refuse_clashes(files)
    files = place.layout.laid_out(files, schema.package)
    base = place.layout.base
    folder = Folder(place.root, schema.package, before=base)
    return _Compiled(place, folder, targets, files, read, stamp)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Leave cycles alone: a compiler makes much that stays, and then it ends.

    What was made counts as old then; else it would be looked through at once.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()
        if enabled:
            gc.enable()


def _print(remarks: Iterable[Remark | Diagnostic], output: str) -> None:
    for text in reports(remarks, output):
        put(text)


def _write(jobs: list[Built | _Compiled]) -> Iterator[str]:
    """Write what was compiled, and say for each package what has changed."""
    changed: dict[str, int] = {}
    compiled = [job for job in jobs if isinstance(job, _Compiled)]
    roots = {os.path.realpath(job.place.root.shown): job.place.root for job in compiled}
    with ExitStack() as locks:
        for _, root in sorted(roots.items()):  # in one order, or two runs may block
            waiting = partial(_say_waiting, root.shown)
            locks.enter_context(exclusive(root, LOCK, waiting))
        pending = [(job, job.changes()) for job in compiled]
        for job, changes in pending:
            job.folder.apply(changes)
            _say_left(job.folder)
            manifest = job.folder.manifest
            ours = [change for change in changes if change.path != manifest]
            changed[job.package] = len(ours or changes)
            left = Left(job.package, job.number)
            paths = [*(file.path for file in job.files), manifest]
            job.stamp.write(left, job.read, paths, job.folder.next_manifest)
    for each in jobs:
        count = changed.get(each.package, 0)
        state = f"{count} changed" if count else "all current"
        files = f"{each.number} file{'' if each.number == 1 else 's'}"
        yield f"{each.package}: {files} in {_shown(each.place.root.shown)}, {state}"


def _shown(folder: Path) -> Path:
    """A folder as one names it where one is, if it is here or below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _say_left(folder: Folder) -> None:
    """Name the files that an earlier run wrote and somebody changed."""
    for path, why in folder.left:
        place = folder.root.place(path)
        warn(f"{place} is no longer generated, and stays: {why}")


def _say_waiting(root: Path) -> None:
    warn(f"another run writes to {root}; waiting for it to end")


def _refuse_same_package(jobs: list[Built | _Compiled]) -> None:
    for packages in (
        [job.package for job in jobs],
        [job.place.layout.dotted(job.package) for job in jobs],
    ):
        for package in packages:
            if packages.count(package) > 1:
                message = f"two specs have the same package name: {package}"
                raise click.UsageError(message)


def _show_stale(found: list[tuple[_Place, FileChange]], output: str) -> None:
    if output != TEXT:
        advice = "run `shapespec generate`"
        remarks = [
            Remark(
                "stale-file",
                "error",
                f"{change.path} is not what the spec is compiled into",
                str(place.root.place(change.path)),
                help=advice,
            )
            for place, change in found
        ]
        _print(remarks, output)
        sys.exit(1 if found else 0)
    if not found:
        say("all generated files are current")
        return
    for _, change in found:
        for line in change.diff():
            say(line.removesuffix("\n"))
    number = f"{len(found)} file{'' if len(found) == 1 else 's'}"
    warn(f"{number} stale; run `shapespec generate` to update")
    sys.exit(1)
