"""The département of a French commune's code, on a day, and what stands for it as authority."""

from __future__ import annotations

from loaders.model.values import Ref

COLLECTIVITIES = ("975", "977", "978", "984", "986", "987", "988", "989")
"""Overseas collectivités and territories that the register lists beside the départements."""

WITHOUT_AUTHORITY = {"984", "989"}
"""Of those, the ones that are administered by the State: they are places."""

METROPOLIS = {"69M": Ref("authority/fra-siren-200046977")}
"""The authority that acts as département for a part of one only: the Métropole de Lyon."""

_TERRITORIES = {
    "2A": "2018-01-01",
    "2B": "2018-01-01",
    "67": "2021-01-01",
    "68": "2021-01-01",
    "69": "0000",
    "75": "2019-01-01",
    "972": "2016-01-01",
    "973": "2016-01-01",
}
"""The départements that are territories only from a day on, for their authority has ended; the
Rhône's is one of two on its territory."""

_LATER_HOLDERS = {"75": "1968", "78": "1968"}
"""The codes that had been those of Seine and of Seine-et-Oise before."""


_REGIONS_WITHOUT_COUNCIL = {"02", "03", "06", "94"}
"""The régions whose council is that of another authority: Martinique, Guyane, Mayotte, Corse."""


def department_key(code: str, day: str = "") -> str:
    """The key of the département that has a code on a day; today, without one.

    >>> department_key("78"), department_key("78", "1960-01-01"), department_key("2A")
    ('fra-dep-78-1968', 'fra-dep-78', 'fra-dep-2a')
    """
    since = _LATER_HOLDERS.get(code)
    key = f"fra-dep-{code.lower()}"
    return f"{key}-{since}" if since and (not day or day >= since) else key


def department(code: str, day: str = "", authority: str = "") -> tuple[Ref, ...]:
    """The territories that hold a commune of this code of département, on a day or today.

    `authority` is INSEE's code of the authority that acts as département there (CTCD), which tells
    the communes of the Métropole de Lyon from those of the Rhône.

    >>> department("91")
    (Ref(target='authority/fra-dep-91'),)
    >>> department("67", "1990-01-01"), department("67")
    ((Ref(target='authority/fra-dep-67'),), (Ref(target='place/fra-dep-67'),))
    """
    if code in COLLECTIVITIES:
        kind = "place" if code in WITHOUT_AUTHORITY else "authority"
        return (Ref(f"{kind}/fra-com-{code}"),)
    if authority in METROPOLIS:
        return (METROPOLIS[authority], Ref(f"place/fra-dep-{code}"))
    if authority == "69D":
        return (Ref("authority/fra-dep-69"),)
    since = _TERRITORIES.get(code)
    if since and (not day or day >= since):
        return (Ref(f"place/fra-dep-{code.lower()}"),)
    return (Ref(f"authority/{department_key(code, day)}"),)


def region(code: str) -> Ref:
    """The région of today that has a code, or the place that is left of one.

    >>> region("84"), region("94")
    (Ref(target='authority/fra-reg-84'), Ref(target='place/fra-reg-94'))
    """
    kind = "place" if code in _REGIONS_WITHOUT_COUNCIL else "authority"
    return Ref(f"{kind}/fra-reg-{code}")


def of_code(commune: str) -> str:
    """The code of the département that a commune's code opens with."""
    return commune[: 3 if commune.startswith(("97", "98")) else 2]
