"""Results to draw: one for each view, with something unknown and something hostile in each."""

from __future__ import annotations

from ontology.namespaces import COUNTRY, GEO, XSD
from server.charts.result import ChartData, MapPlace
from server.engine.results import Table, Term

HOSTILE = "<script>alert(1)</script>\u202e\"&'\x00\ud800" + "x" * 10_000


def text(value: str, language: str = "") -> Term:
    return Term(value, "literal", language)


def number(value: object) -> Term:
    return Term(str(value), "literal", "", str(XSD.decimal))


def year(value: int) -> Term:
    return Term(str(value), "literal", "", str(XSD.gYear))


def month(value: str) -> Term:
    return Term(value, "literal", "", str(XSD.gYearMonth))


def point(longitude: float, latitude: float) -> Term:
    return Term(f"POINT({longitude} {latitude})", "literal", "", str(GEO.wktLiteral))


def table(columns: str, *rows: tuple[Term | None, ...]) -> Table:
    names = tuple(columns.split())
    return Table(
        names,
        tuple(
            {name: term for name, term in zip(names, row, strict=True) if term is not None}
            for row in rows
        ),
    )


RESULTS = {
    "bars": ChartData(
        table(
            "funder amount",
            (text("Évry", "fr"), number(8000)),
            (text("Communauté d'agglomération Évry Centre Essonne", "fr"), number("51600.5")),
            (text("Autre"), None),
            (text("الجمعية المغربية", "ar"), number(12000)),
            (text(HOSTILE), number(10200)),
        ),
        {"funder": "Financeur", "amount": "Montant en euros"},
    ),
    "line": ChartData(
        table(
            "year country n",
            *((year(2010 + n), text("Mali"), number(3 * n) if n != 2 else None) for n in range(5)),
            *((year(2010 + n), text("Sénégal"), number(9 - n)) for n in range(5)),
            (year(2011), text(HOSTILE), number(4)),
        ),
        {"year": "Année", "n": "Projets"},
    ),
    "timeline": ChartData(
        table(
            "tie start end",
            (text("Évry – Kayes"), year(1998), year(2014)),
            (text("Reims – Zorgho"), month("2003-06"), None),
            (text("Sans date"), None, None),
            (text(HOSTILE), None, year(2010)),
        ),
        {"tie": "Lien"},
    ),
    "map": ChartData(
        table(
            "here herePoint there",
            (text("Évry"), point(2.43, 48.62), Term("https://example.org/dakar")),
            (text("Évry"), point(2.43, 48.62), Term(f"{COUNTRY}MLI")),
            (text("Évry"), point(2.43, 48.62), Term("https://example.org/unknown")),
        ),
        {},
        {"https://example.org/dakar": [text(HOSTILE)], f"{COUNTRY}MLI": [text("Mali", "fr")]},
        {"https://example.org/dakar": MapPlace((-17.44, 14.69))},
    ),
    "figure": ChartData(
        table("ties since euros", (number(1234), year(1998), number("7.5"))),
        {"ties": "partenariats", "since": "depuis", "euros": "euros indiqués"},
    ),
    "table": ChartData(
        table("title amount", (text(HOSTILE), number(5)), (text("Projet", "fr"), None)),
        {"title": "Projet", "amount": "Montant"},
    ),
}
