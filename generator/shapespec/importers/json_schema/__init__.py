"""JSON Schema, 2020-12 and draft-07, to the spec language.

`document.py` finds what references mean; `parts.py` lays the parts that must all hold
beside each other; `convert.py` makes shapes of them, `choice.py` of what is one of
several; `spec.py` makes the draft.
"""

from __future__ import annotations
