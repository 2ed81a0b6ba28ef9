"""The recipes of spec/projects.md, written to a folder as they are printed there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support import ROOT

PAGE = (ROOT / "spec" / "projects.md").read_text("utf-8")
WEATHER = """\
shapespec: 1
package: weather
shapes:
  Reading:
    type: structure
    doc: A measurement of a weather station.
    members:
      Station: {type: string, length: {min: 1}, pattern: '[a-z]+', required: true}
      Taken: {type: timestamp, required: true}
      Values: {target: Values, required: true}
      Sky: Sky
    rules:
      few-when-cloudy:
        cel: "!has(this.Sky) || this.Sky != 'cloudy' || size(this.Values) < 3"
        message: Three or more values under clouds.
        at: Values
  Values: {type: list, member: double, unique_items: true}
  Sky: {type: enum, open: true, values: [clear, cloudy]}
"""


def fence(head: str, about: str = "") -> str:
    """The first example of the page whose first line has these words.

    Args:
        head: The words: a language, and the name of a file if there is one.
        about: A text that is in it.
    """
    pattern = rf"^```{re.escape(head)}\n(.*?)^```"
    found = re.findall(pattern, PAGE, re.MULTILINE | re.DOTALL)
    return next(text for text in found if about in text)


def write_project(folder: Path, recipe: str = "") -> Path:
    """A project with one spec, and the files of a recipe.

    Args:
        folder: Where it is written.
        recipe: The folder that the page gives the files of the recipe.
    """
    (folder / "specs").mkdir()
    (folder / "specs" / "weather.yaml").write_text(WEATHER, "utf-8")
    head = f"{recipe}/" if recipe else ""
    pattern = rf"^```\w+ {re.escape(head)}([\w.-]+)\n(.*?)^```"
    for name, text in re.findall(pattern, PAGE, re.MULTILINE | re.DOTALL):
        if recipe or name == "pyproject.toml":
            (folder / name).write_text(text, "utf-8")
    return folder
