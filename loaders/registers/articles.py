"""The articles that French names of territories take."""

from __future__ import annotations

import re

from loaders.model.iris import slug


def of(name: str) -> str:
    """A French name after "de"; its article, if it has one, is in lower case.

    >>> of("Fès"), of("Essaouira"), of("Ouidah"), of("le Centre"), of("les Cascades"), of("l'Est")
    ('de Fès', "d'Essaouira", 'de Ouidah', 'du Centre', 'des Cascades', "de l'Est")
    """
    for article, contracted in (("le ", "du "), ("les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    # "Ou" and "Y" before a vowel are no vowels: de Ouidah, de Yamoussoukro; d'Oulad Teima.
    vowel = re.match(r"(?!ou[aeiy]|y[aeiou])[aeiouy]", slug(name))
    return f"d'{name}" if vowel else f"de {name}"


def without_article(name: str) -> str:
    """A French name without the article in lower case that it opens with.

    >>> without_article("l'Est"), without_article("La Manouba")
    ('Est', 'La Manouba')
    """
    return re.sub(r"^(le |la |les |l['’])", "", name)
