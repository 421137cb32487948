"""The commands that ask the data: query, explain, export, resolve, infer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from server.cli import local_store as offline
from server.cli import resolve as resolving
from server.cli.export import export
from server.cli.infer import infer
from server.cli.options import AS_JSON, HOME, answers_for_errors, print_json
from server.explain import narration
from server.explain import proofs as explaining
from server.graph.terms import read_triple
from server.http.formats import FORMATS
from server.http.negotiation import LANGUAGES
from server.i18n import Voice


@click.command()
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
    """Ask QUESTION: a name of the catalogue, a file, `-` for standard input, or SPARQL itself.

    \b
    maillage query association-founding-dates country=MLI
    maillage query "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    """
    text = offline.question_text(question, parameters, sys.stdin.read)
    with offline.local_engine(home) as engine:
        sys.stdout.buffer.write(offline.answer(engine, text, format_name))


@click.command()
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
    """Tell why a triple holds: the rules, their premises, and the sources of these.

    \b
    maillage explain authority/fra-cog-91228 mlg:supportsCountry country:MLI

    A term is an IRI, a prefixed name, an entity as authority/fra-cog-91228, or as the object a
    literal in Turtle. Exits with 1 where the triple does not hold.
    """
    triple = read_triple(subject, predicate, object_)
    with offline.local_engine(home) as engine:
        explained = explaining.explain(engine, triple)
    if as_json:
        print_json(narration.document(explained))
    else:
        click.echo("\n".join(narration.lines(explained, Voice(lang))))
    if not explained.holds:
        sys.exit(1)


@click.command()
@HOME
@click.argument("name")
@click.option("--country", help="Its country: FR, FRA or France.")
@click.option("--date", help="When it is named so: 2010, 2010-06 or 2010-06-22.")
@click.option("--kind", help="What it is: commune, departement, region, ca, metropole …")
@click.option("--in", "territory", help="What it lies in: a name or a code, as 93 or Yonne.")
@click.option("--at", "point", help="Where it is: latitude, longitude.")
@click.option("--beside", multiple=True, help="Another party of the same record (repeatable).")
@AS_JSON
@answers_for_errors
def resolve(home: Path, name: str, as_json: bool, **context: Any) -> None:
    """Say which authority NAME means, with the candidates and the reasons.

    \b
    maillage resolve "Evry" --country FR --date 2010
    maillage resolve "Saint-Denis" --country FR --in 93
    """
    authorities = resolving.known_authorities(home)
    party, around = resolving.question(name, authorities=authorities, **context)
    content = resolving.answer(authorities.resolve(party, around), authorities)
    if as_json:
        print_json(content)
    for line in () if as_json else resolving.told(content):
        click.echo(line)


COMMANDS = (query, explain, export, resolve, infer)
