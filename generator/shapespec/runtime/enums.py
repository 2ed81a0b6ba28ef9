"""Stands in for the enums of a contract, which each generated package has."""
