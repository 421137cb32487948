"""The contact details of an association: each kind of value read, or refused and told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from loaders.datasets.associations.address import postal_address
from loaders.datasets.associations.fields import Field
from loaders.datasets.associations.telephones import telephones
from loaders.model.records import Seat
from loaders.model.values import Ref
from loaders.sources.issue_log import IssueLog
from loaders.sources.masking import EMAIL

WEB = re.compile(
    r"(?:https?://|www\.)[^\s<>\"{}|\\^`)\]]+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}\b(?:/\S*)?"
)
"""The address of a site, with its protocol or without."""
_AT = re.compile(r"\s*\\?[(\[]?\s*(?:@|\b(?:at|arobase)\b)\s*\\?[)\]]?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """The place to tell of what cannot be read: the log, and the line of the file."""

    issues: IssueLog
    line: int

    def refuse(self, what: str, value: str, advice: str) -> None:
        """Note a value that is not published."""
        self.issues.refuse(what, value, advice, line=self.line)

    def warn(self, what: str, value: str, advice: str) -> None:
        """Note a value that is kept, and is odd."""
        self.issues.warn(what, value, advice, line=self.line)


@dataclass
class Contacts:
    """The contact details in the association's own block; `found` tells whether there is one."""

    addresses: list[str] = field(default_factory=list)
    telephones: list[str] = field(default_factory=list)
    as_stated: list[str] = field(default_factory=list)
    faxes: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    homepage: str | None = None
    found: bool = False

    def site(self) -> Seat | None:
        """The seat that the block describes."""
        site = Seat(
            address=postal_address(self.addresses) if self.addresses else None,
            telephones=tuple(Ref(f"tel:{number}") for number in dict.fromkeys(self.telephones)),
            telephones_as_stated=tuple(self.as_stated),
            faxes=tuple(self.faxes),
            fax_numbers=tuple(
                dict.fromkeys(
                    Ref(f"tel:{number}") for fax in self.faxes for number in telephones(fax)[0]
                )
            ),
            emails=tuple(Ref(f"mailto:{email}") for email in dict.fromkeys(self.emails)),
        )
        return site if site != Seat() else None

    def take(self, label: Field, value: str, links: tuple[str, ...], told: Told) -> bool:
        """Take the value of a label; False, and told, where nothing of it can be read."""
        if label == "address":
            self.addresses.append(value)
        elif label == "web":
            return self.take_site(value, links, told)
        elif label == "email":
            return self.take_emails(value, told)
        if label in ("fax", "both"):
            self.faxes.append(value)
        if label in ("telephone", "both"):
            self.as_stated.append(value)
            numbers, refused = telephones(value)
            self.telephones += numbers
            for part, reason in refused:
                told.warn("telephone", part, f"{reason}; kept as stated")
        return True

    def take_emails(self, value: str, told: Told) -> bool:
        """Take the e-mail addresses of a value."""
        written = [match[0] for match in EMAIL.finditer(value)] or [value]
        whole = [_AT.sub("@", each) for each in written]
        for raw, email in zip(written, whole, strict=True):
            if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", email):
                self.emails.append(email)
            else:
                shown = raw if EMAIL.search(raw) else "‹e-mail›"  # what is no address may hold one
                told.refuse("e-mail", shown, "this is no whole e-mail address: complete it")
        return any(email in self.emails for email in whole)

    def take_site(self, value: str, links: tuple[str, ...], told: Told) -> bool:
        """Take the address of a site, from the words of a value or from its link."""
        match = WEB.search(value)
        linked = [target for target in links if target.startswith("http")]
        if not match or not match[0].startswith("http"):  # the link says what the words leave out
            named = match[0].removeprefix("www.") if match else ""
            match = next((WEB.match(each) for each in linked if named in each), match)
        if not match:
            told.refuse("site", value, "this is no web address")
            return False
        address = match[0].rstrip(".,;")
        address = address if address.startswith("http") else f"http://{address}"
        if self.homepage and self.homepage != address:
            told.warn("site", address, "the page gives a second site: the first one is kept")
        self.homepage = self.homepage or address
        return True
