"""The errors of a request before anything is asked of the data."""


class ProtocolError(Exception):
    """A request that is no query; `kind` names the problem, `status` is what HTTP answers."""

    def __init__(self, status: int, kind: str, **facts: object) -> None:
        super().__init__(kind)
        self.status = status
        self.kind = kind
        self.facts = facts
