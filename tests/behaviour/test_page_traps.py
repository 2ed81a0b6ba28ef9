"""Pages that once were read as empty, in part, or as being about something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapespec.diagnostics.model import Faults
from shapespec.ground.source import SourceFile
from shapespec.importers import find_reader
from shapespec.importers.protocol import Page
from tests.support import FLAGSHIP, run_shapespec
from tests.support.importer_cases import CASES


def api(name: str) -> str:
    return (CASES / "aws-api-reference" / name / "page.md").read_text("utf-8")


def page_of(kind: str) -> str:
    """A page about an operation."""
    case = {"aws-api-reference": "operation", "aws-cli": "indented"}[kind]
    return (CASES / kind / case / "page.md").read_text("utf-8")


def read(kind: str, text: str) -> Page:
    return find_reader(kind).read(SourceFile("page", text), None)


@pytest.mark.parametrize(
    "written", ["`Name`", "### Name", "- `Name`", "Name", "- Name", "`Name` - the name"]
)
def test_members_in_another_layout_are_missed(written: str) -> None:
    """A section of names that are not written as members is not an empty one."""
    text = f"# API_Foo\n\n## Contents\n\n{written}\nThe name.\n\n## See Also\n"

    with pytest.raises(Faults) as caught:
        read("aws-api-reference", text)

    assert ["unreadable-line"] == [one.rule for one in caught.value.diagnostics]


@pytest.mark.parametrize(
    "text", ["", "This structure has no members.\n", "The following data is empty.\n"]
)
def test_a_structure_may_have_no_members(text: str) -> None:
    """Then its page states nothing."""
    page = f"# API_Foo\n\n## Contents\n\n{text}\n## See Also\n"

    assert () == read("aws-api-reference", page).facts


@pytest.mark.parametrize("mark", ["#", "###", "####"])
def test_a_heading_of_another_level_is_no_empty_page(mark: str) -> None:
    """What stands below it is stated, and cannot be read."""
    text = api("structure").replace("## Contents", f"{mark} Contents", 1)

    with pytest.raises(Faults) as caught:
        read("aws-api-reference", text)
    assert "unreadable-line" in {one.rule for one in caught.value.diagnostics}


VALUES = "Valid Values:"


@pytest.mark.parametrize(
    "written",
    ["`Ripe` | `Green` | `Gone`", "` Ripe | Green | Gone`", "Ripe | Green | Gone"],
)
def test_values_may_each_be_code(written: str) -> None:
    """However the list is set, the values are the same."""
    page = read("aws-api-reference", _with_values(written))

    assert [["Ripe", "Green", "Gone"]] == [
        fact.value for fact in page.facts if fact.kind == "enum"
    ]


@pytest.mark.parametrize(
    "written", ["`Ripe` | Green", "`Ripe | `Green`", "`Ripe` Green"]
)
def test_values_in_a_jumble_are_refused(written: str) -> None:
    """Backticks are never part of a value."""
    with pytest.raises(Faults):
        read("aws-api-reference", _with_values(written))


def _with_values(written: str) -> str:
    return (
        '# Fruit<a name="API_Fruit"></a>\n\n'
        '## Contents<a name="API_Fruit_Contents"></a>\n\n'
        ' **State**   <a name="x"></a>\nIts state\\.  \nType: String  \n'
        f"{VALUES} {written}  \nRequired: No\n\n"
        '## See Also<a name="API_Fruit_SeeAlso"></a>\n'
    )


def test_errors_of_an_operation_are_facts() -> None:
    """With the HTTP status of each."""
    facts = {
        (fact.path, fact.kind): fact.value
        for fact in read("aws-api-reference", api("operation")).facts
    }

    assert ["HarvestNotFound"] == facts["(operation)", "errors"]
    assert 404 == facts["(errors).HarvestNotFound", "httpStatus"]


def test_an_option_of_the_synopsis_is_missed() -> None:
    """A page without its section `Options` is not whole."""
    text = (CASES / "aws-cli" / "indented" / "page.md").read_text("utf-8")
    begin, end = text.index("## Options"), text.index("## Global Options")

    with pytest.raises(Faults) as caught:
        read("aws-cli", text[:begin] + text[end:])
    assert "truncated-page" in {one.rule for one in caught.value.diagnostics}


LAST = "@see https://example.org/orchard AWS API Documentation"
RUBY = """\
class Aws::Orchard::Types::DescribeHarvestResponse
@!attribute [rw] auto_ml_job_arn
Its job. @return [String]
@!attribute [rw] baskets_per_tree
How many. @return [Integer]
@see https://example.org/orchard AWS API Documentation
"""


def imported(tmp_path: Path, *options: str) -> tuple[str, str]:
    """What an import prints and says."""
    page = tmp_path / "page.txt"
    page.write_text(RUBY)
    done = run_shapespec(
        "import", "aws-sdk-ruby", str(page), "--edition", "1", *options
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout, done.stderr


def test_a_page_about_something_else_is_not_spelt_by_the_spec_in_force(
    tmp_path: Path,
) -> None:
    """Nobody has named that spec; a mixture of both spellings helps no one."""
    printed, said = imported(tmp_path)

    assert 'path: "auto_ml_job_arn"' in printed
    assert "about DescribeHarvestResponse" in said
    assert "read without a spec" in said


@pytest.mark.parametrize("option", [(), ("--no-spec",), ("--spec", str(FLAGSHIP))])
def test_a_page_with_the_members_of_the_spec_under_another_name(
    tmp_path: Path, option: tuple[str, ...]
) -> None:
    """It is refused unless the spec, or that there is none, is said."""
    members = ("training_job_name", "role_arn", "creation_time", "failure_reason")
    lines = "\n".join(
        f"@!attribute [rw] {name}\nIt is. @return [String]" for name in members
    )
    (tmp_path / "page.txt").write_text(f"{RUBY.partition('@!')[0]}{lines}\n{LAST}\n")

    done = run_shapespec(
        "import", "aws-sdk-ruby", "page.txt", "--edition", "1", *option, cwd=tmp_path
    )

    assert (0 if option else 2) == done.returncode, done.stderr
    if not option:
        assert "about DescribeHarvestResponse, with the members of" in done.stderr
        assert "--no-spec" in done.stderr
    spelt = "RoleArn" if "--spec" in option else "role_arn"
    assert option == () or f'path: "{spelt}"' in done.stdout


@pytest.mark.parametrize("case", ["without-spec", "flat"])
def test_a_flat_page_names_both_commands_that_help(case: str) -> None:
    """Also where it is read without a spec on purpose."""
    page = CASES / "aws-cli" / case / "page.md"

    done = run_shapespec("import", "aws-cli", str(page), "--edition", "1", "--no-spec")

    assert 1 == done.returncode
    lines = [line.strip() for line in done.stderr.splitlines()]
    assert "shapespec import botocore SERVICE --operation NAME -o s.yaml" in lines
    assert f"{page} --spec s.yaml" in done.stderr


def test_a_page_can_be_read_without_any_spec(tmp_path: Path) -> None:
    """And nothing is said of it."""
    printed, said = imported(tmp_path, "--no-spec")

    assert 'path: "auto_ml_job_arn"' in printed
    assert "" == said


def test_sections_that_are_not_read_are_named() -> None:
    """On standard error, by their headings."""
    page = CASES / "aws-api-reference" / "operation" / "page.md"

    done = run_shapespec(
        "import", "aws-api-reference", str(page), "--edition", "1", "--no-spec"
    )

    assert "not read: " in done.stderr
    assert "See Also" in done.stderr
    assert "Errors" not in done.stderr


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (
            "aws-api-reference",
            "+ [SDK](https://docs.aws.amazon.com/goto/SdkForCpp/orchard-2025-01-01/X)",
        ),
        (
            "aws-cli",
            "See also: https://docs.aws.amazon.com/goto/WebAPI/a.b-2025-01-01/X",
        ),
    ],
)
def test_links_tell_the_version_of_the_api(kind: str, line: str) -> None:
    """Each version once; a page with two of them states both, and the audit sees it."""
    text = page_of(kind)
    other = line.replace("2025-01-01", "2026-02-02")

    page = find_reader(kind).read(
        SourceFile("page.md", f"{text}\n{line}\n{line}\n{other}\n"), None
    )

    found = [fact.value for fact in page.facts if fact.kind == "apiVersion"]
    assert ["2025-01-01", "2026-02-02"] == found[-2:]


def test_a_command_that_turns_pages_says_so() -> None:
    """In its description."""
    text = page_of("aws-cli").replace("--max-items", "--most-items")
    said = text.replace(
        "## Description\n", "## Description\n\n`x` is a paginated operation.\n", 1
    )
    assert said != text

    for page, expected in ((text, []), (said, [True])):
        found = find_reader("aws-cli").read(SourceFile("page.md", page), None)
        assert expected == [one.value for one in found.facts if one.kind == "paginated"]


@pytest.mark.parametrize(
    ("kept", "rule"),
    [
        ("nextToken -\\> (string)\n\n> Where to go", "warning"),
        ("nextToken -\\> (string)\n\n> Where to go on,", "warning"),
        ("nextToken -\\> (string)\n\n> ### Note\n", "error"),
        ("nextToken -\\> (string)\n\n> Where to go on.", None),
        ("nextToken -\\> (string)\n", None),
    ],
)
def test_a_page_that_nothing_ends_is_looked_at_where_it_ends(
    kept: str, rule: str | None
) -> None:
    """A sentence or a note without its end tells of a page that was cut."""
    whole = page_of("aws-cli")
    text = whole[: whole.index("nextToken -\\> (string)")] + kept

    try:
        found = read("aws-cli", text).warnings
    except Faults as faults:
        found = faults.diagnostics

    ends = [one for one in found if one.rule == "truncated-page"]
    assert ([rule] if rule else []) == [one.severity.value for one in ends]


def test_what_a_page_no_longer_has_is_told_before_it_is_lost(tmp_path: Path) -> None:
    """Evidence that is written over loses no member unseen."""
    page, out = tmp_path / "page.md", tmp_path / "page.yaml"
    whole = page_of("aws-cli")

    def said(text: str) -> str:
        page.write_text(text, "utf-8")
        done = run_shapespec(
            *("import", "aws-cli", str(page), "--edition", "1", "--no-spec"),
            *("-o", str(out)),
        )
        assert 0 == done.returncode, done.stderr
        return done.stderr

    assert "any more" not in said(whole)
    assert "any more" not in said(whole)
    cut = said(whole[: whole.index("nextToken -\\> (string)")])
    assert "no longer states anything about nextToken, but" in cut


def test_a_mark_of_an_argument_that_is_not_known_is_refused() -> None:
    """It may be the one that says whether the argument is required."""
    page = (CASES / "paws" / "operation" / "page.md").read_text("utf-8")
    assert "[required]" in page

    with pytest.raises(Faults) as caught:
        read("paws", page.replace("[required]", "[requird]", 1))

    assert "unreadable-line" in {one.rule for one in caught.value.diagnostics}


@pytest.mark.parametrize("mark", ["```", "`", ""])
def test_a_table_is_named_as_code_or_not(mark: str) -> None:
    """However its line is set, the name is read."""
    page = (CASES / "datadog-ddsql" / "dataset" / "page.md").read_text("utf-8")
    fenced = "```\norchard.harvest\n```"
    assert fenced in page
    given = fenced if mark == "```" else f"{mark}orchard.harvest{mark}"

    facts = read("datadog-ddsql", page.replace(fenced, given)).facts

    assert ["orchard.harvest"] == [one.value for one in facts if one.kind == "table"]
