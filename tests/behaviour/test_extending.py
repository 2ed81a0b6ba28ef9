"""Targets of other distributions: the page about them, and faulty ones."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from shapespec.compiler import compile_spec, generate
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from tests.support import ROOT

PAGE = (ROOT / "spec" / "extending.md").read_text("utf-8")
SPEC = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[0]


def block(language: str) -> str:
    """The one block of the page in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return str(found)


def shapespec(
    folder: Path, *arguments: str, site: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run shapespec in a folder, with another one to find distributions in."""
    paths = [str(site)] if site else []
    paths += [os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []
    return subprocess.run(
        [sys.executable, "-m", "shapespec", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's distribution, installed by pip into a folder of its own."""
    if find_spec("pip") is None or find_spec("hatchling") is None:
        pytest.skip("needs pip and hatchling")
    source = tmp_path_factory.mktemp("source")
    for language in ("python", "toml"):
        name, _, text = block(language).partition("\n")
        (source / name.removeprefix("# ")).write_text(text, "utf-8")
    site = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index"]
    command += ["--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--target", str(site), str(source)], check=True)
    return site


def test_the_page(installed: Path, tmp_path: Path) -> None:
    """The commands of the page print what it says and write the file that it shows."""
    (tmp_path / "weather.yaml").write_text(SPEC, "utf-8")
    commands: list[tuple[str, str]] = re.findall(
        r"^\$ shapespec (.*)\n((?:[^$].*\n)*)", block("console"), re.MULTILINE
    )
    assert 2 == len(commands)

    for command, printed in commands:
        done = shapespec(tmp_path, *command.split(), site=installed)
        assert (0, "", printed) == (done.returncode, done.stderr, done.stdout)

    written = tmp_path / "generated" / "plain-types" / "weather.ts"
    assert block("typescript") == written.read_text("utf-8")


def test_the_page_passes_mypy(installed: Path, tmp_path: Path) -> None:
    """The backend of the page is well typed, and is what the protocol asks for."""
    program = (
        "from shapespec.backends.protocol import Backend\n"
        "from shapespec_plain_types import PlainTypes\n"
        "backend: Backend = PlainTypes()\n"
    )
    pytest.importorskip("mypy")
    (tmp_path / "use.py").write_text(program)
    command = [sys.executable, "-m", "mypy", "--strict"]
    done = subprocess.run(
        [*command, "use.py", str(installed / "shapespec_plain_types.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={
            **os.environ,
            "MYPYPATH": os.pathsep.join([str(installed), str(ROOT / "generator")]),
        },
    )
    assert 0 == done.returncode, done.stdout


def test_settings_name_it_too(installed: Path, tmp_path: Path) -> None:
    """A target of another distribution can stand in pyproject.toml."""
    (tmp_path / "weather.yaml").write_text(SPEC, "utf-8")
    settings = 'specs = ["weather.yaml"]\ntargets = ["plain-types", "json-schema"]\n'
    (tmp_path / "pyproject.toml").write_text(f"[tool.shapespec]\n{settings}")

    assert 0 == shapespec(tmp_path, "generate", site=installed).returncode
    assert (tmp_path / "generated" / "plain-types" / "weather.ts").exists()
    checked = shapespec(tmp_path, "generate", "--check", site=installed)
    assert 0 == checked.returncode
    gone = shapespec(tmp_path, "generate")
    assert 2 == gone.returncode
    assert "no target is called 'plain-types'" in gone.stderr


BACKEND = """
from shapespec.backends.files import OutputFile

class Backend:
    name = "mine"
    requires = ()
    def generate(self, schema):
        {body}
"""

FAULTY = {
    "raises when loaded": (
        "mine",
        "raise RuntimeError('out of\\nluck')",
        r"'mine' of faulty 1\.0: .*RuntimeError: out of luck \(.*faulty\.py, line 1\)",
    ),
    "ends the process": ("mine", "import sys; sys.exit(0)", "SystemExit: 0"),
    "has no such object": ("mine", "x = 1", "AttributeError"),
    "is not a backend": ("mine", "Backend = 3", "`int` lacks `name`"),
    "has another name": (
        "yours",
        BACKEND.format(body="return []"),
        "'yours' of faulty 1.0: the backend calls itself 'mine'",
    ),
    "has a bad name": ("My_Target", BACKEND.format(body="return []"), "kebab-case"),
    "needs what is not there": (
        "mine",
        BACKEND.format(body="return []").replace("()", "('lost',)", 1),
        "no target is called 'lost'",
    ),
    "requires a text": (
        "mine",
        BACKEND.format(body="return []").replace("()", "'docs'", 1),
        "not a tuple",
    ),
    "raises": ("mine", BACKEND.format(body="yield 1 / 0"), "failed: ZeroDivisionError"),
    "gives nothing": ("mine", BACKEND.format(body="return None"), "failed: TypeError"),
    "gives text": ("mine", BACKEND.format(body="return 'ab'"), "gave `str` where"),
    "gives bytes": (
        "mine",
        BACKEND.format(body="yield OutputFile('a', b'')"),
        "not Unicode text: 'a'",
    ),
    "leads out": (
        "mine",
        BACKEND.format(body="yield OutputFile('../a', '')"),
        r"may not be written: '\.\./a'",
    ),
    "is absolute": (
        "mine",
        BACKEND.format(body="yield OutputFile('/a', '')"),
        "may not be written: '/a'",
    ),
    "writes manifests": (
        "mine",
        BACKEND.format(body="yield OutputFile('.shapespec/p.json', '')"),
        "may not be written",
    ),
    "makes what is not Python": (
        "mine",
        BACKEND.format(body="yield OutputFile('python/weather/x.py', 'def (')"),
        "gave a file that is not Python: 'python/weather/x.py': ",
    ),
    "writes what another writes": (
        "mine",
        BACKEND.format(body="yield OutputFile('docs/weather/README.md', '')"),
        "the targets 'docs' and 'mine' both write docs/weather/README.md",
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_target_is_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends the runs that use it with its name, its distribution and a reason."""
    target, module, expected = FAULTY[name]
    install(tmp_path, "faulty", target, module)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "faulty", raising=False)
    schema = compile_spec(SourceFile("weather.yaml", SPEC))

    with pytest.raises(Unusable, match=expected):
        generate(schema, ("docs", target))


def test_a_faulty_target_ends_its_runs_only(tmp_path: Path) -> None:
    """With it nothing is written, and without it everything is as ever."""
    site = tmp_path / "site"
    install(site, "faulty", "mine", "raise RuntimeError")
    (tmp_path / "weather.yaml").write_text(SPEC, "utf-8")
    run = ("generate", "weather.yaml", "--target", "docs")

    done = shapespec(tmp_path, *run, "--target", "mine", site=site)
    assert 2 == done.returncode
    assert done.stderr.startswith("error: the target 'mine' of faulty 1.0: ")
    assert 1 == len(done.stderr.splitlines())
    assert not (tmp_path / "generated").exists()

    assert 0 == shapespec(tmp_path, *run, site=site).returncode


def test_a_module_alone_in_the_package(tmp_path: Path) -> None:
    """A target may add a module to the package and hand nothing on."""
    site = tmp_path / "site"
    module = BACKEND.format(body="yield OutputFile('python/weather/x.py', 'A = 1')")
    install(site, "fine", "mine", module)
    (tmp_path / "weather.yaml").write_text(SPEC, "utf-8")

    done = shapespec(
        tmp_path, "generate", "weather.yaml", "--target", "mine", site=site
    )

    assert 0 == done.returncode, done.stderr
    for place in (tmp_path / "generated" / "python" / "weather").glob("*.py"):
        compile(place.read_text("utf-8"), str(place), "exec")


def test_names_that_are_taken(tmp_path: Path) -> None:
    """A built-in target cannot be replaced; of two with one name neither is used."""
    site = tmp_path / "site"
    module = BACKEND.format(body="return []")
    install(site, "one", "docs", module.replace("mine", "docs"))
    install(site, "two", "mine", module)
    install(site, "three", "mine", module)
    (tmp_path / "weather.yaml").write_text(SPEC, "utf-8")
    run = ("generate", "weather.yaml", "--target")

    assert 0 == shapespec(tmp_path, *run, "docs", site=site).returncode
    assert (tmp_path / "generated" / "docs" / "weather" / "README.md").exists()
    both = shapespec(tmp_path, *run, "mine", site=site)
    assert "have a target 'mine': three 1.0 and two 1.0" in both.stderr
    listed = shapespec(tmp_path, "generate", "--list-targets", site=site)
    assert 2 == listed.returncode
    assert "docs                 one 1.0, faulty" in listed.stdout
    assert "'docs' of one 1.0: a built-in target has that name" in listed.stderr


def test_plugins_cost_nothing_where_none_is_asked_for(tmp_path: Path) -> None:
    """Generating built-in targets does not look for distributions."""
    (tmp_path / "weather.yaml").write_text(SPEC, "utf-8")
    program = (
        "import sys; from shapespec.cli import shapespec; "
        "shapespec(['generate', 'weather.yaml'], standalone_mode=False); "
        "sys.exit('shapespec.backends.plugins' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=False)
    assert 0 == done.returncode


def install(site: Path, distribution: str, target: str, module: str) -> None:
    """A distribution of one module, as an installer leaves it."""
    about = site / f"{distribution}-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n"
    )
    (about / "entry_points.txt").write_text(
        f"[shapespec.backends]\n{target} = {distribution}:Backend\n"
    )
    (site / f"{distribution}.py").write_text(module)
