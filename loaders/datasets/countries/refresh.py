"""Makes the snapshot of the countries anew, from the packages babel and pycountry.

`python -m loaders.datasets.countries.refresh > countries.csv`, where pycountry is installed
(`pip install maillage[refresh]`); write the new SHA-256 into `dataset.yml`.
"""

from __future__ import annotations

import csv
import importlib.resources
import io
import sys
from collections.abc import Iterable, Mapping

from babel import Locale

from loaders.datasets.countries.loader import COLUMNS, OPTIONAL

EU_EXCEPTIONS = {"XKX": ("1A0", "XK", "")}
"""Countries of the EU table without an official ISO 3166-1 code: alpha-3 in use, then the code of
the EU table, alpha-2 in use, numeric."""


def refresh(variants: Mapping[str, str]) -> str:
    """The text of `countries.csv`: ISO 3166-1 and the EU's exceptions, sorted by code.

    `variants` gives the other French names of a code, joined by `|`: they are kept by hand.
    """
    names = [Locale(language).territories for language in ("fr", "en", "ar")]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow([*COLUMNS, OPTIONAL])
    for code, alpha2, alpha3, numeric in sorted(_codes()):
        named = [language[alpha2] for language in names]
        writer.writerow([code, alpha2, alpha3, numeric, *named, variants.get(code, "")])
    return text.getvalue()


def _codes() -> Iterable[tuple[str, str, str, str]]:
    import pycountry  # only a refresh needs it: it is no dependency of the application

    for country in pycountry.countries:
        yield country.alpha_3, country.alpha_2, country.alpha_3, country.numeric
    for alpha3, (code, alpha2, numeric) in EU_EXCEPTIONS.items():
        yield code, alpha2, alpha3, numeric


def main() -> None:
    """Writes the new snapshot on standard output; the variants come from the present one."""
    present = importlib.resources.files(__package__) / "source" / "countries.csv"
    rows = csv.DictReader(io.StringIO(present.read_text("utf-8")), delimiter=";")
    sys.stdout.write(refresh({row["code"]: row[OPTIONAL] for row in rows}))


if __name__ == "__main__":
    main()
