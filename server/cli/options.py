"""The options that commands of `maillage` share, and how the commands tell an error."""

from __future__ import annotations

import functools
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from loaders.errors import MaillageError
from loaders.identity.lookups import read_lookups
from loaders.model.values import Ref
from loaders.sources.reading import Sources
from ontology.errors import OntologyError
from queries import QueryError
from server.cli import local_store as offline
from server.graph.terms import TermError
from server.settings import SettingError, Settings, table

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


def settings_options(command: Command) -> Command:
    """One option for each row of the table of settings."""
    for row in reversed(
        [row for row in table() if row.name not in ("home", "sockets") and not row.secret]
    ):
        command = click.option(
            row.option,
            row.name,
            type=row.convert,
            default=None,
            help=f"{row.help}. [default: {row.default!r}; {row.variable}]",
        )(command)
    return command


def sources_of(
    replaced: Iterable[str], added: Iterable[str], lookups: Iterable[Path], only: Iterable[str]
) -> Sources:
    """The sources that a build reads, by its options as written; raises click.UsageError."""
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


def print_json(content: Any) -> None:
    """Answer a machine."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))
