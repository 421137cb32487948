"""The exceptions of the loaders.

- MaillageError
  - DatasetError        a dataset.yml, or a shipped source file, is not as it must be
  - SourceError         a source file cannot be read at all
    - NotOfThisKind     it is readable, and is another dataset's, or nobody's
  - RecordError         one record cannot be true, and is rejected
  - ValidationError     the finished graph breaks a rule that holds a build back
  - BuildError          a build cannot be finished; what was served is untouched
"""

from __future__ import annotations


class MaillageError(Exception):
    """Whatever a loader or a build says went wrong, in words for a person."""


class DatasetError(MaillageError):
    """A dataset's description, or a file that it ships, is not as it must be."""


class SourceError(MaillageError):
    """A source file cannot be read: empty, binary, in no known encoding."""


class NotOfThisKind(SourceError):
    """A source file is readable and is not one of this dataset's: it is skipped and reported."""


class RecordError(MaillageError):
    """One record cannot be true as it stands, and is rejected; the build goes on.

    `field` names what is wrong with it, `value` is what the source has there (contact details are
    masked before it is shown or kept), `advice` what the person who keeps the source can do.
    """

    def __init__(self, field: str, value: str, advice: str, *, line: int | None = None) -> None:
        super().__init__(f"{field}: {value!r}: {advice}")
        self.field = field
        self.value = value
        self.advice = advice
        self.line = line


class ValidationError(MaillageError):
    """The finished graph breaks a rule that holds a build back."""


class BuildError(MaillageError):
    """A build cannot be finished; the version that was served stays."""
