"""Smithy models, as the JSON AST (version 1.0 or 2.0) that `smithy ast` prints.

`model.py` reads the file and settles mixins and `apply`; `traits.py` says what becomes
of each trait; `spec.py` makes the draft.
"""

from __future__ import annotations
