"""What changed between two contracts, and whom it breaks.

    spec, evidence, service model ──sides──▶ two sides in one vocabulary
    two sides ──compare──▶ findings ──rules──▶ changes, classified ──render──▶ text

`rules.py` is the table of what each kind of change means for readers and writers.
"""
