"""The errors of vocabulary files."""


class OntologyError(Exception):
    """A shipped vocabulary file cannot be used."""


class OntologyFileMissingError(OntologyError):
    """A vocabulary file is not in the installed package."""


class OntologyImportError(OntologyError):
    """A vocabulary imports what does not ship, or itself; the message gives the way there."""


class OntologyContradictionError(OntologyError):
    """A class can have no member; the message gives file, line and why."""


class OntologySyntaxError(OntologyError):
    """A vocabulary file cannot be parsed; the message gives file, line and cause."""
