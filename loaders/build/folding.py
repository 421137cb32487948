"""The folding of text for searches: what people type differently is written alike."""

from __future__ import annotations

import re
import unicodedata

from loaders.identity.stated_names import ABBREVIATED

_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "ـ": None, "ى": "ي", "ة": "ه"}
)
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The text in lower case, without accents, its words parted by one blank.

    St and Ste are read as Saint and Sainte; of Arabic words the vowel signs and the article go.

    >>> fold("St-Germain-en-Laye"), fold("L'Haÿ"), fold("الجماعة")
    ('saint germain en laye', 'l hay', 'جماعه')
    """
    return " ".join(ABBREVIATED.get(word, word) for word in words(text))


def words(text: str) -> list[str]:
    """The folded words of a text as they are written, short forms kept."""
    # The ligatures stand in no decomposition of Unicode's.
    bare = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    bare = "".join(c for c in bare if not unicodedata.combining(c))
    return [_without_article(word) for word in _WORD.findall(bare)]


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word
