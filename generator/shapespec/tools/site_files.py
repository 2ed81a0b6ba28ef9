"""What a site has beside generated files: Python for the check, the single file.

Python comes with the npm package `pyodide`, which is copied where it is found.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from shapespec.ground.errors import Unusable, reason
from shapespec.ground.resources import TEMPLATES
from shapespec.ground.writing import Root

RUNTIME = (
    "pyodide.js",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
"""The files of the npm package that a page loads."""

SINGLE_FILE = "single-file.html"

_SCRIPT = re.compile(r'<script src="([\w.]+)" defer></script>\n')
_SHEET = '<link rel="stylesheet" href="site.css">\n'
_ICON = '<link rel="icon" href="icon.svg">\n'
_POLICY = re.compile(r'(http-equiv="Content-Security-Policy" content=")[^"]*"')


def find_pyodide(named: Path | None, start: Path) -> Path | None:
    """The folder of the npm package: the one named, or `node_modules` nearby.

    Raises:
        Unusable: The folder that is named is not one.
    """
    if named is not None:
        missing = [name for name in RUNTIME if not (named / name).is_file()]
        if missing:
            raise Unusable(f"{named} is not the npm package pyodide: no {missing[0]}")
        return named
    for folder in (start, *start.parents):
        found = folder / "node_modules" / "pyodide"
        if all((found / name).is_file() for name in RUNTIME):
            return found
    return None


def add_python(root: Root, site: str, pyodide: Path) -> None:
    """Copy Python into a site, unless it is there.

    Args:
        root: The output folder.
        site: The folder of the site, below it.
        pyodide: The npm package.

    Raises:
        Unusable: A file of the package cannot be read.
    """
    for name in RUNTIME:
        data = _read(pyodide / name)
        if root.read(f"{site}/pyodide/{name}") != data:
            root.write(f"{site}/pyodide/{name}", data)


def add_single_file(root: Root, site: str, pyodide: Path | None) -> None:
    """Write a site as one file, which works from disk, the check included.

    Args:
        root: The output folder.
        site: The folder of the site, below it.
        pyodide: The npm package; without it, the file has no check.

    Raises:
        Unusable: A file cannot be read.
    """
    names = ("index.html", "site.css", "site.js", "check.js", "search.js", "icon.svg")
    files = {name: root.read(f"{site}/{name}") or b"" for name in names}
    files["package.js"] = root.read(f"{site}/package.js") or b""
    runtime = {} if pyodide is None else {n: _read(pyodide / n) for n in RUNTIME}
    text = single_file({name: data.decode() for name, data in files.items()}, runtime)
    root.write(f"{site}/{SINGLE_FILE}", text.encode())


def single_file(files: Mapping[str, str], runtime: Mapping[str, bytes]) -> str:
    """The pages of a site as one text.

    Args:
        files: The text of each file of the site, by name.
        runtime: Python, by the name of each file.
    """
    single = (TEMPLATES / "site" / "single.js").read_text("utf-8")
    data = [files["search.js"], files["package.js"]]
    loaded = [files[name] for name in _SCRIPT.findall(files["index.html"])]
    scripts = [one for one in (single, *data, *loaded) if one]
    style = files["site.css"]
    icon = _base64(files["icon.svg"].encode())
    page = _SCRIPT.sub("", files["index.html"])
    page = page.replace(_SHEET, f"<style>{style}</style>\n")
    page = page.replace(
        _ICON, f'<link rel="icon" href="data:image/svg+xml;base64,{icon}">\n'
    )
    policy = escape(_policy(scripts, style))
    page = _POLICY.sub(lambda found: f'{found[1]}{policy}"', page)
    body, end, rest = page.rpartition("</body>")
    parts = [
        f'<script type="text/plain" id="file:{name}">{_base64(one)}</script>\n'
        for name, one in runtime.items()
    ]
    parts += [f"<script>{one}</script>\n" for one in scripts]
    return "".join([body, *parts, end, rest])


def _policy(scripts: Iterable[str], style: str) -> str:
    """What the file may do: run what it holds, and ask nobody for anything."""
    known = " ".join(f"'{_hash(one)}'" for one in scripts)
    return (
        f"default-src 'none'; script-src {known} 'wasm-unsafe-eval' blob:;"
        f" style-src '{_hash(style)}'; img-src data:; base-uri 'none';"
        " form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{_base64(hashlib.sha256(text.encode()).digest())}"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Unusable(f"cannot read {file}: {reason(error)}") from error
