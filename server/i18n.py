"""The voice of the pages: words in French or English, and values as a reader of it writes them.

The words stand in `texts.yml`, each in both languages; those of embeds in Arabic too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files

import yaml
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal

from ontology.namespaces import XSD
from server.engine.results import Term
from server.http.negotiation import LANGUAGES

RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "ps", "dv")
NUMBERS = frozenset(
    str(XSD[name]) for name in ("integer", "decimal", "double", "float", "int", "long")
)


@lru_cache(maxsize=1)
def texts() -> Mapping[str, Mapping[str, str]]:
    """The texts of the pages: key to language to words, with facts in braces."""
    table: Mapping[str, Mapping[str, str]] = yaml.load(
        files("server").joinpath("texts.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return table


@dataclass(frozen=True)
class Voice:
    """A language of the pages, or Arabic, which embeds speak too: French where it has no words."""

    language: str

    @property
    def locale(self) -> str:
        """The locale whose numbers and dates are written: for Arabic that of the Maghreb."""
        return "ar_MA" if self.language == "ar" else self.language

    @property
    def rtl(self) -> bool:
        """True where the language is written from right to left."""
        return self.language in RIGHT_TO_LEFT

    def __call__(self, key: str, **facts: object) -> str:
        """The words of that key; KeyError if there are none."""
        known = texts()[key]
        words = known.get(self.language) or known["fr"]
        return words.format_map(facts) if facts else words

    def count(self, key: str, number: int) -> str:
        """The words for so many: those of `key` for one (French: and none), `key.many` else."""
        one = number == 1 or (number == 0 and self.language == "fr")
        return self(key if one else f"{key}.many", n=self.number(number))

    def known(self, key: str) -> bool:
        """True where there are words of that key."""
        return key in texts()

    def number(self, value: int | Decimal | str) -> str:
        """A number with the separators of the language."""
        return format_decimal(Decimal(str(value)), locale=self.locale, decimal_quantization=False)

    def money(self, value: Decimal) -> str:
        """Euros; cents only where there are any."""
        whole = value == value.to_integral_value()
        return format_currency(
            value,
            "EUR",
            locale=self.locale,
            currency_digits=not whole,
            format=("#,##0 ¤" if self.language == "fr" else "¤#,##0") if whole else None,
        )

    def day(self, lexical: str) -> str:
        """A date at its own precision: `2010`, `2010-06`, `2010-06-22` or `--11-22`."""
        try:
            if lexical.startswith("--"):
                day = date(2000, int(lexical[2:4]), int(lexical[5:7]))
                return self.first(format_skeleton("MMMMd", day, locale=self.locale))
            if len(lexical) == 7:
                day = date.fromisoformat(f"{lexical}-01")
                return format_skeleton("yMMMM", day, locale=self.locale)
            if len(lexical) >= 10:
                day = date.fromisoformat(lexical[:10])
                return self.first(format_date(day, format="long", locale=self.locale))
        except ValueError:
            pass
        return lexical

    def first(self, day: str) -> str:
        """A day as it is written; in French the first of a month is `1er`, which CLDR has not."""
        return f"1er{day[1:]}" if self.language == "fr" and day.startswith("1 ") else day

    def literal(self, term: Term) -> str:
        """A literal as a person reads it."""
        kind = term.datatype.removeprefix(str(XSD)) if term.datatype else ""
        if kind in ("date", "gYearMonth", "gMonthDay", "dateTime"):
            return self.day(term.value)
        if kind == "boolean":
            return self("yes" if term.value in ("true", "1") else "no")
        if term.datatype in NUMBERS:
            try:
                return self.number(Decimal(term.value))
            except InvalidOperation:
                return term.value
        return term.value

    def choose(self, labels: Iterable[Term]) -> Term | None:
        """The label to show: in this language, else without one, else in the site's, else any."""
        return min(
            labels, key=lambda label: (self.distance(label.language), label.value), default=None
        )

    def distance(self, language: str) -> int:
        """The distance of a label's language from this one."""
        main = language.partition("-")[0].lower()
        order = (self.language, "", *LANGUAGES)
        return order.index(main) if main in order else len(order)

    def marks(self, term: Term) -> Mapping[str, str]:
        """The `lang` and `dir` attributes of an element that holds the text."""
        if not term.language or term.language == self.language:
            return {}
        main = term.language.partition("-")[0].lower()
        return {"lang": term.language, **({"dir": "rtl"} if main in RIGHT_TO_LEFT else {})}
