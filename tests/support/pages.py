"""Pages of documentation, written from a contract as each system writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from shapespec.contract import naming, schema as ir

_API = {
    ir.String: "String",
    ir.Enum: "String",
    ir.Boolean: "Boolean",
    ir.Timestamp: "Timestamp",
    ir.Blob: "Base64-encoded binary data object",
    ir.Document: "JSON value",
}
_RUBY = {
    ir.String: "String",
    ir.Enum: "String",
    ir.Integer: "Integer",
    ir.Float: "Float",
    ir.Boolean: "Boolean",
    ir.Timestamp: "Time",
    ir.Blob: "String",
    ir.Document: "Hash,Array,String,Numeric,Boolean",
}
_CLI = {ir.Enum: "string", ir.Union: "structure"}
_COLUMNS = {ir.Boolean: "bool", ir.Timestamp: "timestamp", ir.Float: "float64"}


class Pages:
    """Writes the pages of one operation."""

    def __init__(self, schema: ir.Schema) -> None:
        """Write the pages of the one operation of `schema`."""
        self.schema = schema
        (self.operation,) = schema.operations
        root = schema.shapes[self.operation.output or ""]
        assert isinstance(root, ir.Structure)
        self.root = root

    def members(self, shape: ir.Shape) -> tuple[ir.Member, ...]:
        return shape.members if isinstance(shape, ir.Structure | ir.Union) else ()

    def target(self, member: ir.Member) -> ir.Shape:
        return self.schema.shapes[member.target]

    # --- aws-api-reference ------------------------------------------------------------

    def aws_api_reference(self) -> str:
        """A page of the API reference: the structure that comes back."""
        name = self.root.id
        lines = [f'# {name}<a name="API_{name}"></a>', ""]
        lines += [f'## Contents<a name="API_{name}_Contents"></a>', ""]
        for member in self.root.members:
            shape = self.target(member)
            lines.append(f' **{member.name}**   <a name="x-{member.name}"></a>')
            lines.append("What it is\\.  ")
            lines.append(f"Type: {self._api(shape)}  ")
            lines += [f"{one}  " for one in self._limits(shape)]
            lines += [f"Required: {'Yes' if member.required else 'No'}", ""]
        return "\n".join([*lines, f'## See Also<a name="API_{name}_SeeAlso"></a>', ""])

    def _api(self, shape: ir.Shape) -> str:
        match shape:
            case ir.Integer(bits=bits):
                return "Integer" if bits == 32 else "Long"
            case ir.Float(bits=bits):
                return "Float" if bits == 32 else "Double"
            case ir.List(member=item):
                inner = self._api(self.schema.shapes[item])
                return f"Array of {inner.replace(' object', ' objects')}" + (
                    "" if inner.endswith("object") else "s"
                )
            case ir.Map(key=key, value=value):
                names = (self._api(self.schema.shapes[one]) for one in (key, value))
                return "{} to {} map".format(*names)
            case ir.Structure() | ir.Union():
                return f"[{shape.id}](API_{shape.id}.md) object"
            case _:
                return _API[type(shape)]

    def _limits(self, shape: ir.Shape) -> Iterator[str]:
        if isinstance(shape, ir.Enum):
            yield f"Valid Values:` {' | '.join(one.value for one in shape.values)}` "
        if isinstance(shape, ir.String) and shape.pattern is not None:
            yield f"Pattern: `{shape.pattern.source}` "

    # --- aws-sdk-ruby -----------------------------------------------------------------

    def aws_sdk_ruby(self) -> str:
        """The flattened YARD text of a class."""
        lines = [f"class Aws::SageMaker::Types::{self.root.id}"]
        for member in self.root.members:
            lines.append(f"@!attribute [rw] {naming.snake_case(member.name)}")
            lines.append(f"What it is. @return [{self._ruby(self.target(member))}]")
        return "\n".join([*lines, "@see https://example.org AWS API Documentation", ""])

    def types_rb(self) -> str:
        """`types.rb` of a gem: every structure of the service."""
        lines = ["# frozen_string_literal: true", "", "module Aws::SageMaker"]
        lines += ["  module Types", ""]
        for shape in self.schema.shapes.values():
            if not isinstance(shape, ir.Structure | ir.Union):
                continue
            for member in shape.members:
                name = naming.snake_case(member.name)
                lines += [f"    # @!attribute [rw] {name}", "    #   What it is."]
                ruby = self._ruby(self.target(member))
                lines += [f"    #   @return [{ruby}]", "    #"]
            names = [f":{naming.snake_case(one.name)}" for one in shape.members]
            lines.append(f"    # @see https://example.org/{shape.id}")
            lines += ["    #", f"    class {shape.id} < Struct.new("]
            lines.append(",\n".join(f"      {name}" for name in names) + ")")
            lines += ["      SENSITIVE = []", "      include Aws::Structure", "    end"]
            lines.append("")
        return "\n".join([*lines, "  end", "end", ""])

    def _ruby(self, shape: ir.Shape) -> str:
        match shape:
            case ir.List(member=item):
                return f"Array<{self._ruby(self.schema.shapes[item])}>"
            case ir.Map(value=value):
                return f"Hash<String,{self._ruby(self.schema.shapes[value])}>"
            case ir.Structure() | ir.Union():
                return f"Types::{shape.id}"
            case _:
                return _RUBY[type(shape)]

    # --- datadog-ddsql ----------------------------------------------------------------

    def datadog_ddsql(self) -> str:
        """A table of the data directory."""
        lines = ["# SageMaker Training Job", "", "## Fields", ""]
        lines.append("| Title | ID | Type | Data Type | Description |")
        lines.append("| --- | --- | --- | --- | --- |")
        for member in self.root.members:
            name = naming.snake_case(member.name)
            word = self._column(self.target(member))
            lines.append(f"| {name} | core | {word} | What it is. |")
        return "\n".join([*lines, ""])

    def _column(self, shape: ir.Shape) -> str:
        match shape:
            case ir.String() | ir.Enum() | ir.Blob():
                return "string"
            case ir.Integer():
                return "int64"
            case ir.Map(value=value):
                of_text = isinstance(self.schema.shapes[value], ir.String | ir.Enum)
                return "hstore" if of_text else "json"
            case _:
                return _COLUMNS.get(type(shape), "json")

    # --- aws-cli ----------------------------------------------------------------------

    def aws_cli(self) -> str:
        """A command's page, what is inside of what being quoted."""
        command = naming.snake_case(self.operation.name).replace("_", "-")
        lines = [f"# {command}¶", "", "[ [aws](x#cli-aws) . [sagemaker](x#cli-aws-s) ]"]
        lines += ["", "## Synopsis", "", "```", command, "--training-job-name <value>"]
        lines += ["```", "", "## Options", "", "`--training-job-name` (string)", ""]
        lines += ["The job.", "", "## Global Options", "", "## Output", ""]
        lines += self._cli_members(self.root, 0, ())
        return "\n".join([*lines, ""])

    def _cli_members(
        self, shape: ir.Shape, depth: int, above: tuple[str, ...]
    ) -> Iterator[str]:
        for member in self.members(shape):
            target = self.target(member)
            word = self._cli_word(target)
            yield self._quoted(depth, f"{member.name} -> ({word})")
            yield self._quoted(depth, "")
            yield from self._cli_inside(target, depth + 1, above)

    def _cli_inside(
        self, shape: ir.Shape, depth: int, above: tuple[str, ...]
    ) -> Iterator[str]:
        yield self._quoted(depth, "What it is.")
        yield self._quoted(depth, "")
        match shape:
            case ir.List(member=item):
                target = self.schema.shapes[item]
                yield self._quoted(depth, f"({self._cli_word(target)})")
                yield self._quoted(depth, "")
                yield from self._cli_inside(target, depth + 1, above)
            case ir.Map(key=key, value=value):
                for name, one in (("key", key), ("value", value)):
                    target = self.schema.shapes[one]
                    yield self._quoted(depth, f"{name} -> ({self._cli_word(target)})")
                    yield self._quoted(depth, "")
                    yield from self._cli_inside(target, depth + 1, above)
            case ir.Structure() | ir.Union() if shape.id not in above:
                yield from self._cli_members(shape, depth, (*above, shape.id))
            case _:
                return

    def _cli_word(self, shape: ir.Shape) -> str:
        match shape:
            case ir.Integer(bits=bits):
                return "integer" if bits == 32 else "long"
            case ir.Float(bits=bits):
                return "float" if bits == 32 else "double"
            case _:
                return _CLI.get(type(shape), type(shape).__name__.lower())

    def _quoted(self, depth: int, text: str) -> str:
        return "> " * depth + text

    # --- paws -------------------------------------------------------------------------

    def paws(self) -> str:
        """R documentation of the operation."""
        name = f"sagemaker_{naming.snake_case(self.operation.name)}"
        head = ['<table style="width: 100%;">', "<tbody>", '<tr class="odd">']
        head += [f"<td>{name}</td>"]
        head += ['<td style="text-align: right;">R Documentation</td>', "</tr>"]
        head += ["</tbody>", "</table>", "", "## Describes", "", "### Description", ""]
        head += ["What it does.", "", "### Usage", "", f"    {name}(TrainingJobName)"]
        head += ["", "### Arguments", "", "<table>", "<tbody>", '<tr class="odd">']
        head += [f'<td><code id="{name}_:_TrainingJobName">TrainingJobName</code></td>']
        head += ["<td><p>[required] The job.</p></td>", "</tr>", "</tbody>", "</table>"]
        head += ["", "### Value", "", "A list with the following syntax:", ""]
        value = [f"    {line}" for line in self._r(self.root, ())]
        tail = ["", "### Request syntax", "", "    svc$describe_training_job("]
        tail += ['      TrainingJobName = "string"', "    )", ""]
        return "\n".join([*head, *value, *tail])

    def _r(self, shape: ir.Shape, above: tuple[str, ...]) -> list[str]:
        match shape:
            case ir.Structure() | ir.Union():
                parts = [
                    self._named(member.name, self._r(self.target(member), above))
                    for member in shape.members
                ]
                return self._list(parts)
            case ir.List(member=item) | ir.Map(value=item):
                return self._list([self._r(self.schema.shapes[item], above)])
            case ir.Enum(values=values):
                return ["|".join(json.dumps(one.value) for one in values)]
            case ir.Integer():
                return ["123"]
            case ir.Float():
                return ["123.0"]
            case ir.Boolean():
                return ["TRUE|FALSE"]
            case ir.Timestamp():
                return ["as.POSIXct(", '  "2015-01-01"', ")"]
            case ir.Blob():
                return ["raw"]
            case _:
                return ['"string"']

    def _named(self, name: str, lines: list[str]) -> list[str]:
        return [f"{name} = {lines[0]}", *lines[1:]]

    def _list(self, parts: list[list[str]]) -> list[str]:
        lines = ["list("]
        for number, part in enumerate(parts):
            end = "," if number < len(parts) - 1 else ""
            lines += [f"  {line}" for line in part[:-1]] + [f"  {part[-1]}{end}"]
        return [*lines, ")"]
