"""The contract as data: the resolved schema, its names, its facts and its places."""
