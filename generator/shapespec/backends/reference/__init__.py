"""What references say, whatever they are written in: the words are made once, here.

`docs` writes it as Markdown, a page for each shape; `site` as HTML with search.
"""
