"""A citation as an RO-Crate 1.1: a zip of question, answer, and who contributed."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from server.linked_data.citing.citation import Citation
from server.linked_data.exports.tables import packed

PROFILE = "https://w3id.org/ro/crate/1.1"


def written_crate(citation: Citation, files: Mapping[str, tuple[str, bytes]]) -> bytes:
    """The zip: the files by name, each with its media type, the citation, and the metadata."""
    added = {
        **files,
        "citation.bib": ("application/x-bibtex", citation.bibtex().encode()),
        "citation.json": ("application/vnd.citationstyles.csl+json", citation.csl().encode()),
    }
    document = {"@context": f"{PROFILE}/context", "@graph": list(described(citation, added))}
    content = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(packed("ro-crate-metadata.json"), content)
        for name, (_, data) in added.items():
            archive.writestr(packed(name), data)
    return buffer.getvalue()


def described(
    citation: Citation, files: Mapping[str, tuple[str, bytes]]
) -> Iterator[Mapping[str, Any]]:
    """The entities of the metadata (RO-Crate 1.1, 3): the crate, its files, sources, licences."""
    licences = dict.fromkeys(each.licence for each in citation.sources if each.licence)
    yield {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": PROFILE},
        "about": {"@id": "./"},
    }
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": citation.titles["en"],
        "alternateName": citation.titles["fr"],
        "description": citation.note("en"),
        "identifier": citation.iri,
        "url": citation.address,
        "version": citation.version,
        "hasPart": [{"@id": name} for name in files],
        "license": [{"@id": iri} for iri in licences],
        "isBasedOn": [{"@id": each.iri} for each in citation.sources],
    }
    for name, (media_type, data) in files.items():
        yield {
            "@id": name,
            "@type": "File",
            "name": name,
            "encodingFormat": media_type,
            "contentSize": str(len(data)),
        }
    for each in citation.sources:
        yield {
            "@id": each.iri,
            "@type": "Dataset",
            "name": each.titles.get("en", each.name),
            "publisher": each.publisher,
            "conditionsOfAccess": each.rights,
            **({"license": {"@id": each.licence}} if each.licence else {}),
        }
    for iri in licences:
        yield {"@id": iri, "@type": "CreativeWork", "name": iri}
