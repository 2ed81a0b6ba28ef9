"""Mutation of the compiler: what kills mutants, and those that live."""
