"""Each view draws what it is given: a reference rendering, hostile labels, what is not known."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from server.charts.drawing import Canvas, svg
from server.charts.palette import style
from server.charts.result import ChartData
from server.charts.views import VIEWS, chosen, draw, offered, view_of
from server.i18n import Voice
from tests.server.charts.results import RESULTS, month, number, point, table, text, year

HERE = Path(__file__).parent
SVG = "{http://www.w3.org/2000/svg}"


def drawn(
    view: str, width: int = 300, result: ChartData | None = None, language: str = "fr"
) -> str:
    canvas = Canvas(width, 200, Voice(language))
    drawing = draw(view, result or RESULTS[view], canvas)
    return svg(drawing, canvas, "Titre & <sujet>", standing=True)


def texts(document: str) -> list[str]:
    return ["".join(each.itertext()) for each in ET.fromstring(document).iter(f"{SVG}text")]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_draws_as_its_reference(view: str, regenerate: bool) -> None:
    reference = HERE / f"{view}.svg"
    document = drawn(view).replace("><", ">\n<") + "\n"
    if regenerate:
        reference.write_text(document, "utf-8")
    assert document == reference.read_text("utf-8")


@pytest.mark.parametrize("width", [260, 640])
@pytest.mark.parametrize("view", VIEWS)
def test_hostile_labels_stay_words_and_are_cut(view: str, width: int) -> None:
    document = drawn(view, width)
    root = ET.fromstring(document)
    names = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert names <= {
        *("svg", "g", "path", "rect", "circle", "text", "title", "desc"),
        *("defs", "pattern", "clipPath"),
    }
    assert not any(name.startswith("on") for each in root.iter() for name in each.attrib)
    assert "\u202e" not in document
    assert "\x00" not in document
    assert max(map(len, texts(document)), default=0) <= 620, "a label, and the whole in its tooltip"


@pytest.mark.parametrize("view", VIEWS)
def test_a_drawing_has_a_name_and_a_description(view: str) -> None:
    root = ET.fromstring(drawn(view))
    named = root.attrib["aria-labelledby"].split()
    assert root.attrib["role"] == "img"
    found = [next(e for e in root.iter() if e.attrib.get("id") == each) for each in named]
    assert found[0].text == "Titre & <sujet>"
    assert found[1].text


def test_views_are_offered_by_the_shape_of_a_result() -> None:
    assert offered(RESULTS["bars"]) == ("bars", "table")
    assert offered(RESULTS["line"]) == ("line", "bars", "timeline", "table")
    assert offered(RESULTS["timeline"]) == ("timeline", "table")
    assert offered(RESULTS["map"]) == ("map", "table")
    assert offered(RESULTS["figure"]) == ("figure", "bars", "table")
    assert offered(RESULTS["table"]) == ("bars", "table")
    assert offered(ChartData(table("a b"))) == ("table",)


def test_a_wanted_view_that_does_not_fit_gives_way() -> None:
    assert chosen(RESULTS["bars"], "map", "bars") == "bars"
    assert chosen(RESULTS["bars"], "map") == "table"
    assert chosen(RESULTS["bars"], "nonsense", "") == "table"


def test_a_query_says_its_view_in_a_comment() -> None:
    assert view_of("#view: map\nSELECT * {}") == "map"
    assert view_of("PREFIX a: <b#>\n#+ view: bars\nSELECT * {}") == "bars"
    assert view_of("#view: hologram\nSELECT * {}") == ""
    assert view_of('SELECT ("#view: map" AS ?x) {}') == ""


def test_what_is_not_stated_is_hatched_and_said() -> None:
    for view in ("bars", "line", "timeline"):
        assert "url(#c-unknown)" in drawn(view)
    assert "non indiqué" in texts(drawn("bars"))
    assert "not stated" in texts(drawn("bars", language="en"))
    description = draw("bars", RESULTS["bars"], Canvas(300, 200, Voice("fr"))).description
    assert "1 n’est pas indiqué." in description


def test_numbers_are_written_as_the_language_does() -> None:
    assert "51\u202f600,5" in texts(drawn("bars"))
    assert "51,600.5" in texts(drawn("bars", language="en"))


def test_a_result_larger_than_its_view_is_cut_and_says_so() -> None:
    rows = [(text(f"Commune {n}"), number(n), year(1990 + n % 30)) for n in range(1000)]
    result = ChartData(table("name n year", *rows))
    for view in ("bars", "timeline", "table", "line"):
        drawing = draw(view, result, Canvas(300, 200, Voice("fr")))
        assert drawing.cut
        assert drawing.total == 1000
        assert len(drawing.body) < 20_000, view


def test_a_map_says_what_it_cannot_place_and_what_it_knows_only_by_country() -> None:
    drawing = draw("map", RESULTS["map"], Canvas(300, 200, Voice("en")))
    assert drawing.notes == (
        "A ring: only the country is known.",
        "1 row without a known place is not on the map.",
    )
    assert drawing.description.startswith("Map of 3 places.")
    assert drawing.body.count('class="s0 ring"') == 1


def test_western_sahara_is_drawn_as_the_site_says() -> None:
    result = ChartData(table("a p", (text("Laâyoune"), point(-13.2, 27.15))))
    apart = draw("map", result, Canvas(300, 200, Voice("fr"))).body
    united = draw("map", result, Canvas(300, 200, Voice("fr"), western_sahara="morocco")).body
    assert 'stroke-dasharray="3 2"' in apart
    assert "stroke-dasharray" not in united


def test_a_drawing_runs_from_right_to_left_where_reading_does() -> None:
    drawing = draw("bars", RESULTS["bars"], Canvas(300, 200, ARABIC))
    usual = draw("bars", RESULTS["bars"], Canvas(300, 200, Voice("fr")))
    assert 'text-anchor="end"' in drawing.body
    zero = next(line for line in usual.body.split("<") if 'class="axis"' in line)
    assert zero.startswith('path d="M0.0,')
    zero = next(line for line in drawing.body.split("<") if 'class="axis"' in line)
    assert zero.startswith('path d="M300.0,')


def test_a_date_is_as_long_as_its_precision() -> None:
    result = ChartData(table("t a", (text("an"), year(2000)), (text("mois"), month("2010-06"))))
    assert [result.time(row, "a").last - result.time(row, "a").first for row in result.table.rows] \
        == pytest.approx([1, 1 / 12])  # fmt: skip


def test_the_style_follows_the_reader_or_the_site_and_prints_light() -> None:
    assert "prefers-color-scheme:dark" in style("auto")
    assert "prefers-color-scheme" not in style("light") + style("dark")
    assert style("dark").endswith("}}")
    assert "@media print" in style("dark")
    assert ".f0{fill:#cc0000}" in style("light", "#cc0000")


class Arabic(Voice):
    """French words, placed as Arabic ones are."""

    @property
    def rtl(self) -> bool:
        return True


ARABIC = Arabic("fr")
