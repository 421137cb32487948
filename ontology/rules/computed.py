"""The properties whose triples a build computes, where no rule of OWL could derive them.

The note of each property in the ontology (`skos:editorialNote`) says how.
"""

from __future__ import annotations

from typing import Final

from ontology.namespaces import MLG

STANDING: Final = frozenset(
    {MLG.declaredBy, MLG.declaration, MLG.contradictoryOn, MLG.hasHeirPartner, MLG.continues}
)
"""The standing of a partnership, by what all its records say."""

DAYS: Final = frozenset({MLG.earliest, MLG.latest})
"""First and last day of a period, from dates at the precision of their source."""
