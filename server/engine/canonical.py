"""The text of a query without what does not change its answer: white space and comments.

Two texts that come out alike mean the same. Where the lexer could be misled about what is a string
or a comment, the text is left as it stands: that costs a cache, not the truth.
"""

import re

# One token in a group; white space and comments before it in none. Whatever is neither string,
# IRI, `<` nor comment runs to the next white space, so no two words are ever joined or parted. A
# string that nobody ends goes to its last possible place, as in `outline`.
TOKENS = re.compile(
    r"""(?:\s+|\#[^\n\r]*)*+
        (\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})? | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?
        | "(?:[^"\\\n\r]|\\.)*+"? | '(?:[^'\\\n\r]|\\.)*+'?
        | <[^<>"'{}|^`\\\x00-\x20]*>
        | [^\s"'<\#\\]+ | . | \Z)
    """,
    re.VERBOSE | re.DOTALL,
)
# `?a<'b#c'` looks like the beginning of an IRI.
AMBIGUOUS = re.compile(
    r"""<(?![A-Za-z][A-Za-z0-9+.-]*://[^<>"'{}|^`\\\x00-\x20]*>)
        [^<>"{}|^`\\\x00-\x20]*['\#]""",
    re.VERBOSE,
)


def canonical(text: str) -> str:
    """The text that stands for all that differ from it in white space and comments only."""
    # An escape may spell a quotation mark.
    if "\\u" in text or "\\U" in text or AMBIGUOUS.search(text):
        return text
    return " ".join(TOKENS.findall(text)).strip()
