"""Real responses as a source: what they hold is counted, and never written down.

    responses ──Observer──▶ Observation ──▶ facts, a report, a patch of the spec

What leaves this package are counts, names of members and values of enums. Everything
else that a response holds stays out: values of free text, numbers, times, keys of maps.
"""
