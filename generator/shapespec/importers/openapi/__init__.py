"""OpenAPI descriptions, versions 3.0, 3.1 and 3.2: their operations and their schemas.

`files.py` reads a description and the files that it refers to. `description.py` gives
its operations, parameters, bodies and responses. `bundle.py` makes one JSON Schema of
the schemas that some bodies need, as they are in requests or in responses, and
`spec.py` makes the draft of a spec of it. `routes.py` finds the operation of a request.
"""
