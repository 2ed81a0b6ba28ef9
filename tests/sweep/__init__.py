"""The sweep: every service that botocore knows, imported, generated, imported again."""
