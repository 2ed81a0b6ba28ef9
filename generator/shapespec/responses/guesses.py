"""What a text may be that is not the JSON or the YAML of a response."""

from __future__ import annotations

import json
import re

_TABLE = re.compile(
    r"\s*(?:(?:[-+=]{5,}\s*\n\s*)?\|.*\|\s*$|[\u250c\u250f\u2552-\u2554\u256d]"
    r"|[^\n|{}]+(?:\|[^\n|{}]+)+\n[-+]{5,}$)",
    re.MULTILINE,
)
_TABS = re.compile(r"[^\n\t{}\[\]\"]+(?:\t[^\n\t{}\[\]\"]*)+(?:\n|$)")
_TSV = re.compile(r"\w+(?:\t\w+)+\r?\n[^\n]*\t")
_PYTHON = re.compile(r"\s*[\[{]\s*(?:[\[{]\s*)?[ub]?'(?:[^'\\]|\\.){0,200}'\s*:")
_RUBY = re.compile(r"\A\s*#<struct |!ruby/|\A\s*\{\s*(?::\w+\s*=>|\"\w+\"\s*=>)")
_R = re.compile(
    r"\s*(?:(?:structure\()?list\(\s*[\w.`]+ = |\$`?\w+`?\s*\n(?:\[1\]|\$)"
    r"|List of \d+\n \$ )"
)
_CSV = re.compile(
    r'(?:[^\n{}\[\]:"]*(?:[,;][^\n{}\[\]:]*){2,}|"\w+"(?:[,;\t]"\w+")+'
    r"|\w+(?:[,;]\w+)+)\r?\n[^\n]*[,;\t]"
)
_JAVA = re.compile(r"\s*[A-Z]\w*\([A-Z]\w*=")
_GO = re.compile(r"\s*(?:&?\{[A-Z]\w*:(?:0x|&?\{|\(|\w)|map\[\w+:|&?\w+\.\w+\{[A-Z])")
_PHP = re.compile(r"\s*(?:Array\s*\n?\(|array\(\d+\) \{)")
_NODE = re.compile(r"\s*[\[{]\s*(?:[\[{]\s*)?[A-Za-z_$][\w$]*\s*:\s")
_BRACED = re.compile(r"\s*(?:[A-Z]\w*(?:::\w+)*)\s?\{\s*\w+\s*[:=]")
_POWERSHELL = re.compile(r"\s*(?:@\{\w+=|(?:\w+ +: ?[^\n]*\n)*\w+ {2,}: )")
_SAID = re.compile(
    r"\s*(?:Traceback \(most recent call last\)|curl: \(\d+\)|jq: error"
    r"|(?:fatal|wget|bash|zsh): |[^\n]*: command not found|(?:\w+\.)+\w*Error: "
    r"|(?:Key|Type|Value|Name|Syntax|Reference|Import|Runtime|Connection)Error: )"
)
_NONE = re.compile(r"\s*(?:None|undefined|nil)\s*")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HEADERS = re.compile(r"HTTP/\d(?:\.\d)? \d{3}")
_FAILED = re.compile(r"<Code>\s*(\w+)\s*</Code>")
_PLACE = re.compile(r" at line (\d+), column (\d+)")
_LATE_COMMA = re.compile(r",\s*[}\]]")
_OBJECT = re.compile(r"\s*(?:\w+\.)*[A-Za-z]\w*\((?:<class |[{\[]|\w+=)")
_XML = re.compile(r"\s*<(?:\?xml|[A-Za-z]\w*[\s>/])")
_PAGE = re.compile(r"\s*<(?:!doctype html|html)", re.IGNORECASE)
_CLI = re.compile(
    r"\s*(?:aws: \[ERROR\]: )?"
    r"(?:An error occurred \((\w+)\)|Unable to locate credentials|usage: aws "
    r"|aws: error: |aws: \[ERROR\]|The config profile \(|You must specify a region"
    r"|Could not connect to the endpoint URL|Parameter validation failed"
    r"|Error (?:when|while) (?:retrieving|loading|parsing) |Partial credentials found"
    r"|Unknown options: |Invalid (?:choice|endpoint): )"
)
_LONGEST = 1_000_000
"""Of a longer text, it is not looked for where its JSON begins."""


def guess(text: str) -> str | None:
    """What a text is, and what to do with it; none where nothing is recognised."""
    start = text[:2000]
    if not start.strip():
        return "there is nothing in it; did the command that writes it fail?"
    if _PYTHON.match(start) or "datetime.datetime(" in start:
        return (
            "this is how Python prints a value; write it with"
            " json.dumps(response, default=str)"
        )
    failed = _CLI.match(start)
    if failed is not None:
        code = f" ({failed[1]})" if failed[1] else ""
        return f"this is an error of the AWS CLI{code}, not a response"
    if _SAID.match(start):
        return "this is an error message, not a response"
    if _NONE.fullmatch(start):
        return "this is how a program prints that it has nothing"
    if _PAGE.match(start):  # before XML, which it looks like
        return "this is a web page; did a proxy answer, or a page to log in?"
    if _XML.match(start):
        failed = _FAILED.search(start)
        if failed is not None:
            return f"this is XML, an error of AWS ({failed[1]}), not a response"
        return "this is XML; boto3 and the AWS CLI make JSON of what a service sends"
    for printed, called, remedy in (
        (_JAVA, "Java prints an object", "a library such as Jackson"),
        (_GO, "Go prints a value", "json.Marshal"),
        (_PHP, "PHP prints an array", "json_encode"),
        (_POWERSHELL, "PowerShell prints an object", "ConvertTo-Json -Depth 10"),
        (_BRACED, "a program prints an object", "what it has for JSON"),
        (_NODE, "JavaScript prints an object", "JSON.stringify"),
    ):
        if printed.match(start):
            return f"this is how {called}; write it with {remedy}"
    if _OBJECT.match(start):
        return (
            "this is how Python prints an object; make a dict of it, and write that"
            " with json.dumps(response, default=str)"
        )
    if _RUBY.search(start):
        return "this is how Ruby prints a value; write it with JSON.generate(resp.to_h)"
    if _R.match(start):
        return (
            "this is how R prints a list; write it with"
            ' jsonlite::toJSON(x, auto_unbox = TRUE, POSIXt = "ISO8601")'
        )
    if _TABLE.match(start):
        return "this is a table; the AWS CLI writes JSON with --output json"
    if _TSV.match(start):
        return (
            "this looks like a table with tabs; with --input csv each record is read as"
            " a row"
        )
    if _TABS.match(start):
        return "this looks like text; the AWS CLI writes JSON with --output json"
    if _CSV.match(start):
        return "this looks like CSV; with --input csv each record is read as a row"
    if _FENCE.match(start):
        return "this is Markdown; take the text between the fences"
    return None


def recognised(text: str | None, problem: str) -> str:
    """Why a text cannot be read, and what to do about it if it is recognised."""
    if text is None:
        return problem
    said = guess(text) or _malformed(text, problem)
    if not text.strip():
        return said or problem
    return f"{problem}; {said}" if said else problem


_SEVERAL = "several documents have to be on a line each"


def _malformed(text: str, problem: str) -> str | None:
    """What is wrong with a text that has JSON in it, and what to do with it."""
    if text.startswith("\x1e"):
        return "each document begins with U+001E; tr -d '\\036' takes that away"
    if text.lstrip()[:1] in ("{", "["):
        if "Extra data" in problem:
            _, end = json.JSONDecoder().raw_decode(text.lstrip())
            comma = text.lstrip()[end:].lstrip().startswith(",")
            return f"{_SEVERAL}, {_NO_COMMA}" if comma else f"{_SEVERAL}: {_JQ}"
        if _late_comma(text, problem):
            return "JSON has no comma behind the last member or item"
        return None
    return _begins(text)


_JQ = "jq -c . writes them so"
_NO_COMMA = "without commas between them"


def _late_comma(text: str, problem: str) -> bool:
    """Whether reading ended at a comma behind which a bracket closes."""
    place = _PLACE.search(problem)
    if place is None or len(text) > _LONGEST:
        return False
    lines = text.split("\n")[: int(place[1])]
    at = sum(len(line) + 1 for line in lines[:-1]) + int(place[2]) - 1
    before = text[:at].rstrip()
    comma = len(before) - 1 if before.endswith(",") else at
    return _LATE_COMMA.match(text, comma) is not None


def _begins(text: str) -> str | None:
    """Where the JSON begins in a text with something before it; none if it has none."""
    if len(text) > _LONGEST:
        return None
    for number, line in enumerate(text.splitlines(keepends=True)[:50], 1):
        at = text.index(line) if line.lstrip()[:1] in ("{", "[") else -1
        if at > 0 and _is_json(text[at:]):
            if _HEADERS.match(text):
                return "the answer begins with its HTTP headers; leave out curl's -i"
            return (
                f"the JSON begins in line {number}; tail -n +{number} leaves out the"
                " lines before it"
            )
    first = text.lstrip().partition("\n")[0]
    if "{" in first and _is_json(first[first.index("{") :]):
        return (
            "there is something before the JSON of a line; sed 's/^[^{]*//' takes it"
            " away"
        )
    return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
