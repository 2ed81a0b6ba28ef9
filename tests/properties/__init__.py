"""What holds for whatever is thrown at generated code."""
