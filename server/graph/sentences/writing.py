"""A question of the grammar as the sentence that asks it, in French or English."""

from collections.abc import Callable

from ontology.namespaces import COUNTRY, ID
from ontology.schemes import normalise
from server.graph.sentences.compilation import THEME
from server.graph.sentences.grammar import PERIOD, FormWords, grammar
from server.graph.sentences.question import Question

Names = Callable[[str, str], str]
"""The name of an IRI, given what its slot takes, such that it leads back to it."""
FRENCH = (f"{ID}authority/fra-dep-", f"{ID}authority/fra-reg-")
VOWELS = "aeiou"
QUOTED = {"fr": "« {} »", "en": "“{}”"}


def write(question: Question, language: str, name: Names) -> str:
    """The sentence of a question.

    >>> write(Question("authorities", "municipality", since="2010"), "en", lambda takes, iri: iri)
    'Which municipalities cooperate abroad since 2010?'
    """
    words = grammar().words(question.form, language)
    verb = words.verb[0] if words.verb else ""
    parts = {slot: clause(question, slot, language, name) for slot in question.slots}
    begin = beginning(question, words, language)
    if parts.get("subject", "").startswith("les "):
        begin = words.begin[1]
    sentence = words.say.format(
        begin=begin,
        verb=words.alone if words.alone and not question.given("partner") else verb,
        **{
            slot: parts.get(slot, "")
            for slot in grammar().forms[question.form].slots
            if slot != PERIOD
        },
        period=period(question, language),
    )
    written = " ".join(sentence.split())
    return written.replace(" ?", "?") if language == "en" else written


def beginning(question: Question, words: FormWords, language: str) -> str:
    """How the sentence of a question begins."""
    if not question.kind:
        return words.begin[0]
    kind = getattr(grammar().kinds[question.kind], language)
    return words.begin[0].format(which=kind.which, kind=kind.read[0])


def clause(question: Question, slot: str, language: str, name: Names) -> str:
    """What is said of a slot: the word before it, and the names in it."""
    form, entry = grammar().forms[question.form], grammar().slots[slot]
    own = form.said.get(slot)
    said = str(getattr(own, language)) if own else getattr(entry, language).say
    either = f" {getattr(grammar().either, language)} "
    values = question.given(slot)
    if not values:
        return ""
    named = [(iri, name(entry.takes, iri)) for iri in values]
    if language == "en":
        return f"{said} {either.join(english(*each) for each in named)}"
    again = said if said in ("de", "à") else ""  # which French repeats
    return either.join([french(said, *named[0]), *(french(again, *each) for each in named[1:])])


def period(question: Question, language: str) -> str:
    """What is said of the years."""
    since, until, ways = question.since, question.until, grammar().period
    if since and until and since != until:
        first, second = getattr(ways.between, language)[0]
        return f"{first} {since} {second} {until}"
    if since and until:
        return f"{getattr(ways.during, language)[0]} {since}"
    if since:
        return f"{getattr(ways.since, language)[0]} {since}"
    return f"{getattr(ways.until, language)[0]} {until}" if until else ""


def english(iri: str, name: str) -> str:
    """A name with the article that it needs."""
    if iri.startswith(THEME):
        return QUOTED["en"].format(name)
    code = iri.removeprefix(str(COUNTRY))
    return f"the {name}" if code != iri and code in grammar().countries.the else name


def french(said: str, iri: str, name: str) -> str:
    """A word and a name after it, with the article between them or within it."""
    if iri.startswith(THEME):
        return f"{said} {QUOTED['fr'].format(name)}"
    article, is_country = article_of(iri, name), iri.startswith(str(COUNTRY))
    if said == "à" and not is_country:
        said = "de"
    if name.startswith(("Le ", "Les ")) and said in ("de", "à"):
        article, _, name = name.partition(" ")
    match said, article.lower():
        case "de", "le" | "les":
            return f"{'du' if article.lower() == 'le' else 'des'} {name}"
        case "de", "la" | "l'" if not is_country:
            return f"de la {name}" if article == "la" else f"de l'{name}"
        case "de", _:
            return f"d'{name}" if is_vowel(name) else f"de {name}"
        case "à", "le" | "les":
            return f"{'au' if article.lower() == 'le' else 'aux'} {name}"
        case "à", "la" | "l'":
            return f"en {name}"
    between = article if article.endswith("'") or not article else f"{article} "
    return f"{said} {between}{name}".strip()


def article_of(iri: str, name: str) -> str:
    """The French article before the name of a country, département or région; else empty."""
    code, known = iri.removeprefix(str(COUNTRY)), grammar().countries
    if iri.startswith(FRENCH):
        articles = grammar().territories.items()
        return next((article for article, names in articles if name in names), "")
    if code == iri or code in known.bare:
        return ""
    if code in known.plural or name.startswith("Îles "):
        return "les"
    if is_vowel(name):
        return "l'"
    feminine = code in known.feminine or name.endswith("e")
    return "la" if feminine and code not in known.masculine else "le"


def is_vowel(name: str) -> bool:
    """True where the name begins with a vowel, before which words lose theirs."""
    return normalise(name)[:1] in VOWELS and bool(name)
