"""Where text leaves: one function for each place that text goes to.

Text of a spec, a response, a page or a file name may contain anything. It stays as it
is inside the program, and is escaped by the function of the place that it leaves for:

    a terminal, a CI log     terminal.line
    a log of Python          log.note
    a workflow command       workflow.command
    JSON                     json_text.dumps
    Markdown                 markdown.text
    HTML                     html.text
    SQL                      sql.text, sql.identifier
    Python                   python.literal, python.docstring, python.comment
    YAML                     yaml_text.scalar, yaml_text.comment

`out.put` alone prints, and it takes only what one of these made.
"""
