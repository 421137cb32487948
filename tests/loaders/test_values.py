import datetime

import pytest
from pydantic import TypeAdapter

from loaders.model.values import PartialDate, Ref, Text


@pytest.mark.parametrize(
    ("lexical", "datatype", "earliest", "latest"),
    [
        ("2010", "gYear", datetime.date(2010, 1, 1), datetime.date(2010, 12, 31)),
        ("2012-02", "gYearMonth", datetime.date(2012, 2, 1), datetime.date(2012, 2, 29)),
        ("2010-06-22", "date", datetime.date(2010, 6, 22), datetime.date(2010, 6, 22)),
        ("--11-22", "gMonthDay", None, None),
        ("--02-29", "gMonthDay", None, None),
    ],
)
def test_a_date_keeps_its_precision_and_bounds_its_period(lexical, datatype, earliest, latest):
    date = PartialDate(lexical)
    assert (date.datatype, date.earliest, date.latest) == (datatype, earliest, latest)


@pytest.mark.parametrize(
    "lexical",
    [
        "",
        "20100",
        "2010-13",
        "2010-6",
        "2010-02-30",
        "--02-30",
        "--13-01",
        "22/11/2010",
        "3010-1-1",
    ],
)
def test_what_is_no_date_is_refused(lexical):
    with pytest.raises(ValueError):
        PartialDate(lexical)


def test_a_scalar_is_french_unless_it_is_tagged():
    read = TypeAdapter(Text).validate_python
    assert read("Rabat") == Text("Rabat", "fr")
    assert read("الرباط@ar") == Text("الرباط", "ar")
    assert read("contact@example.org") == Text("contact@example.org", "fr")


def test_a_reference_names_a_type_and_a_key():
    assert TypeAdapter(Ref).validate_python("country/MLI") == Ref("country/MLI")
    for nothing in ("Mali", "authority/", "a b/c", "authority/<x>"):
        with pytest.raises(ValueError):
            Ref(nothing)
