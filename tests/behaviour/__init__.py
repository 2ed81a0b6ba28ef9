"""What users do, and what then happens."""
