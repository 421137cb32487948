"""The formats of exports: those of RDF, places, and tables."""

from typing import Final

from server.http.formats import RDF_FORMATS, Format
from server.linked_data.negotiation import GEOJSON

CSVW: Final = Format("csvw", "application/zip", "csv.zip", (), names=("csv", "zip"))
XLSX: Final = Format(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", ()
)
FORMATS: Final = (*RDF_FORMATS, GEOJSON, CSVW, XLSX)
SUFFIXES: Final = ("csv", *(entry.extension for entry in FORMATS))


def split_format(key: str) -> tuple[str, str]:
    """A key and the suffix of a format that it ends in, if it does."""
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if key.endswith(f".{suffix}") and len(key) > len(suffix) + 1:
            return key.removesuffix(f".{suffix}"), f".{suffix}"
    return key, ""
