"""What a text may be that is not the JSON or the YAML of a response."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\s*(?:[-+=]{5,}\s*\n\s*)?\|.*\|\s*$", re.MULTILINE)
_TABS = re.compile(r"[A-Z]+\t[^\n]*(?:\n|$)")
_PYTHON = re.compile(r"\s*[\[{]\s*(?:[\[{]\s*)?'(?:[^'\\]|\\.){0,200}'\s*:")
_RUBY = re.compile(r"\A\s*#<struct |!ruby/|\A\s*\{\s*(?::\w+\s*=>|\"\w+\"\s*=>)")
_R = re.compile(
    r"\s*(?:(?:structure\()?list\(\s*[\w.`]+ = |\$`?\w+`?\s*\n(?:\[1\]|\$))"
)
_CSV = re.compile(
    r'(?:[^\n{}\[\]:"]*(?:[,;][^\n{}\[\]:]*){2,}|"\w+"(?:[,;\t]"\w+")+'
    r"|\w+(?:[,;]\w+)+)\r?\n[^\n]*[,;\t]"
)
_OBJECT = re.compile(r"\s*(?:\w+\.)*[A-Za-z]\w*\((?:<class |[{\[]|\w+=)")
_XML = re.compile(r"\s*<(?:\?xml|[A-Za-z]\w*[\s>/])")
_PAGE = re.compile(r"\s*<(?:!doctype html|html)", re.IGNORECASE)
_CLI = re.compile(
    r"\s*(?:aws: \[ERROR\]: )?"
    r"(?:An error occurred \((\w+)\)|Unable to locate credentials)"
)


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
    if _PAGE.match(start):
        return "this is a web page; did a proxy answer, or a page to log in?"
    if _XML.match(start):
        return "this is XML; boto3 and the AWS CLI make JSON of what a service sends"
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
    if _TABS.match(start):
        return "this looks like text; the AWS CLI writes JSON with --output json"
    if _CSV.match(start):
        return "this looks like CSV; with --input csv each record is read as a row"
    return None


def recognised(text: str | None, problem: str) -> str:
    """Why a text cannot be read, and what to do about it if it is recognised."""
    if text is None:
        return problem
    said = guess(text)
    if said is None and "Extra data" in problem and text.lstrip()[:1] in ("{", "["):
        said = "several documents have to be on a line each: jq -c . writes them so"
    if not text.strip():
        return said or problem
    return f"{problem}; {said}" if said else problem
