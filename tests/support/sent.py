"""A session of Spark, as far as `with_verdicts` asks it to send files."""

from __future__ import annotations


class Session:
    """Takes what is sent to executors.

    Attributes:
        sent: The files.
    """

    def __init__(self) -> None:
        """Nothing was sent yet."""
        self.sent: list[str] = []
        self.listFiles = self.sent
        self.sparkContext = self
        self.addPyFile = self.sent.append
