"""The form of the shipped Turtle files: rdflib's `longturtle`, which depends on the triples alone.

`python -m ontology.turtle` writes the files anew, or with `--check` says which of them would
change. A comment does not survive: the why of a term stands in its `skos:editorialNote`.
"""

import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from rdflib import Graph

from ontology.documents import read_graph


def to_turtle(graph: Graph) -> str:
    """The graph as Turtle, a value a line: the same triples give the same text."""
    # The lists of longturtle have blanks at the ends of lines, which no reader sees.
    lines = graph.serialize(format="longturtle", canon=True).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip() + "\n"


def shipped_files() -> Iterator[Path]:
    """The Turtle files of the package that are kept in this form."""
    folder = Path(str(files("ontology")))
    yield from sorted(folder.glob("*.ttl"))
    yield from sorted((folder / "schemes").glob("*.ttl"))


def main(arguments: Iterable[str]) -> int:
    """Write the files named, or all that ship, anew; the exit status is 1 where one differed."""
    names = list(arguments)
    only_check = "--check" in names
    paths = [Path(name) for name in names if name != "--check"] or list(shipped_files())
    differing = 0
    for path in paths:
        text = to_turtle(read_graph(path))
        if path.read_text("utf-8") != text:
            differing += 1
            print(f"{path.name}: {'would change' if only_check else 'written anew'}")
            if not only_check:
                path.write_text(text, "utf-8")
    return int(only_check and differing > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
