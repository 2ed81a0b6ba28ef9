"""The validators of a contract, ready to judge responses."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import marshal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import CodeType, MappingProxyType, ModuleType
from typing import Any, Protocol, cast

from shapespec.backends.files import OutputFile
from shapespec.contract.answers import ANY_ANSWER, Asked
from shapespec.ground.errors import Unusable
from shapespec.ground.resources import FLAGSHIP
from shapespec.project.files import MAX_SPEC_BYTES, read_source, siblings
from shapespec.responses.cells import CellJudge, quick
from shapespec.responses.fast import compiled_test, fast_reader
from shapespec.responses.finding import Finding
from shapespec.responses.parse import parse_json
from shapespec.responses.shipped import shipped_package
from shapespec.runtime import FRAME

_count = itertools.count()
_PREFIX = "_shapespec_"
NO_CODE: Mapping[str, CodeType] = MappingProxyType({})


class Contract(Protocol):
    """What a generated package offers."""

    @property
    def is_valid(self) -> Callable[..., bool]:
        """Whether a response has no error."""
        ...

    @property
    def validate(self) -> Callable[..., Sequence[Finding]]:
        """Everything there is to say about a response."""
        ...


def contract_by_path(
    spec: Path,
    *,
    limit: int = MAX_SPEC_BYTES,
    target: str = "validators",
    dated: bool = False,
    asked: Asked = ANY_ANSWER,
) -> Contract:
    """The validators of a spec: those that ship for the flagship, else made in memory.

    Args:
        spec: The spec.
        limit: How many bytes it may have.
        target: What else is needed: `validators` alone, or `dataclasses` too.
        dated: Whether its history is needed, too.
        asked: What responses are, where no shape is named.

    Raises:
        Unusable: The spec cannot be read, or has no such operation or status.
        Faults: The spec is wrong.
    """
    if asked == ANY_ANSWER and _is_flagship(spec):
        shipped = shipped_package()
        if shipped is not None:
            return cast("Contract", shipped)
    return _in_memory(spec, limit, target, asked, dated=dated)


def _is_flagship(spec: Path) -> bool:
    """Whether a path, however it is written, leads to the spec that ships."""
    try:
        return spec.samefile(FLAGSHIP)
    except (OSError, ValueError):
        return False


def history_of(contract: Contract) -> ModuleType | None:
    """The module of a contract that dates responses; none where it has no history."""
    name = cast("ModuleType", contract).__name__
    try:
        return importlib.import_module(f"{name}._dating")
    except ModuleNotFoundError:
        return None


def speller(
    contract: Contract, shape: str, form: str | None
) -> Callable[[object], object] | None:
    """What brings responses to the spelling of the service.

    It takes a response and gives it as the service spells it, without what the form
    adds; none where it is spelt so already. There is no such thing for a contract
    whose forms only differ in how moments are written.
    """
    read = frame_reader(contract) if form == FRAME else None
    if read is not None:
        further = speller(contract, shape, None)

        def of_frame(response: object) -> object:
            value = read(response, shape)
            found = None if further is None else further(value)
            return value if found is None else found

        return of_frame
    name = cast("ModuleType", contract).__name__
    try:
        spelling = importlib.import_module(f"{name}._spelling")
    except ModuleNotFoundError:
        return None
    forms = importlib.import_module(f"{name}._forms")

    def respell(response: object) -> object:
        reading = spelling.understood(response, shape, forms.find_form(form))
        if reading is None:
            return None
        found: object = reading.value
        if isinstance(found, dict):
            for extra in reading.form.extra_members:
                found.pop(extra, None)
        return found

    return respell


def frame_reader(contract: Contract) -> Callable[[object, str], object] | None:
    """What reads a value of a data frame as JSON would have held it.

    None where a form of the contract itself is called `frame`.

    Raises:
        Unusable: The package was generated before there was such a form.
    """
    name = cast("ModuleType", contract).__name__
    try:
        module = importlib.import_module(f"{name}._frame")
    except ModuleNotFoundError:
        if FRAME in importlib.import_module(f"{name}._forms").FORMS:
            return None
        message = f"{name} does not know data frames; generate it anew"
        raise Unusable(message) from None
    found: Callable[[object, str], object] = module.read_frame
    return found


def judge_of(
    contract: Contract,
    *,
    shape: str | None,
    form: str | None,
    strict: bool | str,
    frame: bool,
) -> CellJudge:
    """What validates the cells of a table.

    Args:
        contract: The contract.
        shape: The shape of the responses; that of the operation where left out.
        form: Their form; `frame` is that of any value of a frame.
        strict: Whether warnings are errors; with "all", notes too.
        frame: Whether values are those of a frame, whatever system wrote them.

    Raises:
        Unusable: There is no such shape or form, or a shape has to be named.
    """
    validate: Any = contract.validate
    shape = shape or (validate.__kwdefaults__ or {}).get("shape")
    if shape is None:
        raise Unusable("the contract has several operations; name one with shape=")
    reader = frame_reader(contract) if frame or form == FRAME else None
    named = None if form == FRAME and reader is not None else form
    options = {"shape": shape, "form": named, "strict": strict}
    try:
        validate(None, **options)
    except ValueError as error:
        raise Unusable(str(error)) from None
    read = quick(fast_reader(compiled_test(validate)), parse_json)
    return CellJudge(validate, options, reader, shape, read)


def _in_memory(
    spec: Path, limit: int, target: str, asked: Asked, *, dated: bool
) -> Contract:
    from shapespec.compiler import compile_spec, generate

    beside = siblings(spec, str(spec)) if dated else None
    schema = asked.of(compile_spec(read_source(spec, limit=limit), beside))
    contract: Contract = load_modules(
        schema.package, generate(schema, (target,), layout=False)
    )
    return contract


def load_modules(package: str, files: Iterable[OutputFile]) -> Any:
    """The generated package among a schema's files, imported without any file."""
    prefix = f"python/{package}/"
    modules = {
        file.path.removeprefix(prefix).removesuffix(".py"): file.text
        for file in files
        if file.path.startswith(prefix) and file.path.endswith(".py")
    }
    return load_package(f"{_PREFIX}{next(_count)}_{package}", modules)


def load_package(
    name: str, modules: Mapping[str, str], code: Mapping[str, CodeType] = NO_CODE
) -> Any:
    """A package of generated modules, without any file.

    Args:
        name: What it is called among the loaded modules.
        modules: The text of each module by its path without `.py`: `models/channel`,
            `__init__`.
        code: Modules that are compiled already, by the same paths.
    """
    finder = _Finder(name, modules, code)
    sys.meta_path.append(finder)
    return importlib.import_module(name)


def load_code(package: str, modules: Mapping[str, CodeType]) -> Any:
    """A generated package whose modules are compiled already, without any file."""
    return load_package(f"{_PREFIX}{next(_count)}_{package}", {}, modules)


def modules_of(contract: Contract) -> dict[str, bytes]:
    """The files of a generated package, by their paths in it, to be imported elsewhere.

    Strategies stay here. What is only known as code is for the same Python, and what
    was compiled for this machine is for machines like it.
    """
    name = cast("ModuleType", contract).__name__
    for finder in sys.meta_path:
        if isinstance(finder, _Finder) and finder.package == name:
            return {
                **{f"{one}.py": text.encode() for one, text in finder.modules.items()},
                **{f"{one}.pyc": _bytecode(code) for one, code in finder.code.items()},
            }
    found: dict[str, bytes] = {}
    for place in cast("ModuleType", contract).__path__:
        folder = Path(place)
        for file in folder.rglob("*.py"):
            found[file.relative_to(folder).as_posix()] = file.read_bytes()
        for suffix in importlib.machinery.EXTENSION_SUFFIXES:
            file = folder / f"_compiled{suffix}"
            if file.is_file():
                found[file.name] = file.read_bytes()
    found.pop("strategies.py", None)
    return found


def _bytecode(code: CodeType) -> bytes:
    """Code as a file that Python imports whatever the date of its source."""
    return importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code)


def unload(contract: Contract) -> None:
    """Forget a package that was made in memory; another one is left alone."""
    name = cast("ModuleType", contract).__name__
    if not name.startswith(_PREFIX):
        return
    sys.meta_path[:] = [
        one
        for one in sys.meta_path
        if not (isinstance(one, _Finder) and one.package == name)
    ]
    for module in [*sys.modules]:
        if module == name or module.startswith(f"{name}."):
            del sys.modules[module]


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds and loads the modules of one package from their texts."""

    def __init__(
        self, package: str, modules: Mapping[str, str], code: Mapping[str, CodeType]
    ) -> None:
        self.package = package
        self.modules = modules
        self.code = code

    def _module(self, fullname: str) -> str | None:
        if fullname == self.package:
            return "__init__"
        head, _, tail = fullname.partition(f"{self.package}.")
        place = tail.replace(".", "/")
        for known in (place, f"{place}/__init__"):
            if not head and (known in self.modules or known in self.code):
                return known
        return None

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Where a module of the package comes from."""
        module = self._module(fullname)
        if module is None:
            return None
        return importlib.util.spec_from_loader(
            fullname, self, is_package=module.endswith("__init__")
        )

    def get_source(self, fullname: str) -> str | None:
        """The text of a module; none where only its code is known."""
        module = self._module(fullname)
        if module is None:
            raise ImportError(fullname)
        return self.modules.get(module)

    def get_code(self, fullname: str) -> CodeType:
        """The code of a module."""
        module = self._module(fullname)
        if module is not None and module in self.code:
            return self.code[module]
        return compile(self.get_source(fullname) or "", f"<{fullname}>", "exec")
