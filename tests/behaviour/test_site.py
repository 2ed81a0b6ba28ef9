"""The site: pages that are whole, valid and well linked, and show text as text."""

from __future__ import annotations

import gzip
import json
import posixpath
import re
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

import html5lib
import pytest

from shapespec.backends.reference.anchors import (
    member_anchor,
    rule_anchor,
    shape_anchor,
)
from shapespec.backends.site.check import modules, roots
from shapespec.compiler import compile_spec, generate
from shapespec.contract import schema as ir
from shapespec.ground.source import SourceFile
from shapespec.project.files import read_source, siblings
from shapespec.tools.samples.examples import for_readers
from shapespec.tools.site_files import RUNTIME, single_file
from tests.behaviour import test_reference
from tests.support import compile_text
from tests.support.synthetic import spec_text

ROOT = Path(__file__).parents[2]
FLAGSHIP = ROOT / "spec" / "sagemaker" / "training_job.yaml"

_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
)


class Site:
    """A site as a browser has it."""

    def __init__(self, schema: ir.Schema) -> None:
        """Generate the site of `schema`."""
        self.schema = schema
        folder = f"site/{schema.package}/"
        files = generate(schema, ["site"])
        assert all(file.path.startswith(folder) for file in files)
        self.files = {file.path.removeprefix(folder): file.text for file in files}

    @property
    def text(self) -> str:
        return self.files["index.html"]

    @cached_property
    def document(self) -> Element:
        """The page, whose HTML a strict parser takes without a fault."""
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        found: Element = parser.parse(self.text)
        return found

    @cached_property
    def elements(self) -> list[Element]:
        return list(self.document.iter())

    @cached_property
    def by_id(self) -> dict[str, Element]:
        return {one.attrib["id"]: one for one in self.elements if "id" in one.attrib}

    def shown(self, anchor: str) -> str:
        """The text of a section, on one line."""
        return " ".join("".join(self.by_id[anchor].itertext()).split())

    @property
    def index(self) -> list[tuple[str, str, str, str]]:
        """What the search looks through."""
        text = self.files["search.js"].partition(",index:")[2].rpartition("};")[0]
        found: list[tuple[str, str, str, str]] = json.loads(text)
        return found


@cache
def flagship() -> Site:
    source = read_source(FLAGSHIP)
    schema = compile_spec(source, siblings(FLAGSHIP, str(FLAGSHIP)))
    return Site(for_readers(schema))


@cache
def weather_station() -> Site:
    return Site(for_readers(test_reference.weather_station()[0]))


@cache
def shelter() -> Site:
    return Site(for_readers(test_reference.shelter()[0]))


@cache
def hostile() -> Site:
    return Site(test_reference.hostile()[0])


Made: TypeAlias = Callable[[], Site]

SITES = pytest.mark.parametrize("site", [flagship, weather_station, shelter, hostile])


@SITES
def test_every_link_leads_somewhere(site: Made) -> None:
    """Each link leads to a place on the page, and no two places have one anchor."""
    page = site()
    counts = Counter(one.attrib["id"] for one in page.elements if "id" in one.attrib)
    links = [one.attrib["href"] for one in page.elements if one.tag == "a"]

    assert [] == [anchor for anchor, count in counts.items() if count > 1]
    assert [] == [link for link in links if link[:1] != "#" or link[1:] not in counts]


@SITES
def test_nothing_runs_and_nothing_loads_but_what_is_ours(site: Made) -> None:
    """A page has our scripts and style sheet, and no attribute that could run."""
    page = site()
    tags = Counter(one.tag for one in page.elements)
    loaded = [
        one.attrib.get("src") or one.attrib.get("href")
        for one in page.elements
        if one.tag in ("script", "link")
    ]
    policies = [
        one.attrib["content"]
        for one in page.elements
        if one.attrib.get("http-equiv") == "Content-Security-Policy"
    ]
    odd = {"style", "img", "iframe", "object", "embed", "base", "template"}
    handlers = [
        name
        for one in page.elements
        for name in one.attrib
        if name.startswith("on") or name in ("style", "srcset", "action")
    ]

    scripts = ["site.js", "check.js"] if page.schema.modules else ["site.js"]
    assert ["icon.svg", "site.css", *scripts] == loaded
    assert [_POLICY] == policies
    assert 0 == sum(tags[one] for one in odd)
    assert [] == handlers


def test_hostile_names_are_seen_as_they_are() -> None:
    """Each name of a member is the title of a section, letter by letter."""
    page = hostile()
    names = [*test_reference.HOSTILE_NAMES, *test_reference.UNSEEN_NAMES.values()]
    (sent,) = [one for one in page.elements if one.attrib.get("id") == "Sent"]
    titles = [
        "".join(heading[0].itertext())
        for heading in sent.iter("h4")
        if heading.attrib.get("class") != "sub"
    ]

    assert names == titles


def test_hostile_search_index_is_data() -> None:
    """No text of a spec ends the script that holds the index, or begins another."""
    text = hostile().files["search.js"]

    assert set() == set("<>&") & set(text)
    assert text.isascii()
    assert {entry[1] for entry in hostile().index} >= set(test_reference.HOSTILE_NAMES)


@SITES
def test_every_part_has_its_anchor(site: Made) -> None:
    """Roots, members, values and rules have the anchors that findings link to."""
    page = site()
    expected = set(_anchors(page.schema))

    assert expected <= page.by_id.keys()


def _anchors(schema: ir.Schema) -> Iterator[str]:
    for shape in schema.named_shapes():
        if shape.id in schema.roots:
            yield shape_anchor(shape.id)
        match shape:
            case ir.Enum(values=values):
                yield from (member_anchor(shape.id, one.value) for one in values)
            case ir.Structure() | ir.Union():
                yield from (member_anchor(shape.id, m.name) for m in shape.members)
        for rule in getattr(shape, "rules", ()):
            yield rule_anchor(shape.id, rule.id)


@SITES
def test_the_search_leads_to_every_part(site: Made) -> None:
    """The index has an entry for each anchor of a root, a member, a value or a rule."""
    page = site()
    anchors = {entry[2] for entry in page.index}

    assert set(_anchors(page.schema)) <= anchors <= page.by_id.keys()


def test_a_page_is_small() -> None:
    """The flagship's page and all that it loads are within 150 kB, compressed.

    The package is loaded for the first check only.
    """
    sizes = [
        len(gzip.compress(text.encode()))
        for name, text in flagship().files.items()
        if name != "package.js"
    ]

    assert sum(sizes) < 150_000


def test_the_same_spec_gives_the_same_site() -> None:
    """Two runs give the same bytes."""
    page = weather_station()

    assert page.files == Site(page.schema).files


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        ("StoppingCondition.MaxRuntimeInSeconds", "28 days"),
        ("StoppingCondition.MaxRuntimeInSeconds", "wait-covers-runtime"),
        ("Channel.CompressionType", "compression-needs-pipe"),
        ("Channel.RecordWrapperType", "record-wrapper-needs-pipe"),
        ("S3DataSource.S3DataType", "augmented-manifest-needs-pipe"),
        ("AlgorithmSpecification.TrainingInputMode", "compression-needs-pipe"),
        ("DescribeTrainingJobResponse.ModelArtifacts", "model-artifacts-not-required"),
        ("DescribeTrainingJobResponse.ModelArtifacts", "6 of 6"),
        ("DescribeTrainingJobResponse.AutoMLJobArn", "response.auto_ml_job_arn"),
        ("DescribeTrainingJobResponse.AutoMLJobArn", "response$AutoMLJobArn"),
        ("DescribeTrainingJobResponse.AutoMLJobArn", 'response["AutoMLJobArn"]'),
        ("DescribeTrainingJobResponse.AutoMLJobArn", "--query AutoMLJobArn"),
        ("DescribeTrainingJobResponse.AutoMLJobArn", "column auto_ml_job_arn"),
        ("DescribeTrainingJobResponse.AutoMLJobArn", "002_aws_cli.md, line 161"),
        ("DescribeTrainingJobRequest.TrainingJobName", "--training-job-name"),
        ("SecondaryStatus.LaunchingMLInstances", "retired"),
        ("page:example", "datadog-ddsql"),
        ("page:sources", "2019"),
    ],
)
def test_the_flagship_says(anchor: str, said: str) -> None:
    """What a reader asks of a member is in its section."""
    assert said in flagship().shown(anchor)


def test_one_file_runs_only_what_it_holds() -> None:
    """In the single file each script and the style have their hash in the policy."""
    page = hostile()
    text = single_file({"package.js": "", **page.files}, {"pyodide.js": b"1"})
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    elements = [*parser.parse(text).iter()]
    (policy,) = [
        one.attrib["content"]
        for one in elements
        if one.attrib.get("http-equiv") == "Content-Security-Policy"
    ]
    inline = [
        one.text or ""
        for one in elements
        if one.tag == "style"
        or (one.tag == "script" and one.attrib.get("type") != "text/plain")
    ]
    hashes = [b64encode(sha256(one.encode()).digest()).decode() for one in inline]

    assert not [one for one in elements if one.attrib.get("src")]
    assert sorted(hashes) == sorted(re.findall("'sha256-([^']+)'", policy))
    assert "connect-src" not in policy
    assert "default-src 'none'" in policy


def test_the_command_adds_python_where_it_is(tmp_path: Path) -> None:
    """The npm package is copied, and the site as one file is written beside it."""
    spec = tmp_path / "s.yaml"
    spec.write_text(
        ((test_reference.CASES / "weather_station") / "spec.yaml").read_text("utf-8"),
        "utf-8",
    )
    package = tmp_path / "node_modules" / "pyodide"
    package.mkdir(parents=True)
    for name in RUNTIME:
        (package / name).write_bytes(b"x")
    run = partial(
        subprocess.run, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    command = [sys.executable, "-m", "shapespec", "generate", "s.yaml"]

    made = run([*command, "--target", "site", "--single-file"])
    refused = run([*command, "--single-file"])
    odd = run([*command, "--target", "site", "--pyodide", "."])

    site = tmp_path / "generated" / "site" / "weather_station"
    assert (0, "") == (made.returncode, made.stderr)
    assert "the site is generated/site/weather_station/single-file.html" in made.stdout
    assert {*RUNTIME} == {one.name for one in (site / "pyodide").iterdir()}
    assert (site / "single-file.html").is_file()
    assert 2 == refused.returncode
    assert "--target site" in refused.stderr
    assert 2 == odd.returncode
    assert "no pyodide.js" in odd.stderr


@pytest.mark.parametrize("site", [flagship, weather_station])
def test_the_check_runs_alone(site: Made, tmp_path: Path) -> None:
    """What the page runs needs nothing else, and knows where in the text a value is."""
    schema = site().schema
    for path, text in modules(schema).items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (root,) = roots(schema)
    name = schema.shapes[root].members[0].name  # type: ignore[union-attr]
    response = f'{{\n "{name}": 1,\n "x": 2}}'
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from _shapespec_check import judge\n"
        f"print(judge({schema.package!r}, {root!r}, {response!r}, '', False))\n"
    )

    run = subprocess.run(
        [sys.executable, "-I", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "" == run.stderr
    (verdict,) = json.loads(run.stdout)
    places = {one["rule"]: (one["line"], one["column"]) for one in verdict["findings"]}
    anchors = {one["anchor"] for one in verdict["findings"]}
    assert (2, len(name) + 6) == places["type"]
    assert (3, 7) == places["unknown-member"]
    assert anchors <= site().by_id.keys()


def paged(files: dict[str, str]) -> dict[str, list[Element]]:
    """The pages among some files, each as its elements."""
    pages: dict[str, list[Element]] = {}
    for name, text in files.items():
        if name.endswith(".html"):
            parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
            pages[name] = [*parser.parse(text).iter()]
    return pages


def dead_links(pages: dict[str, list[Element]]) -> list[tuple[str, str]]:
    """The links that lead to no place on any of the pages, each with its page."""
    places = {
        f"{name}#{one.attrib['id']}"
        for name, page in pages.items()
        for one in page
        if "id" in one.attrib
    }
    dead = []
    for name, page in pages.items():
        for link in (one.attrib["href"] for one in page if one.tag == "a"):
            file, _, anchor = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), file))
            target = target if file else name
            known = f"{target}#{anchor}" in places if anchor else target in pages
            dead += [] if known else [(name, link)]
    return dead


def test_a_large_contract_has_a_page_for_each_shape() -> None:
    """Each link leads to a place on one of the pages, and assets are found from all."""
    pages = paged(Site(compile_spec(SourceFile("large.yaml", spec_text(400)))).files)
    scripts = {
        posixpath.normpath(posixpath.join(posixpath.dirname(name), one.attrib["src"]))
        for name, page in pages.items()
        for one in page
        if one.tag == "script"
    }

    assert len(pages) > 200
    assert [] == dead_links(pages)
    assert {"site.js"} == scripts


def test_examples_are_responses() -> None:
    """Each example is JSON, and the page shows all of it."""
    page = flagship()
    shown = [
        "".join(one.itertext())
        for one in page.elements
        if one.attrib.get("class") == "example"
    ]
    examples: list[Any] = [json.loads(text) for text in shown]

    assert len(page.schema.forms) == len(examples)
    assert all(len(example) >= 1 for example in examples)


SEVERAL = """
shapespec: 1
package: library
operations:
  ListBooks: {output: Books}
  GetBook: {output: Book}
shapes:
  Books: {type: structure, members: {Books: {type: list, member: Book}}}
  Book: {type: structure, members: {Title: {type: string, required: true}}}
"""


def test_each_of_several_operations_has_an_example() -> None:
    """It is a valid response of the operation, and pasted as one; Markdown has it."""
    made = compile_text(SEVERAL)
    schema = for_readers(made.schema)
    page = Site(schema)

    shown = {
        one.attrib["data-shape"]: json.loads("".join(one[-1].itertext()))
        for one in page.elements
        if one.tag == "details" and one.attrib.get("name") == "example"
    }
    assert ["Books", "Book"] == [*shown]
    for shape, response in shown.items():
        assert [] == made.package.validate(response, shape=shape)

    files = {file.path: file.text for file in generate(schema, ["docs"])}
    written = files["docs/library/examples.md"]
    assert ["## ListBooks", "## GetBook"] == re.findall("^## .*", written, re.MULTILINE)
    assert "[a whole response](examples.md#getbook)" in files["docs/library/GetBook.md"]


def test_a_spec_without_evidence_has_no_empty_parts() -> None:
    """A stranger's page has no heading of sources, decisions or a timeline."""
    page = weather_station()

    for part in ("sources", "timeline", "decisions"):
        assert f"page:{part}" not in page.by_id
    assert "page:example" in page.by_id
    assert not re.search(r"<h2>[^<]*</h2>\s*</section>", page.text)
