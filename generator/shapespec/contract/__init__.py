"""The contract: what a spec means, whatever is made of it."""
