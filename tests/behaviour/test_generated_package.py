"""Generated packages, imported and used as their users use them."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from difflib import ndiff
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from shapespec.compiler import compile_spec, generate
from shapespec.ground.source import SourceFile
from tests.support import FLAGSHIP, ROOT, Generated, compile_text, digests
from tests.support.checks import checks_of

WEATHER = """
shapespec: 1
package: weather
shapes:
  Reading:
    type: structure
    doc: What a station measured at one moment.
    members:
      Station: {target: StationName, required: true}
      TakenAt: {type: timestamp, required: true}
      Temperature: {type: double, unit: °C}
      Sky: Sky
      Raw: blob
      Tags: {type: map, key: string, value: {type: list, member: Sky}}
      Extra: document
      Near: {type: list, member: Reading}
      Gust: Gust
  StationName: {type: string, length: {min: 1, max: 8}}
  Sky: {type: enum, open: true, values: [clear, cloudy, rain]}
  Gust:
    type: union
    members:
      Knots: integer
      Beaufort: {type: integer, range: {min: 0, max: 12}}
"""

READING = {
    "Station": "north",
    "TakenAt": "2025-06-03T09:14:02.118Z",
    "Temperature": 21,
    "Sky": "hail",
    "Raw": "YWJj",
    "Tags": {"today": ["rain", "sleet"]},
    "Extra": {"a": [1, None]},
    "Near": [{"Station": "south", "TakenAt": 0, "New": True}],
    "Gust": {"Beaufort": 7},
    "Unheard": {"of": 1},
}


@pytest.fixture(scope="module")
def weather() -> Any:
    """The package of a small contract that has nothing to do with AWS."""
    return compile_text(WEATHER).package


def test_reads_a_response(weather: Any) -> None:
    """Members arrive under Python names, as the types that Python has for them."""
    reading = weather.Reading.from_response(READING)

    assert "north" == reading.station
    assert datetime(2025, 6, 3, 9, 14, 2, 118_000, UTC) == reading.taken_at
    assert b"abc" == reading.raw
    assert weather.Gust(beaufort=7) == reading.gust
    assert reading.near[0].taken_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_knows_values_and_keeps_others(weather: Any) -> None:
    """A known value is the enum's member; an unknown one is plain text."""
    reading = weather.Reading.from_response(READING)

    assert {"today": (weather.Sky.RAIN, "sleet")} == reading.tags
    assert "hail" == reading.sky
    assert str is type(reading.sky)


def test_gives_everything_back(weather: Any) -> None:
    """Unknown members and values come back, at every depth."""
    back = weather.Reading.from_response(READING).to_response()

    assert {"of": 1} == back["Unheard"]
    assert True is back["Near"][0]["New"]
    assert weather.Reading.from_response(READING) == weather.Reading.from_response(back)
    assert set(READING) == set(back)


def test_refuses_with_all_findings(weather: Any) -> None:
    """An invalid response raises one exception that holds every finding."""
    broken = {"Station": "", "Temperature": "warm", "Gust": {}, "New": 1}

    with pytest.raises(weather.InvalidResponse) as caught:
        weather.Reading.from_response(broken)

    found = {(one.rule, one.pointer) for one in caught.value.findings}
    expected = {
        ("length", "/Station"),
        ("required", "/TakenAt"),
        ("type", "/Temperature"),
        ("union", "/Gust"),
        ("unknown-member", "/New"),
    }
    assert expected == found


def test_objects_are_values(weather: Any) -> None:
    """Objects are equal by content and cannot be changed."""
    one, other = (weather.Reading.from_response(READING) for _ in range(2))

    assert one == other
    with pytest.raises(AttributeError):
        one.station = "south"


def test_field_metadata_holds_wire_names(weather: Any) -> None:
    """A field knows what its member is called in a response."""
    fields = weather.Reading.__dataclass_fields__

    assert "TakenAt" == fields["taken_at"].metadata["wire"]


def test_unknown_shapes_and_forms_are_refused(weather: Any) -> None:
    """A name that does not exist is the caller's mistake, with a suggestion."""
    with pytest.raises(ValueError, match="did you mean 'Reading'"):
        weather.validate({}, shape="Raeding")
    with pytest.raises(ValueError, match="no form is called"):
        weather.is_valid({}, form="telegram")


def deep(levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {"Station": "n", "TakenAt": 0}
    for _ in range(levels):
        found = {"Station": "n", "TakenAt": 0, "Near": [found]}
    return found


def test_no_depth_is_too_deep_to_judge(weather: Any) -> None:
    """A response of 100,000 levels has a verdict, right or wrong."""
    response = deep(100_000)

    assert weather.is_valid(response)
    assert [] == weather.validate(response)

    response["Near"][0]["Near"][0]["Station"] = 3
    assert ["/Near/0/Near/0/Station"] == [
        finding.pointer for finding in weather.validate(response)
    ]
    _dismantle(response)


def test_what_is_wrong_at_every_level(weather: Any) -> None:
    """Not the square of the depth: a pointer is spelt for who asks for it."""
    response = deep(50_000)
    inner = response
    while near := inner.get("Near"):
        inner["Station"] = "far too long a name"
        inner = near[0]

    findings = weather.validate(response)

    assert 50_000 == len(findings)
    assert "/Station" == findings[0].pointer
    assert "/Near/0/Near/0/Station" == findings[2].pointer
    assert 'got 19: "far too long a name"' in findings[-1].message
    _dismantle(response)


def test_what_is_too_deep_to_hold_is_refused(weather: Any) -> None:
    """Objects cannot be nested as deeply; that is said, not suffered."""
    response = deep(100_000)

    with pytest.raises(weather.InvalidResponse, match="nested too deeply"):
        weather.Reading.from_response(response)

    _dismantle(response)


def _dismantle(response: dict[str, Any]) -> None:
    """Take a deep value apart, which Python itself cannot free without recursion."""
    while near := response.pop("Near", None):
        response = near[0]


def test_a_value_that_contains_itself_is_an_error(weather: Any) -> None:
    """A cycle is found out, not followed."""
    response: dict[str, Any] = {"Station": "n", "TakenAt": 0}
    response["Near"] = [response]

    assert not weather.is_valid(response)
    assert [("type", "/Near/0")] == [
        (one.rule, one.pointer) for one in weather.validate(response)
    ]


def test_shared_values_are_not_an_explosion(weather: Any) -> None:
    """Sixty levels that each hold the next one twice are judged at once."""
    response: dict[str, Any] = {"Station": "n", "TakenAt": 0}
    for _ in range(60):
        response = {"Station": "n", "TakenAt": 0, "Near": [response, response]}

    assert [] == weather.validate(response)
    assert weather.is_valid(response)
    response["Near"][0]["Near"][1]["Sky"] = 1
    assert not weather.is_valid(response)


ODD: list[Any] = [
    None,
    True,
    -1,
    10**400,
    float("nan"),
    float("-inf"),
    1e308,
    "",
    "\ud800",
    b"x",
    [],
    {},
    [[[]]],
    {1: 2, None: 3, (4,): 5},
    datetime(2025, 1, 1),
    datetime(2025, 1, 1, tzinfo=UTC),
    timedelta(1),
    object(),
    {"Station": datetime(2025, 1, 1)},
    {"Tags": {1: ["clear"]}},
    {"Near": [None, 1, []]},
]


@pytest.mark.parametrize(
    "value", ODD, ids=lambda value: repr(value).partition(" at 0x")[0][:40]
)
def test_nothing_raises(weather: Any, value: Any) -> None:
    """Any value at any place has a verdict, and both validators have the same."""
    places = [value, {"Station": value}, {"TakenAt": value, "Station": "n"}]
    places += [
        {"Station": "n", "TakenAt": 0, member: value}
        for member in ("Temperature", "Sky", "Raw", "Tags", "Extra", "Near", "Gust")
    ]

    for place in places:
        for strict in (False, True):
            findings = weather.validate(place, strict=strict)
            errors = [one for one in findings if one.severity == "error"]
            assert (not errors) == weather.is_valid(place, strict=strict)


COUNTS = """
shapespec: 1
package: counts
shapes:
  Root:
    type: structure
    members:
      text: {type: string, length: {max: 1}}
      raw: {type: blob, length: {min: 1, max: 1}}
      list: {type: list, member: Item, length: {max: 1}}
      lists: {type: list, member: Item, length: {min: 2, max: 3}}
      map: {type: map, key: string, value: Item, length: {max: 1}}
      maps: {type: map, key: string, value: Item, length: {min: 2, max: 3}}
      number: {type: integer, range: {min: 2, max: 3}}
  Item: {type: integer}
"""


@pytest.mark.parametrize(
    ("member", "value", "message"),
    [
        ("text", "ab", 'expected at most 1 character, got 2: "ab"'),
        ("raw", "", "expected exactly 1 byte, got 0"),
        ("raw", "YWI=", "expected exactly 1 byte, got 2"),
        ("list", [1, 2], "expected at most 1 item, got 2"),
        ("lists", [1], "expected 2 to 3 items, got 1"),
        ("map", {"a": 1, "b": 2}, "expected at most 1 entry, got 2"),
        ("maps", {"a": 1}, "expected 2 to 3 entries, got 1"),
        ("number", 4, "expected 2 to 3, got 4"),
    ],
)
def test_findings_count_in_words(member: str, value: Any, message: str) -> None:
    """A finding says what was expected, one or several, and what was there."""
    (finding,) = compile_text(COUNTS).package.validate({member: value})

    assert message == finding.message
    assert f"Root.{member}" == finding.shape


def test_bytes_are_counted() -> None:
    """A blob of bytes, as clients give it, is judged at once."""
    package = compile_text(COUNTS).package
    fast, _ = checks_of(package, "Root")

    for blob, right in ((b"", False), (b"a", True), (b"ab", False)):
        assert right == fast({"raw": blob})
        assert right == package.is_valid({"raw": blob})


FURTHER_DOWN = """
shapespec: 1
package: harbour
shapes:
  Harbour:
    type: structure
    members: {Quay: Quay, Quays: {type: list, member: Quay}, Draught: double}
    rules:
      fits: {each: Quay.Ships, at: Draught, cel: item.Draught < 9, message: it is deep}
      served: {at: 'Quay.Ships[].Name', cel: this.Draught < 9, message: it is deep}
      apart:
        message: two ships have the same name
        cel: |
          this.Quay.Ships.all(a, this.Quay.Ships.exists_one(b, b.Name == a.Name))
      each-apart:
        message: two ships of a quay have the same name
        cel: |
          this.Quays.all(quay,
            quay.Ships.all(a, quay.Ships.exists_one(b, b.Name == a.Name)))
  Quay: {type: structure, members: {Ships: {type: list, member: Ship}}}
  Ship: {type: structure, members: {Name: string, Draught: double}}
"""


def test_rules_about_what_lies_further_down() -> None:
    """A rule may look at the items of a list further down, or point at such a list."""
    package = compile_text(FURTHER_DOWN).package
    fast, _ = checks_of(package, "Harbour")
    right = {"Draught": 8.0, "Quay": {"Ships": [{"Draught": 8.5}, {}]}}
    wrong = {"Draught": 9.0, "Quay": {"Ships": [{"Draught": 8.5}, {"Draught": 9.5}]}}

    twice = [{"Ships": [{"Name": "A"}, {"Name": "A"}]}]

    assert ["each-apart"] == [one.rule for one in package.validate({"Quays": twice})]
    assert fast(right)
    assert fast({"Quay": None})
    assert not fast({**wrong, "Draught": 8.0})
    assert [("fits", "/Quay/Ships/1/Draught"), ("served", "/Quay/Ships")] == [
        (finding.rule, finding.pointer) for finding in package.validate(wrong)
    ]


SPECS = [WEATHER, COUNTS, FURTHER_DOWN]


@pytest.mark.parametrize("spec", SPECS, ids=range(len(SPECS)))
def test_modules_import_what_they_use(spec: str, tmp_path: Path) -> None:
    """A linter finds no import that is missing or idle."""
    for path, text in compile_text(spec).files.items():
        if path.endswith(".py"):
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")

    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F"]
    subprocess.run([*command, "."], cwd=tmp_path, check=True)


LAID_OUT = ("strategies", "validators", "pydantic", "typed-dict", "msgspec")

TUPLES = """
shapespec: 1
package: tuples
roots: [Walk, Choice]
shapes:
  Walk:
    type: structure
    members: {At: timestamp, Steps: Steps, Choice: Choice, Notes: Notes, Secret: Secret}
  Steps: {type: list, prefix: [string, integer]}
  Notes: {type: map, key: string, value: Steps}
  Choice: {one_of: [string, integer, Walk]}
  Secret: {type: string, sensitive: true, format: uuid}
"""


@pytest.mark.parametrize("spec", [*SPECS, TUPLES], ids=range(len(SPECS) + 1))
def test_a_linter_has_nothing_to_say(spec: str, tmp_path: Path) -> None:
    """Packages keep all default rules of ruff in another project."""
    schema = compile_spec(SourceFile("spec.yaml", spec), lambda _: None)
    for file in generate(schema, LAID_OUT):
        if file.path.endswith(".py"):
            place = tmp_path / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(file.text, "utf-8")

    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache"]
    subprocess.run([*command, "."], cwd=tmp_path, check=True)


def test_a_linter_has_nothing_to_say_of_the_flagship() -> None:
    """It keeps the rules, too, and switches off few of them for a module."""
    code = ROOT / "generated" / "python"
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache"]
    subprocess.run([*command, "."], cwd=code, check=True)

    lines = "\n".join(path.read_text("utf-8") for path in code.rglob("*.py"))
    named = re.findall("^# ruff: noqa: ([A-Z0-9, ]+) - ", lines, re.MULTILINE)
    assert {"SIM103", "RUF100"} == {*", ".join(named).split(", ")}
    assert len(named) == lines.count("# ruff: noqa")


HOSTILE = {
    "shapespec": 1,
    "package": "hostile",
    "title": 'T """ \\" {{ 7 * 7 }} {% raw %} \n\r\t # $x',
    "doc": '"""\n\nimport os\nos.abort()\n"""',
    "shapes": {
        "Root": {
            "type": "structure",
            "doc": 'ends with a quote "',
            "members": {
                name: {
                    "type": "string",
                    "required": name == "self",
                    "doc": f"{name} \\N{{DIGIT ONE}} \\ ''' \"\"\" {{{{ 1 }}}}",
                    "pattern": "[^\"'\\\\]*",
                }
                for name in (
                    *("class", "self", "None", "print", "str", "field", "get", "def"),
                    *("from_response", "extra_members", "data", "value", "datetime"),
                    *(
                        '"',
                        "'",
                        '"""',
                        "\\",
                        "a\nb",
                        "{{ 7 * 7 }}",
                        "{% x %}",
                        "é",
                        " ",
                    ),
                    *("__class__", "import os; os.abort()", "\u2028", "$ref", "a/b~c"),
                )
            },
        },
        "None_": {"type": "structure", "doc": "\\", "members": {}},
        "Color": {
            "type": "enum",
            "values": {
                value: {"doc": '""" \\', "python": python}
                for value, python in (
                    ('"', "QUOTE"),
                    ("\\", "BACKSLASH"),
                    ("a\nb", "LINES"),
                    ("{{ 1 }}", "BRACES"),
                    ("", "NOTHING"),
                    ("None", "NONE"),
                )
            },
        },
    },
    "roots": ["Root", "None_", "Color2"],
}
HOSTILE["shapes"]["Color2"] = {  # type: ignore[index]
    "type": "structure",
    "members": {"c": "Color"},
}


def python_names() -> str:
    """The hostile spec, with names given where two would be the same in Python."""
    members: dict[str, Any] = HOSTILE["shapes"]["Root"]["members"]  # type: ignore[index]
    for number, name in enumerate(members):
        if not name.isidentifier() or name.startswith("_"):
            members[name]["python"] = f"member_{number}"
    return json.dumps(HOSTILE)


@pytest.fixture(scope="module")
def hostile() -> Generated:
    """What is generated from a spec whose every string would like to be code."""
    return compile_text(python_names(), targets=("json-schema", "dataclasses", "docs"))


def test_strings_of_a_spec_stay_strings(hostile: Generated) -> None:
    """A hostile spec's package works like any other, with all its names as data."""
    names = list(HOSTILE["shapes"]["Root"]["members"])  # type: ignore[index]
    response = dict.fromkeys(names, "x")

    job = hostile.package.Root.from_response(response)

    assert response == job.to_response()
    assert not hostile.package.is_valid({**response, "class": "'"}, shape="Root")
    assert hostile.package.is_valid({"c": "{{ 1 }}"}, shape="Color2")
    assert hostile.package.Color.BRACES.value == "{{ 1 }}"


def test_hostile_modules_hold_only_what_templates_put_there(hostile: Generated) -> None:
    """No module calls, imports or names anything that a plain spec's would not."""
    modules = {
        path: text for path, text in hostile.files.items() if path.endswith(".py")
    }

    for path, text in modules.items():
        names = {
            node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)
        }
        imported = {
            alias.name
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        makes = path.endswith(("/_conversion.py", "/_findings.py"))
        made = {"exec"} if makes else set[str]()
        assert made == {"os", "eval", "exec", "open"} & (names | imported), path


def test_what_is_made_at_run_time_holds_only_names_of_our_own(
    hostile: Generated,
) -> None:
    """Functions that read and write shapes hold strings of the spec as literals."""
    conversion = import_module(f"{hostile.package.__name__}._conversion")
    made = re.compile(r"(?:read|write|class|by_value|members)_\d+")
    ours = {"data", "get", "item", "name", "value", "form", "found", "str"}
    seen = set()

    for way in ("read", "write"):
        for shape in conversion.SHAPES:
            tree = [*ast.walk(ast.parse(conversion.source(way, shape)))]
            names = {node.id for node in tree if isinstance(node, ast.Name)}
            calls = [node.func for node in tree if isinstance(node, ast.Call)]
            methods = {one.attr for one in calls if isinstance(one, ast.Attribute)}
            seen |= {name for name in names if not made.fullmatch(name)}
            assert methods <= {"get", "items", "update", "carried"}
            assert not [node for node in tree if isinstance(node, ast.Import)]

    assert ours == seen


def test_what_looks_at_members_holds_only_names_of_our_own(
    hostile: Generated,
) -> None:
    """Functions that look for faults hold the names of members as literals."""
    findings = import_module(f"{hostile.package.__name__}._findings")
    forms = import_module(f"{hostile.package.__name__}._forms")
    checks = findings.checks_for(forms.find_form(None))
    made = re.compile(r"(?:step|look|absent|kind|size|test)_\d+")
    ours = {"get", "item", "value", "at", "report", "right", "type", "len", "Exception"}
    members = set()

    for shape, part in checks.shapes.items():
        if part.kind != "structure":
            continue
        known: dict[str, object] = {}
        tree = [
            *ast.walk(
                ast.parse("\n".join(findings.looking(shape, part, checks, known)))
            )
        ]
        names = {node.id for node in tree if isinstance(node, ast.Name)}
        members |= {node.value for node in tree if isinstance(node, ast.Constant)} & {
            *part.members
        }
        assert {name for name in names if not made.fullmatch(name)} <= ours
        assert {name for name in names if made.fullmatch(name)} <= known.keys()
        assert not [
            node for node in tree if isinstance(node, ast.Attribute | ast.Import)
        ]

    assert members == {name for part in checks.shapes.values() for name in part.members}


def python_lines(text: str) -> dict[str, list[str]]:
    """The Python that is generated of a spec, by file and line."""
    schema = compile_spec(SourceFile("spec.yaml", text))
    return {
        file.path: file.text.splitlines()
        for file in generate(schema, ("dataclasses", "strategies"))
        if file.path.endswith(".py")
    }


def test_a_new_member_changes_few_lines() -> None:
    """A member of the root changes at most twelve lines in four files."""
    text = FLAGSHIP.read_text("utf-8")
    root = "  DescribeTrainingJobResponse:"
    head, rest = text.split(root, 1)
    members = "    members:\n"
    more = head + root + rest.replace(members, f"{members}      Zed: string\n", 1)
    before, after = python_lines(text), python_lines(more)

    changes = {
        path: [line for line in ndiff(before[path], after[path]) if line[0] in "+-"]
        for path in before
        if before[path] != after[path]
    }

    assert before.keys() == after.keys()
    assert any('"Zed"' in line for line in changes[f"{PACKAGE}/_contract.py"])
    assert 12 >= sum(map(len, changes.values()))
    assert 4 >= len(changes)


PACKAGE = "python/sagemaker_training_job"


@pytest.mark.parametrize("odd", ["a b", "", "a\u2028b", "é-ü", '"\\', "x" * 100])
def test_many_values_of_an_enum_stay_what_they_are(odd: str) -> None:
    """Values are the same in the table, in their order, whatever is written how."""
    values = [f"{family}-{size}.{size}" for family in "pqr" for size in range(12)]
    values.insert(20, odd)
    names = {one: {"python": f"V{at}"} for at, one in enumerate(values)}
    shapes = {
        "Root": {"type": "structure", "members": {"E": "E"}},
        "E": {"type": "enum", "values": names},
    }
    text = json.dumps({"shapespec": 1, "package": "many", "shapes": shapes})
    package = compile_text(text).package

    table = import_module(f"{package.__name__}._contract").SHAPES

    assert values == [*table["E"].values]
    assert not package.validate({"E": odd})
    assert ["enum"] == [one.rule for one in package.validate({"E": "p"})]


def run_python(code: str) -> str:
    """What a fresh interpreter prints that sees nothing but the committed package."""
    command = [sys.executable, "-I", "-S", "-c", code]
    path = str(ROOT / "generated" / "python")
    code = f"import sys; sys.path.insert(0, {path!r})\n{code}"
    command[-1] = code
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_package_needs_only_the_standard_library() -> None:
    """Everything in the package works without any site-packages."""
    valid = ROOT / "spec" / "sagemaker" / "examples" / "valid.json"
    code = f"""
import json, sagemaker_training_job as contract
response = json.load(open({str(valid)!r}))
assert contract.is_valid(response) and contract.validate(response) == []
job = contract.DescribeTrainingJobResponse.from_response(response)
assert job.training_job_status is contract.TrainingJobStatus.COMPLETED
assert set(contract.__all__) <= set(dir(contract))
for name in contract.__all__:
    getattr(contract, name)
outside = [m for m in sys.modules if m.split(".")[0] not in sys.stdlib_module_names]
print(*sorted({{m.split(".")[0] for m in outside}}))
"""

    assert "__main__ sagemaker_training_job\n" == run_python(code)


def test_what_is_not_used_is_not_loaded() -> None:
    """Asking whether a response is valid loads neither classes nor findings."""
    code = """
from sagemaker_training_job import is_valid
is_valid({})
print(*sorted(m for m in sys.modules if m.startswith("sagemaker_training_job")))
print("dataclasses" in sys.modules, "json" in sys.modules, "typing" in sys.modules)
"""
    loaded, heavy = run_python(code.replace("is_valid({})\n", "")).splitlines()

    assert not {"models", "enums", "_convert"} & {
        name.rpartition(".")[2] for name in loaded.split()
    }
    assert heavy.startswith("False False")


def test_generated_files_hold_no_path_of_this_machine() -> None:
    """What is committed is the same on every machine."""
    for path in sorted((ROOT / "generated").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            text = path.read_text("utf-8")
            assert str(ROOT) not in text
            assert f"{Path.home()}/" not in text


def test_two_runs_give_the_same_bytes() -> None:
    """Generating twice gives the same files, also under another hash seed."""
    assert 1 == len(digests(WEATHER, ("json-schema", "dataclasses", "docs")))


def test_unique_items_compare_what_cannot_end() -> None:
    """Items that contain themselves, or share each other without end, are compared."""
    text = (
        "shapespec: 1\npackage: p\nshapes:\n  R: {type: structure, members: "
        "{v: {type: list, member: document, unique_items: true}}}\n"
    )
    package = compile_text(text).package
    endless: list[Any] = []
    endless.append(endless)
    shared: list[Any] = []
    for _ in range(60):
        shared = [shared, shared]

    assert package.is_valid({"v": [endless, shared, 1]})
    assert not package.is_valid({"v": [endless, endless]})


def test_lists_and_maps_that_contain_themselves() -> None:
    """A list or a map may hold itself with no structure in between."""
    package = compile_text(
        """
        shapespec: 1
        package: library
        shapes:
          Box:
            type: structure
            members:
              Nest: Nest
              Maze: Maze
              Grid: {type: list, member: Grid, unique_items: true}
          Nest: {type: list, member: Nest}
          Maze: {type: map, key: string, value: Rooms, length: {max: 2}}
          Rooms: {type: list, member: Maze, sparse: true}
          Grid: {type: list, member: {type: list, member: Grid}}
        """
    ).package
    right = {"Nest": [[], [[]]], "Maze": {"a": [{"b": [None]}]}, "Grid": [[[]]]}
    wrong = {"Nest": [[3]], "Maze": {"a": {}, "b": [], "c": [1]}}

    assert right == package.Box.from_response(right).to_response()
    assert ["/Nest/0/0", "/Maze", "/Maze/a", "/Maze/c/0"] == [
        finding.pointer for finding in package.validate(wrong)
    ]
