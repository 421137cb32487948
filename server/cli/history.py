"""The commands about versions: list them, go back to one, and lead the change feed to it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from loaders import versions as folders
from loaders.build.build import fed
from loaders.build.feed import follow
from server.cli.options import AS_JSON, HOME, answers_for_errors, print_json


@click.command()
@HOME
@AS_JSON
@answers_for_errors
def versions(home: Path, as_json: bool) -> None:
    """List the versions that can be served, newest first."""
    serving = folders.current(home)
    rows = [
        {
            "id": version.id,
            "built": version.manifest.get("built"),
            "quads": version.manifest.get("quads"),
            "served": serving is not None and serving.id == version.id,
        }
        for version in folders.versions(home)
    ]
    if as_json:
        print_json(rows)
    elif not rows:
        click.echo(f"no version in {home}: run `maillage build`")
    for row in rows if not as_json else ():
        mark = "*" if row["served"] else " "
        click.echo(f"{mark} {row['id']}  {row['built']}  {row['quads']} quads")


@click.command()
@HOME
@click.argument("version", required=False)
@answers_for_errors
def rollback(home: Path, version: str | None) -> None:
    """Serve VERSION again, or the one built before this. The change feed tells what that undoes."""
    click.echo(f"version {folders.rollback(home, version)} is served")
    if unfed := fed(home):
        click.echo(unfed, err=True)


@click.command()
@HOME
@AS_JSON
@answers_for_errors
def feed(home: Path, as_json: bool) -> None:
    """Lead the change feed to what is served: HOME/feed, which any web server can host.

    A build and a rollback do so themselves. A feed that is begun goes through all versions that
    are kept, the oldest first.
    """
    added = follow(home)
    if as_json:
        print_json([asdict(step) for step in added])
        return
    for step in added:
        told = f"{len(step.pages)} pages from {step.before}" if step.before else "the feed begins"
        click.echo(f"{step.at}  {step.version}  {told}")
    if not added:
        click.echo("the feed leads to what is served")


COMMANDS = (versions, rollback, feed)
