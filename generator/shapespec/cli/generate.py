"""`shapespec generate`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
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
from shapespec.diagnostics.model import Diagnostic, Faults
from shapespec.diagnostics.reports import Remark
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.out import put
from shapespec.ground.source import SourceFile
from shapespec.ground.terminal import say, warn
from shapespec.ground.writing import Root, leads_out, open_root
from shapespec.project.files import MAX_SPEC_BYTES, read_source, siblings
from shapespec.project.locking import exclusive
from shapespec.project.output import Change, Folder
from shapespec.project.settings import Settings, find_settings
from shapespec.project.stamp import LOCK, Built, Recorder, Stamp, compiler_state

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


@click.command()
@click.argument("specs", metavar="[SPEC]...", nargs=-1, type=click.Path(path_type=Path))
@out_option("The folder to write into; default: generated/.", folder=True)
@click.option(
    "--target",
    "targets",
    multiple=True,
    type=Target(),
    help="What to generate; may be given several times. Default: the first four.",
)
@click.option(
    "--list-targets",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_targets,
    help="Show the targets that are installed, and end.",
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
    show_default="16MB",
    help="How large a spec may be.",
)
def command(
    specs: tuple[Path, ...],
    out: Path | None,
    targets: tuple[str, ...],
    *,
    check: bool,
    pyodide: Path | None,
    single_file: bool,
    output: str,
    max_size: int,
) -> None:
    """Compile specs into JSON Schema, dataclasses, validators and a reference.

    Nothing is written unless all specs are right, and each file is written whole.
    Files that an earlier run generated and that are no longer wanted are removed.
    Where neither a spec nor what came of it has changed, nothing is compiled;
    --check always compiles.

    \b
    Exit codes:
      0  written, or with --check: all is current
      1  a spec is wrong, or with --check: something is stale
      2  wrong usage, or a folder that cannot be written

    \b
    Examples:
      shapespec generate
      shapespec generate api.yaml --out build --target json-schema
      shapespec generate --target pydantic
      shapespec generate --target site --single-file
      shapespec generate --check
    """
    settings = find_settings(Path.cwd())
    wanted = targets or settings.targets
    if (pyodide or single_file) and "site" not in wanted:
        raise click.UsageError("--pyodide and --single-file are for --target site")
    faults: list[Diagnostic] = []
    jobs: list[Built | _Compiled] = []
    with _output_root(out, settings) as root, _without_collector():
        for spec in map(spec_of, specs or settings.specs):
            try:
                shown = settings.shown(spec)
                source = read_source(spec, name=shown, limit=max_size)
                read = Recorder(siblings(spec, shown))
                stamp = Stamp(root, source, wanted)
                trusted = not check and set(wanted) <= set(TARGETS)
                current = stamp.current(read) if trusted else None
                jobs.append(current or _compiled(root, source, wanted, read, stamp))
            except Faults as found:
                faults += found.diagnostics
        if faults and output != TEXT:
            _print(Faults(faults).diagnostics, output)
            sys.exit(1)
        if faults:
            raise Faults(faults)
        _refuse_same_package([job.package for job in jobs])
        if check:
            compiled = [job for job in jobs if isinstance(job, _Compiled)]
            changes = [change for job in compiled for change in job.stale()]
            _show_stale(root, changes, output)
        else:
            for text in _write(root, jobs):
                (say if output == TEXT else warn)(text)
            if output != TEXT:
                _print((), output)
            if "site" in wanted:
                packages = [job.package for job in jobs]
                for text in _sites(root, packages, pyodide, single_file=single_file):
                    (say if output == TEXT else warn)(text)


def _sites(
    root: Root, packages: list[str], named: Path | None, *, single_file: bool
) -> Iterator[str]:
    """Add to sites what is not generated, Python and the single file, and say so."""
    from shapespec.tools.site_files import (
        SINGLE_FILE,
        add_python,
        add_single_file,
        find_pyodide,
    )

    pyodide = find_pyodide(named, Path.cwd())
    for package in packages:
        site = f"site/{package}"
        if pyodide is not None:
            add_python(root, site, pyodide)
        if single_file:
            add_single_file(root, site, pyodide)
        place = root.place(f"{site}/{SINGLE_FILE if single_file else 'index.html'}")
        python = "no Pyodide" if pyodide is None else f"Pyodide from {pyodide}"
        yield f"{package}: the site is {place}, with {python}"


def _output_root(
    named: Path | None, settings: Settings
) -> AbstractContextManager[Root]:
    """The folder to write into: the one that is named, or that of the project.

    Raises:
        Unusable: It is the project's, and is outside of the project.
    """
    if named is not None:
        return open_root(named)
    if leads_out(settings.out, settings.root):
        raise Unusable(
            f"the output folder {settings.out} is outside of the project,"
            f" {settings.root}; to write there all the same, name it: --out DIR"
        )
    return open_root(settings.out, within=settings.root)


class _Compiled(NamedTuple):
    """What a spec was compiled into, and where it belongs."""

    folder: Folder
    targets: tuple[str, ...]
    files: tuple[OutputFile, ...]
    read: Recorder
    stamp: Stamp

    @property
    def package(self) -> str:
        return self.folder.package

    def changes(self) -> tuple[Change, ...]:
        """What has to change in the folder."""
        return self.folder.changes(self.files, self._asked())

    def stale(self) -> tuple[Change, ...]:
        """What is not as it should be in the folder."""
        return self.folder.stale(self.files, self._asked())

    def _asked(self) -> set[str]:
        return {*self.targets, *(file.target for file in self.files)}


def _compiled(
    root: Root,
    source: SourceFile,
    targets: tuple[str, ...],
    read: Recorder,
    stamp: Stamp,
) -> _Compiled:
    from shapespec.compiler import compile_spec, generate

    schema = compile_spec(source, read)
    shown = [target for target in targets if target in ("docs", "site")]
    files = generate(schema, [target for target in targets if target not in shown])
    if shown:
        from shapespec.tools.examples import kept_for_readers

        package = files if "dataclasses" in targets else ()
        state = (*compiler_state(), source.digest, *read.digests.values())
        files += generate(kept_for_readers(schema, package, state), shown)
        refuse_clashes(files)
    folder = Folder(root, schema.package, source.gist)
    return _Compiled(folder, targets, files, read, stamp)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Leave cycles alone: a compiler makes much that stays, and then it ends."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _print(remarks: Iterable[Remark | Diagnostic], output: str) -> None:
    for text in reports(remarks, output):
        put(text)


def _write(root: Root, jobs: list[Built | _Compiled]) -> Iterator[str]:
    """Write what was compiled, and say for each package what has changed."""
    changed: dict[str, int] = {}
    compiled = [job for job in jobs if isinstance(job, _Compiled)]
    if compiled:
        with exclusive(root, LOCK, lambda: _say_waiting(root.shown)):
            pending = [(job, job.changes()) for job in compiled]
            for job, changes in pending:
                job.folder.apply(changes)
                _say_left(job.folder)
                manifest = job.folder.manifest
                ours = [change for change in changes if change.path != manifest]
                changed[job.package] = len(ours or changes)
                built = Built(job.package, len(job.files))
                paths = [*(file.path for file in job.files), manifest]
                job.stamp.write(built, job.read, paths, job.folder.next_manifest)
    for each in jobs:
        count = changed.get(each.package, 0)
        state = f"{count} changed" if count else "all current"
        number = each.files if isinstance(each, Built) else len(each.files)
        files = f"{number} file{'' if number == 1 else 's'}"
        yield f"{each.package}: {files} in {_from_here(root.shown)}, {state}"


def _from_here(shown: Path | str) -> str:
    """A folder as it is called from the working directory, where it is below that."""
    path = Path(shown)
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _say_left(folder: Folder) -> None:
    """Name the files that an earlier run wrote and somebody changed."""
    for path, why in folder.left:
        place = folder.root.place(path)
        warn(f"{place} is no longer generated, and stays: {why}")


def _say_waiting(root: Path) -> None:
    warn(f"another run writes to {root}; waiting for it to end")


def _refuse_same_package(packages: list[str]) -> None:
    for package in packages:
        if packages.count(package) > 1:
            raise click.UsageError(f"two specs have the same package name: {package}")


def _show_stale(root: Root, changes: list[Change], output: str) -> None:
    if output != TEXT:
        advice = "run `shapespec generate`"
        remarks = [
            Remark(
                "stale-file",
                "error",
                f"{change.path} is not what the spec is compiled into",
                str(root.place(change.path)),
                help=advice,
            )
            for change in changes
        ]
        _print(remarks, output)
        sys.exit(1 if changes else 0)
    if not changes:
        say("all generated files are current")
        return
    for change in changes:
        for line in change.diff():
            say(line.removesuffix("\n"))
    number = f"{len(changes)} file{'' if len(changes) == 1 else 's'}"
    warn(f"{number} stale; run `shapespec generate` to update")
    sys.exit(1)
