"""The site in a real browser: headless Chromium, driven by Playwright.

Both are looked for, and so are the npm packages `pyodide` and `axe-core`, which
`make .venv/.npm` installs; what is missing has its tests skipped.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from shapespec.tools.samples import Amount, Sampler, SampleWriter, Wish
from shapespec.tools.site_files import RUNTIME, single_file
from tests.behaviour.test_site import Site, flagship, weather_station
from tests.support import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PACKAGES = ROOT / ".venv" / "npm" / "node_modules"
_EVERY = 30
"""Every so many constraints of the contract, one is broken for the check."""

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or find_spec("playwright") is None,
    reason="needs Chromium, of the distribution, and Playwright, of PyPI",
)
needs_python = pytest.mark.skipif(
    not (PACKAGES / "pyodide").is_dir(), reason="needs pyodide: make .venv/.npm"
)
needs_axe = pytest.mark.skipif(
    not (PACKAGES / "axe-core").is_dir(), reason="needs axe-core: make .venv/.npm"
)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder, on this machine, as long as it is needed."""
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        yield found
        found.close()


def written(site: Site, folder: Path) -> Path:
    for name, text in site.files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flagship's site, with Python where that is installed."""
    made = written(flagship(), tmp_path_factory.mktemp("site"))
    if (PACKAGES / "pyodide").is_dir():
        (made / "pyodide").mkdir()
        for name in RUNTIME:
            shutil.copy(PACKAGES / "pyodide" / name, made / "pyodide" / name)
    return made


class Visit:
    """A page that is open, and all that it asked for."""

    def __init__(self, page: Page) -> None:
        """Watch `page`."""
        self.page = page
        self.asked: list[str] = []
        self.faults: list[str] = []
        page.on("request", lambda one: self.asked.append(one.url))
        page.on("pageerror", lambda one: self.faults.append(str(one)))
        page.on(
            "console",
            lambda one: self.faults.append(one.text) if one.type == "error" else None,
        )

    def outside(self, home: str) -> list[str]:
        """Whom else it asked."""
        known = (home, "blob:", "data:")
        return [url for url in self.asked if not url.startswith(known)]

    def rules(self) -> list[dict[str, Any]]:
        """What axe-core finds wrong with the page as it is."""
        axe = (PACKAGES / "axe-core" / "axe.min.js").read_text("utf-8")
        self.page.evaluate(f"{axe}; undefined")
        found: list[dict[str, Any]] = self.page.evaluate(
            "axe.run(document, {preload: false})"
            ".then((all) => all.violations.map((one) => "
            "({id: one.id, at: one.nodes.slice(0, 3).map((n) => n.html)})))"
        )
        return found


@contextmanager
def visit(
    browser: Browser, address: str, *, width: int = 1500, dark: bool = False
) -> Iterator[Visit]:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
    )
    found = Visit(context.new_page())
    found.page.goto(address)
    yield found
    context.close()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("AutoMLJobArn", "AutoMLJobArn"),
        ("auto_ml_job_arn", "AutoMLJobArn"),
        ("auto-ml-job-arn", "AutoMLJobArn"),
        ("launchingml", "LaunchingMLInstances"),
        ("failed-job-has", "failed-job-has-reason"),
        ("more-channels", "more-channels"),
        ("maxruntimein", "StoppingCondition.MaxRuntimeInSeconds"),
        ("wait covers", "wait-covers-runtime"),
        ("TJS", "TrainingJobStatus"),
    ],
)
def test_the_search_finds(
    browser: Browser, folder: Path, query: str, first: str
) -> None:
    """A name in any spelling, part of one, a value, a rule, a decision."""
    with visit(browser, f"{folder.as_uri()}/index.html") as seen:
        seen.page.keyboard.press("/")
        seen.page.keyboard.type(query)
        found = seen.page.locator("#results li code").first

        assert first == found.text_content()


def test_letters_in_order_count_where_little_else_is_found(
    browser: Browser, folder: Path
) -> None:
    """Letters in order, s p o t, are no answer to a word; to a slip they are."""

    def found(query: str) -> list[str]:
        with visit(browser, f"{folder.as_uri()}/index.html") as seen:
            seen.page.keyboard.press("/")
            seen.page.keyboard.type(query)
            seen.page.locator("#results li").first.wait_for()
            return seen.page.locator("#results li code").all_text_contents()

    assert "security-group-format" not in found("spot")
    assert "EnableManagedSpotTraining" in found("enblmanagedspot")


def test_the_keyboard_is_enough(browser: Browser, folder: Path) -> None:
    """A search by keyboard alone ends at the section, which then has the focus."""
    with visit(browser, f"{folder.as_uri()}/index.html") as seen:
        seen.page.keyboard.press("/")
        seen.page.keyboard.type("secondary_status")
        seen.page.locator("#results li").first.wait_for()
        seen.page.keyboard.press("ArrowDown")
        seen.page.keyboard.press("ArrowUp")
        seen.page.keyboard.press("Enter")

        anchor = "DescribeTrainingJobResponse.SecondaryStatus"
        assert seen.page.url.endswith(f"#{anchor}")
        assert anchor == seen.page.evaluate("document.activeElement.id")
        seen.page.keyboard.press("Tab")
        assert "A" == seen.page.evaluate("document.activeElement.tagName")


def test_the_tree_folds_and_filters(browser: Browser, folder: Path) -> None:
    """All branches open and close at once; a filter leaves what is called so."""
    with visit(browser, f"{folder.as_uri()}/index.html") as seen:
        size = '.branches [href="#ResourceConfig.VolumeSizeInGB"]'
        name = '.branches [href="#DescribeTrainingJobResponse.TrainingJobName"]'
        assert not seen.page.is_visible(size)

        seen.page.click("#unfold")
        assert seen.page.is_visible(size)
        seen.page.click("#unfold")
        assert not seen.page.is_visible(size)

        seen.page.fill("#filter", "volume_size")
        assert seen.page.is_visible(size)
        assert not seen.page.is_visible(name)


@needs_axe
@pytest.mark.parametrize(
    ("site", "width", "dark"),
    [
        (flagship, 1500, True),
        (flagship, 390, False),
        (weather_station, 1500, False),
        (weather_station, 390, True),
    ],
)
def test_everyone_can_use_it(
    browser: Browser, tmp_path: Path, site: Any, width: int, *, dark: bool
) -> None:
    """axe-core finds nothing, wide or narrow, light or dark, folded or not."""
    address = f"{written(site(), tmp_path).as_uri()}/index.html"
    with visit(browser, address, width=width, dark=dark) as seen:
        seen.page.evaluate(
            "document.querySelectorAll('details').forEach(one => one.open = true)"
        )

        assert [] == seen.rules()
        assert [] == seen.faults


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_sticks_out(browser: Browser, folder: Path, width: int) -> None:
    """No page is wider than its window, on a phone or a desk."""
    with visit(browser, f"{folder.as_uri()}/index.html", width=width) as seen:
        seen.page.evaluate(
            "document.querySelectorAll('details').forEach(one => one.open = true)"
        )

        assert width >= seen.page.evaluate("document.documentElement.scrollWidth")


def test_the_page_shows_the_contract_of_a_day(browser: Browser, folder: Path) -> None:
    """The slider hides what came later, marks what came between, and counts."""
    with visit(browser, f"{folder.as_uri()}/index.html") as seen:
        days = (seen.page.get_attribute("#times", "data-days") or "").split("|")
        number = next(n for n, day in enumerate(days) if day > "2019-09")
        move = (
            "([id, at]) => { const one = document.getElementById(id); one.value = at;"
            " one.dispatchEvent(new Event('input')); }"
        )
        for name, at in (("day", number), ("since", 0)):
            seen.page.evaluate(move, [name, at])
        later = '[id="DescribeTrainingJobResponse.RetryStrategy"]'
        first = '[id="DescribeTrainingJobResponse.TrainingJobName"]'
        spot = '[id="DescribeTrainingJobResponse.EnableManagedSpotTraining"]'

        assert not seen.page.is_visible(later)
        assert seen.page.is_visible(first)
        assert "came" in (seen.page.get_attribute(spot, "class") or "")
        assert "came" not in (seen.page.get_attribute(first, "class") or "")
        assert days[number].split()[0] in (seen.page.text_content("#times-said") or "")


def test_the_page_asks_nobody(browser: Browser, folder: Path) -> None:
    """From disk a page asks for its own files, and says how to get the check."""
    home = folder.as_uri()
    with visit(browser, f"{home}/index.html") as seen:
        seen.page.fill("#check-text", "{}")
        seen.page.click("#check-form [type=submit]")
        seen.page.keyboard.press("/")

        assert "single-file" in (seen.page.text_content("#check-state") or "")
        assert [] == seen.outside(home)
        assert [] == seen.faults


def test_a_site_without_python_says_how_to_add_it(
    browser: Browser, tmp_path: Path
) -> None:
    """The check names the command, and the rest of the page works."""
    with (
        served(written(weather_station(), tmp_path)) as home,
        visit(browser, f"{home}index.html") as seen,
    ):
        seen.page.fill("#check-text", "{}")
        seen.page.click("#check-form [type=submit]")
        state = seen.page.locator("#check-state", has_text="npm install pyodide")
        state.wait_for()

        assert [] == seen.outside(home)


@needs_python
def test_the_single_file_works_from_disk(browser: Browser, tmp_path: Path) -> None:
    """One file, opened from disk: search and check, and nobody is asked."""
    site = weather_station()
    runtime = {name: (PACKAGES / "pyodide" / name).read_bytes() for name in RUNTIME}
    page = tmp_path / "page.html"
    page.write_text(single_file(site.files, runtime), "utf-8")
    with visit(browser, page.as_uri()) as seen:
        seen.page.keyboard.press("/")
        seen.page.keyboard.type("humidity")
        found = seen.page.locator("#results li code").first.text_content()
        seen.page.keyboard.press("Escape")
        seen.page.fill("#check-text", '{"StationId": "AB123", "State": "Working"}')
        seen.page.click("#check-form [type=submit]")
        findings = seen.page.locator(".finding .title code")
        findings.first.wait_for(timeout=120_000)

        assert "Readings[].Humidity" == found
        assert ["pattern", "working-has-readings"] == findings.all_text_contents()
        assert [] == seen.outside(page.as_uri())
        assert [] == seen.faults


@needs_python
def test_the_check_says_what_the_command_says(browser: Browser, folder: Path) -> None:
    """200 responses, of every form and of none, right and wrong: the same findings."""
    cases = [*_cases()]
    anchors: set[str] = set()
    assert len(cases) >= 200
    with served(folder) as home, visit(browser, f"{home}index.html") as seen:
        page = seen.page
        page.fill("#check-text", "{}")
        page.click("#check-form [type=submit]")
        page.locator(".verdict").wait_for(timeout=120_000)
        for form in {form for form, _ in cases}:
            lines = [json.dumps(one) for named, one in cases if named == form]
            page.select_option("#check-spelling", form or "")
            page.fill("#check-text", "\n".join(lines))
            page.evaluate(
                "document.getElementById('check-results').dataset.verdicts = ''"
            )
            page.click("#check-form [type=submit]")
            page.wait_for_function(
                "document.getElementById('check-results').dataset.verdicts"
            )
            shown = json.loads(
                page.get_attribute("#check-results", "data-verdicts") or ""
            )

            assert _told(form, lines) == [_bare(one) for one in shown]
            anchors |= {one["anchor"] for each in shown for one in each["findings"]}
        assert anchors <= flagship().by_id.keys()
        assert [] == seen.outside(home)
        assert [] == seen.faults


def _cases() -> Iterator[tuple[str | None, Any]]:
    """Responses, each with the form that it is of."""
    sampler = Sampler(flagship().schema)
    root = sampler.root()
    forms = [None, *(form.name for form in flagship().schema.forms)]
    chosen = [*sampler.constraints(root)][::_EVERY]
    broken = [sampler.refused(root, one) for one in chosen]
    wish = Wish(size=Amount.FULL)
    right = [sampler.one(root, f"site/{seed}", wish) for seed in range(4)]
    for form in forms:
        writer = SampleWriter(sampler, root, form)
        yield from ((form, writer.write(one)) for one in right)
        yield from ((form, writer.write(one.response)) for one in broken if one)


def _told(form: str | None, lines: list[str]) -> list[Any]:
    """The findings that the package has in this Python."""
    from sagemaker_training_job import validate

    return [
        [one.as_dict() for one in validate(json.loads(line), form=form)]
        for line in lines
    ]


def _bare(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings alone, without places and links."""
    names = ("message", "pointer", "rule", "severity", "shape")
    return [{name: one[name] for name in names} for one in verdict["findings"]]


def test_pictures_are_kept_where_they_are_wanted(
    browser: Browser, folder: Path
) -> None:
    """SCREENSHOTS=folder keeps pictures of the page as people see it."""
    wanted = os.environ.get("SCREENSHOTS")
    if wanted is None:
        pytest.skip("SCREENSHOTS names no folder")
    Path(wanted).mkdir(parents=True, exist_ok=True)
    for width, dark in ((1500, False), (1500, True), (390, False)):
        with visit(
            browser, f"{folder.as_uri()}/index.html", width=width, dark=dark
        ) as seen:
            name = f"{width}-{'dark' if dark else 'light'}.png"
            seen.page.screenshot(path=Path(wanted) / name)
