"""The errors between a question and its caller.

QueryError
├── QueryFileError      a shipped `.rq` file is not as it must be
├── UnknownQuery        no query has this name
└── ArgumentError       the caller's arguments do not fit
    ├── UnknownParameter
    ├── MissingParameter
    ├── BadParameter
    ├── AmbiguousValue
    └── UnknownName
"""

from collections.abc import Sequence


class QueryError(Exception):
    """Whatever a query of the catalogue says went wrong, in words for a person."""


class QueryFileError(QueryError):
    """A query file is not as it must be; the message gives file and reason."""


class UnknownQuery(QueryError):
    """No query has this name. `known` lists those that there are."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"no query is called {name!r}")
        self.name = name
        self.known = tuple(known)


class ArgumentError(QueryError):
    """An argument does not fit its query: the caller can change it."""


class UnknownParameter(ArgumentError):
    """The query has no such parameter. `known` lists those that it has."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        takes = ", ".join(known) or "none"
        super().__init__(f"the query has no parameter {name!r}; it takes: {takes}")
        self.name = name
        self.known = tuple(known)


class MissingParameter(ArgumentError):
    """The query does not run without this parameter."""

    def __init__(self, name: str, accepted: str) -> None:
        super().__init__(f"{name} is missing; write {accepted}")
        self.name = name
        self.accepted = accepted


class BadParameter(ArgumentError):
    """A parameter has a value that it does not take; `accepted` says what it takes."""

    def __init__(self, name: str, value: str, accepted: str) -> None:
        super().__init__(f"{name}={value!r} does not fit; write {accepted}")
        self.name = name
        self.value = value
        self.accepted = accepted


class AmbiguousValue(ArgumentError):
    """A name that several bear. `choices` are those: what to write for each, and its label."""

    def __init__(self, name: str, value: str, choices: Sequence[tuple[str, str]]) -> None:
        told = ", ".join(f"{key} ({label})" for key, label in choices)
        super().__init__(f"{name}={value!r} may mean several: {told}")
        self.name = name
        self.value = value
        self.choices = tuple(choices)


class UnknownName(ArgumentError):
    """A name that nobody bears."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"{name}={value!r}: nobody is called so")
        self.name = name
        self.value = value
