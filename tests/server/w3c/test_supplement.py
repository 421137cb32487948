"""The cases that the W3C suites leave out: merges, partial dates, money, languages, Arabic."""

import pytest

from tests.server.w3c.test_patterns import cases, check


@pytest.mark.parametrize(("query", "expected"), cases("supplement.cases"))
def test_what_this_data_needs_is_right(standard, query, expected):
    check(standard, query, expected)
