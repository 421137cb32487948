"""Scales, colours, outlines and the picture that stands alone."""

from __future__ import annotations

import doctest
import hashlib
from importlib.resources import files
from math import isclose

import pytest
import yaml
from pydantic import TypeAdapter

from loaders.sources.dataset import Dataset
from server.charts import basemap, drawing, palette, projection, result, scales, views
from server.charts.drawing import Canvas, draw_nothing, fitted, measured, wrapped
from server.charts.palette import DARK, LIGHT, BadColour, contrast, read_colour, readable
from server.charts.picture import Caption, picture, png
from server.charts.projection import course, great_circle, project
from server.charts.result import number_of, place_of, point_of, span_of
from server.charts.scales import Linear, ticks
from server.charts.views import draw
from server.engine.results import Term
from server.i18n import Voice
from tests.server.charts.results import HOSTILE, RESULTS, number, point


@pytest.mark.parametrize("module", [basemap, drawing, palette, projection, result, scales, views])
def test_the_examples_in_the_words_are_true(module) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (0, 0.003), (-5, 5), (0, 51600), (1e9, 3e9), (0, 0), (-7, -7)]
)
def test_ticks_are_few_and_hold_what_is_drawn(low: float, high: float) -> None:
    found = ticks(low, high)
    assert found[0] <= low
    assert found[-1] >= high
    assert 2 <= len(found) <= 8


def test_a_scale_of_one_value_stands_in_the_middle() -> None:
    assert Linear(3, 3, 0, 100)(3) == 50
    assert Linear(0, 10, 100, 0)(2) == 80


def test_a_colour_is_validated_and_made_visible() -> None:
    for bad in ("red;}", "#12", "javascript:1", "", "url(x)", "#12345g"):
        with pytest.raises(BadColour):
            read_colour(bad)
    for accent in ("#ffff00", "#000000", "#ffffff", "#0a6e66"):
        for colours in (LIGHT, DARK):
            assert contrast(readable(accent, colours), colours.paper) >= 3


def test_every_colour_of_a_series_stands_out_from_its_ground() -> None:
    for colours in (LIGHT, DARK):
        assert all(contrast(each, colours.paper) >= 3 for each in colours.series)
        assert contrast(colours.ink, colours.paper) >= 7
        assert contrast(colours.soft, colours.paper) >= 4.5
        assert contrast(colours.link, colours.paper) >= 4.5


def test_a_text_fits_its_room() -> None:
    for text in ("Évry", HOSTILE, "日本" * 50, "الجمعية المغربية " * 9):
        assert measured(fitted(text, 120)) <= 120 + 13
        assert len(wrapped(text, 200, lines=2)) <= 2
    assert wrapped("un deux trois", 1000) == ["un deux trois"]


def test_outlines_are_small_licensed_and_whole() -> None:
    folder = files("server.charts.basemap")
    content = folder.joinpath("source/basemap.json").read_bytes()
    described = yaml.safe_load(folder.joinpath("dataset.yml").read_text("utf-8"))
    dataset = TypeAdapter(Dataset).validate_python({"name": "basemap", **described})
    assert len(content) < 60_000
    assert dataset.files == {"basemap.json": hashlib.sha256(content).hexdigest()}
    assert "BSD" in str(dataset.licence)
    countries = basemap.countries()
    assert len(countries) == 241
    assert {"FRA", "MLI", "MAR", "ESH", "PSE", "XKX", "COM"} <= set(countries)
    assert countries["FRA"].at == (2.5, 46.6)
    assert all(abs(x) <= 180.1 and abs(y) <= 90 for c in countries.values() for r in c.rings
               for x, y in r)  # fmt: skip


def test_areas_are_true_and_ways_are_the_shortest() -> None:
    # Equal Earth: a degree by a degree at 60° covers half of what it covers at the equator.
    def cell(latitude: float) -> float:
        (a, b), (c, d) = project((0, latitude)), project((1, latitude + 1))
        return abs((c - a) * (d - b))

    assert isclose(cell(59.5) / cell(-0.5), 0.5, rel_tol=0.02)
    (way,) = great_circle((2.35, 48.85), (-71.2, 46.8))
    assert max(latitude for _, latitude in way) > 50, "north of both ends"
    assert len(list(great_circle((170, 0), (-170, 0)))) == 2
    assert list(great_circle((0, 0), (180, 0))) == [[(0, 0), (180, 0)]]


def test_a_line_near_a_pole_is_a_bow_through_the_map():
    paris, bamako, wallis = (2.35, 48.85), (-8.0, 12.6), (-176.2, -13.3)
    assert course(paris, bamako) == list(great_circle(paris, bamako))
    (bow,) = course(paris, wallis)
    assert (bow[0], bow[-1]) == (paris, pytest.approx(wallis))
    assert max(abs(latitude) for _, latitude in bow) < 60


def test_what_is_no_number_time_or_place_is_none() -> None:
    assert number_of(Term("many", "literal", "", number(1).datatype)) is None
    assert number_of(Term("INF", "literal", "", "http://www.w3.org/2001/XMLSchema#double")) is None
    assert span_of(Term("--11-22", "literal", "", "http://www.w3.org/2001/XMLSchema#gMonthDay")) \
        is None  # fmt: skip
    assert point_of("POINT(200 10)") is None
    assert point_of("POLYGON((0 0, 1 1, 1 0, 0 0))") is None
    assert point_of(point(2.4, 48.6).value).at == (2.4, 48.6)
    assert place_of("http://publications.europa.eu/resource/authority/country/1A0", {}).approximate
    assert place_of("http://publications.europa.eu/resource/authority/country/XXX", {}) is None


def test_a_picture_says_what_it_is_and_whence_in_svg_and_png() -> None:
    canvas = Canvas(400, 200, Voice("fr"))
    caption = Caption("Qui finance <quoi> ?", ("Pays : Mali",), ("Source : Atlas", HOSTILE))
    document = picture(draw("bars", RESULTS["bars"], canvas), canvas, caption, "light", "#0072b2")
    assert "Qui finance &lt;quoi&gt; ?" in document
    assert "Source : Atlas" in document
    assert ".f0{fill:#0072b2}" in document
    image = png(document)
    assert image.startswith(b"\x89PNG")
    assert int.from_bytes(image[16:20], "big") == 2 * 432


def test_a_problem_can_be_a_picture() -> None:
    canvas = Canvas(400, 200, Voice("fr"))
    caption = Caption("Un réglage ne convient pas", ("« rouge » ne convient pas.",))
    assert "ne convient pas" in picture(draw_nothing(), canvas, caption, "dark")


def test_the_middle_of_a_country_lies_in_its_largest_part():
    places = basemap.countries()
    assert 80 < places["RUS"].at[0] < 120
    assert 177 < places["FJI"].at[0] < 180
