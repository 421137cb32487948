"""The issues of the lines of a page from which nothing was read, told one by one."""

from __future__ import annotations

import re

from loaders.datasets.associations.labels import is_contact, without_names
from loaders.datasets.associations.names import LONGEST_SENTENCE
from loaders.datasets.associations.numbers import NUMBER
from loaders.datasets.associations.page import AssociationPage, PageLine
from loaders.model.values import Text
from loaders.sources.dataset import Dataset
from loaders.sources.issue_log import IssueLog

_COUNTED = re.compile(
    rf"\d|\((?-i:[A-Z]{{3,}})\)|{NUMBER}\s+(?:communes|municipalit|membres|members|villes|cities"
    rf"|mayors|maires|councils)",
    re.IGNORECASE,
)


def account_for_the_rest(
    page: AssociationPage, names: set[str], dataset: Dataset, issues: IssueLog
) -> tuple[Text, ...]:
    """Give every line that is left its fate; the texts that may be published.

    A line that no rule reaches is unknown, and told. Of a line that gave a fact, the sentences
    that gave none are told, and the numbers and acronyms that are in no fact; `names` are what
    the associations of the page are called.
    """
    published = []
    personal = {line.place for line in page.lines if is_contact(line.text)}
    for line in page.open_lines():
        near_contacts = bool({line.place - 1, line.place + 1} & personal)
        if is_contact(line.text):
            page.mark(line, "contact")
            issues.left_out("contact")
            told = "a contact detail, or a person's name: it is left out"
            issues.inform("contact", "‹contact›", told, line=line.number)
        elif dataset.publishes_texts and len(line.text.split()) >= 6:
            page.mark(line, "taken")
            published.append(line.text)
        else:
            page.mark(line, "unknown")
            advice = "this line is not understood, and is not published"
            beside = (
                near_contacts and 1 < len(line.text.split()) < 5
            )  # a name in small letters, say
            shown = "‹contact›" if beside else without_names(line.text)
            issues.warn("line", shown, advice, line=line.number)
    for line in page.lines:
        if page.fates.get(line.place) == "taken" and (rest := _unread(page, line, names)):
            advice = "this part of the line is not understood, and is not published"
            issues.warn("text", without_names(rest), advice, line=line.number)
    return (Text("\n".join(published), page.language),) if published else ()


def _unread(page: AssociationPage, line: PageLine, names: set[str]) -> str | None:
    """The first sentence of a line of which nothing was read, or a number was left unread."""
    words = [each for told in page.read.get(line.place, []) for each in told.split("\n") if each]
    if line.text in words:
        return None
    for sentence in line.sentences:
        rest, read = sentence, False
        for each in words:
            read = read or each in rest
            rest = rest.replace(each, " … ")
        rest = re.sub(r"\(([^()]*)\)", lambda each: "" if each[1] in names else each[0], rest)
        if not read or len(rest) > LONGEST_SENTENCE or _COUNTED.search(rest):
            return rest.strip(" …,;.") or sentence
    return None


def tell_every_line(page: AssociationPage, issues: IssueLog) -> None:
    """Tell each line of a page that could not be read at all."""
    for line in page.lines:
        if page.fates.get(line.place) != "noise":
            masked = "‹contact›" if is_contact(line.text) else without_names(line.text)
            issues.warn("line", masked, "the page is not read: see its reason", line=line.number)
            page.fates[line.place] = "contact" if is_contact(line.text) else "unknown"
