"""What every room stands on: places in text, errors, tables, the terminal."""
