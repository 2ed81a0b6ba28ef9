"""Responses as people hold them: read, judged, and reported on."""
