"""When each fact of a contract was first stated, changed or went, by release."""
