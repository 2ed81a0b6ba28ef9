"""JSON Schemas that others publish, with valid and invalid documents: SchemaStore's."""
