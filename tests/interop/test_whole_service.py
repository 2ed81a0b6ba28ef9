"""The site of a whole service: SageMaker, with all its operations, in a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shapespec.compiler import compile_spec
from shapespec.drafts import finish
from shapespec.drafts.reach import claiming
from shapespec.ground.source import SourceFile
from shapespec.importers.botocore.parse import load
from shapespec.importers.botocore.spec import draft
from tests.behaviour.test_site import Site, dead_links, paged
from tests.behaviour.test_site_browser import CHROMIUM, browser, visit, written

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest.importorskip("botocore")

KEYS = """
async (keys) => {
  const field = document.getElementById("search");
  const list = document.getElementById("results");
  field.focus();
  const found = [];
  for (let end = 1; end <= keys.length; end += 1) {
    const start = performance.now();
    field.value = keys.slice(0, end);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    found.push(Math.round(performance.now() - start));
  }
  return [found, list.querySelector("li")?.textContent ?? ""];
}
"""
__all__ = ["browser"]


@pytest.fixture(scope="module")
def site() -> Site:
    made = finish(claiming(draft("sagemaker", load("sagemaker"))))
    return Site(compile_spec(SourceFile("sagemaker.yaml", made.text)))


def test_every_link_of_two_thousand_pages(site: Site) -> None:
    """Each link leads to a place on one of the pages."""
    pages = paged(site.files)

    assert len(pages) > 2_000
    assert [] == dead_links(pages)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_the_search_finds_a_shape_among_thousands(
    browser: Browser,
    site: Site,
    tmp_path: Path,
) -> None:
    """What is typed is found on whichever page it is; `-s` shows times."""
    for name in site.files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
    with visit(browser, f"{written(site, tmp_path).as_uri()}/index.html") as seen:
        seen.page.keyboard.press("/")
        seen.page.keyboard.type("a")
        seen.page.locator("#results li").first.wait_for()
        times, first = seen.page.evaluate(KEYS, "describetrainingjobresp")

        assert "DescribeTrainingJobResponse" in first
        assert [] == seen.faults
    print(json.dumps({"ms a key": times}))  # noqa: T201
