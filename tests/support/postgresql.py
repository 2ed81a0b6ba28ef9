"""A PostgreSQL server for the tests: its own folder, a socket, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_FOLDERS = "/usr/lib/postgresql/*/bin"
"""Where Debian keeps the programs of a server."""


class Absent(Exception):
    """A program that a test would need is not on this machine."""


@dataclass(frozen=True)
class Server:
    """A server that runs, and the client that talks to it."""

    socket: Path
    psql: str

    def run(self, script: str, *options: str) -> subprocess.CompletedProcess[str]:
        """What `psql` makes of a script, in the database `postgres`."""
        command = [self.psql, "--no-psqlrc", "--quiet", "-h", str(self.socket)]
        return subprocess.run(
            [*command, "-U", "postgres", "-d", "postgres", *options],
            input=script,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env={**os.environ, "PGCLIENTENCODING": "UTF8"},
        )

    def query(self, script: str, *options: str) -> str:
        """What a script selects, a row a line; no part of it may fail."""
        done = self.run(script, "-At", "-v", "ON_ERROR_STOP=1", *options)
        assert "" == done.stderr
        return done.stdout


def _program(name: str) -> str | None:
    folders = sorted(map(str, Path("/").glob(_FOLDERS[1:])))
    return shutil.which(name, path=os.pathsep.join(folders)) or shutil.which(name)


@contextmanager
def postgresql() -> Iterator[Server]:
    """A server with nothing in it.

    Raises:
        Absent: There is none to start.
    """
    programs = {name: _program(name) for name in ("initdb", "pg_ctl", "psql")}
    absent = [name for name, path in programs.items() if path is None]
    if absent:
        raise Absent(f"PostgreSQL is absent: no {', '.join(absent)}")
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a socket's path has to be short
    user = None
    if os.name == "posix" and os.geteuid() == 0:  # the server does not run as root
        user = "postgres"
        try:
            shutil.chown(folder, user)
        except LookupError:
            raise Absent("PostgreSQL is absent: no user postgres") from None
    data = str(folder / "data")

    def run(name: str, *arguments: str) -> None:
        log = folder / "output"
        with log.open("w") as output:
            subprocess.run(
                [programs[name] or name, *arguments],
                cwd=folder,
                user=user,
                stdout=output,
                stderr=output,
                check=True,
            )

    try:
        run("initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        options = f"-c listen_addresses='' -k {folder} -c fsync=off"
        run("pg_ctl", "-D", data, "-o", options, "-w", "start")
        try:
            yield Server(folder, str(programs["psql"]))
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
