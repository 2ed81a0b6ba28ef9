"""What is done with a compiled contract: audit, diff, observe, sample, explain."""
