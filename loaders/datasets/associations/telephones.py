"""Telephone numbers as associations write them, in the form of E.164."""

from __future__ import annotations

import re

import phonenumbers

_SEPARATOR = re.compile(r"\s*(?:[/;,|]|\bou\b|\bet\b|\s[-–]\s(?=\+|\(|\d[\d ]{6}))\s*")
_NUMBER = re.compile(r"(?:\+|\(\s*\+?)?\s*\d[\d\s().–-]*")
_SHORTEST, _LONGEST = 7, 15  # digits of a number that can be dialled from abroad (E.164: 15)
_SUFFIX = 4  # digits that may stand for the end of the number before them: "27/28", "12 40/41 50"


class UnreadableError(ValueError):
    """A number cannot be read for sure; the message says why."""


def telephones(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The numbers of a text as `+…`, and what could not be read, each with the reason.

    A number after a bar takes the calling code of the one before it, or replaces its last digits
    where it is too short to be a number. The numbering plan is not asked whether a number exists:
    plans change, and old pages keep old numbers.

    >>> telephones("(226) 503 823 27/28")[0]
    ['+22650382327', '+22650382328']
    """
    numbers: list[str] = []
    refused: list[tuple[str, str]] = []
    previous: str | None = None
    for part in filter(None, (part.strip(" .:") for part in _SEPARATOR.split(text))):
        try:
            previous = _number(part, previous)
        except UnreadableError as error:
            previous = None  # what follows must not be completed from a number further back
            refused.append((part, str(error)))
        else:
            if previous not in numbers:
                numbers.append(previous)
    return numbers, refused


def _number(part: str, previous: str | None) -> str:
    if not _NUMBER.fullmatch(part):
        raise UnreadableError("this is no telephone number")
    bare = re.sub(r"[^\d+]", "", re.sub(r"^\(\s*(?:\+|00)?\s*(\d{1,3})\s*\)", r"+\1", part))
    bare = re.sub(r"^00", "+", bare)
    if bare.startswith("+"):
        return _international(part, bare)
    if previous is None:
        raise UnreadableError("no calling code stands before it: write +, the code and the number")
    before = phonenumbers.parse(previous)
    national = phonenumbers.national_significant_number(before)
    if len(bare) <= _SUFFIX < len(national):
        return previous[: -len(bare)] + bare
    if len(bare) == len(national) + 1:
        bare = bare.removeprefix("0")  # said at home only; at full length a 0 is of the number
    if len(bare) != len(national):
        raise UnreadableError("it is neither a whole number nor the end of the one before it")
    return _international(part, f"+{before.country_code}{bare}")


def _international(part: str, bare: str) -> str:
    try:
        number = phonenumbers.parse(part if part.startswith("+") else bare)
    except phonenumbers.NumberParseException as error:
        raise UnreadableError("it begins with no known calling code") from error
    if number.country_code not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        raise UnreadableError("it begins with no known calling code")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not _SHORTEST <= len(written) - 1 <= _LONGEST:
        raise UnreadableError("it has too few or too many digits")
    return written
