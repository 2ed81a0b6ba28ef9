"""What sources state about a contract, and how that is held against the spec."""
