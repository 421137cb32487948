"""The names that say of themselves that they mean no local authority.

`Comité de jumelage de Chinon`, `Veolia SA`, `Ministry of Health`, `neuf communes du canton` stand
among the partners of a project or in the column of a list, and none of them may be an end of a tie.
Words decide, in the languages of the sources; what a register knows as an authority, or what a
source itself calls a commune, is never asked here.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from loaders.identity.stated_names import KINDS
from loaders.model.iris import slug

_WORDS = (
    # Associations and those who raise, give or gather.
    "associations? associazione asociacion(?:es)? associacao associacio amicale ong ngo asbl "
    "[a-z]*verein(?:e|igung)? stiftung [a-z]*freunde freundeskreis onlus "
    "fondation foundation fundacion fundacao fundacio fondazione "
    "(?:croix|croissant)-rouge red-(?:cross|crescent) cruz-(?:roja|vermelha) media-luna-roja "
    "crescente-vermelho rot(?:es|er)-(?:kreuz|halbmond) croce-rossa mezzaluna-rossa "
    "secours-(?:populaire|catholique|islamique|chretien) caritas oxfam emmaus rotary lions-club "
    "comites?(?!-(?:populaire|du-peuple|executif)) comitato [a-z]*komitee "
    "(?<!people-s-)(?<!peoples-)(?<!executive-)committee "
    "jumelage twinning hermanamiento gemellaggio charity trust plate-?forme "
    "(?:friends|amigos|amici|amis)-(?:of|de|di|du|des|d)"
    # Companies.
    " entreprise compagnie company empresa cooperativ(?:e|a) [a-z]*genossenschaft "
    "[a-z]*gesellschaft"
    # The state, its schools and what it runs.
    " [a-z]*minist(?:ere|ry|erio|erium|ero)s? ambassade embassy embajada botschaft consulat "
    "universites? universidad(?:es)? universidade universitat universita [a-z]*hochschule "
    "university(?!-(?:city|park|place|heights)) chamber-of-commerce handelskammer "
    "(?:chambre|camara)-(?:de|d|des)-(?:commerce|comercio|agriculture|metiers) "
    "(?:development|world)-bank unicef unesco undp pnud "
    # Land that nobody is elected to govern.
    "refugee-camps? refugies refugiados fluchtlingslager campamento biosphere biosfera "
    "national-park nature-reserve"
)
_OPENING = (
    "collectif coordination reseau organi[sz]ation organizacion club institut institute instituto "
    "lycee agence agencia fonds banque societe groupe direction programme paroisse diocese "
    "hopital centre-hospitalier chu mission-locale parc-national red-de "
    "groupement-(?:d-interet|de-(?:femmes|producteurs|productrices)|feminin|d-agriculteurs) "
    "(?:ecole|escuela|college|office|regie|maison|camp|campo|reserve|reserva)-(?:de|d|des|du|of) "
    "reserve-(?:naturelle|nationale) office-national"
)
_CLOSING = (
    "(?<!baix-)camp network netzwerk agency gmbh ltd limited llc inc plc sarl s-a-r-l sasu eurl "
    "scop scic gie lda ltda s-r-l s-p-a s-a-s s-a s-l b-v n-v e-v"
)
_ARABIC = (
    "جمعية جمعيات منظمة الهلال-الأحمر الصليب-الأحمر وزارة جامعة شركة مؤسسة لجنة تعاونية مخيم "
    "سفارة مستشفى شبكة نادي غرفة-التجارة"
)
_ARABIC_GROUPS = "بلديات جماعات"
_NUMBERS = (
    r"\d+|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|plusieurs|divers|"
    r"diverses|quelques|autres|two|three|four|five|six|seven|eight|nine|ten|several|various|other|"
    r"varios|otros|mehrere"
)
_MANY = (
    "communes|villes|villages|collectivites|municipalites|departements|regions|cercles|"
    "municipalities|towns|cities|councils|municipios|ayuntamientos|gemeinden|stadte"
)
_OF_MANY = "de|des|du|d|of|del|in|von|dans|membres|partenaires|voisines|rurales|urbaines"
_LEGAL_FORM = re.compile(
    r"^camp\s|^S\.\s?A\.\s|^(?:ONG|NGO|OSC|GIE|GIP|SARL|SASU?|EURL|SCOP|SCIC|OSBL|ASBL|CHU)\b"
    r"|[^\s,(]\s(?:SA|SAS|SEM|SPL|SNC|SCI|GIP)$"
)
"""An abbreviation that opens or closes a name, in capitals: in small letters it may be a word."""
_FEDERATION = re.compile(
    r"(?:^|-)(?:federation|federacion|federacao|federazione|foderation)(?:-|$)"
    r"(?!(?:of-|de-|de-la-)(?:bosni|russi))"
)
LEBANON = "LBN"
"""Where municipalities join in federations under public law (`ittihad al-baladiyat`)."""

NAMESAKES_OF_STATES = frozenset(
    {
        "andorre", "djibouti", "gibraltar", "guatemala", "hong-kong", "koweit", "kuwait",
        "luxembourg", "macao", "mexico", "monaco", "panama", "saint-marin", "san-marino",
        "sao-tome", "singapore", "singapour",
    }
)  # fmt: skip
"""Towns that bear the name of their country."""


@lru_cache(maxsize=1 << 17)
def is_other_body(name: str, country: str | None = None) -> bool:
    """True where the words of a name say that it is no local authority, or no single one.

    `country` is the code of the country that its source gives it.

    >>> [is_other_body(name) for name in ("Comité de jumelage de Chinon", "Ville de Chinon")]
    [True, False]
    >>> is_other_body("Veolia SA"), is_other_body("SA POBLA"), is_other_body("جمعية تنمية المدينة")
    (True, False, True)
    """
    key = slug(name)
    if _of_authority().match(key):
        return False
    if country != LEBANON and _FEDERATION.search(key):
        return True
    return bool(_other().search(key) or _LEGAL_FORM.search(name.strip()))


@cache
def _of_authority() -> re.Pattern[str]:
    """The opening of a name that calls itself an authority, whoever is named after it."""
    kinds = "|".join(sorted(KINDS, key=len, reverse=True))
    return re.compile(rf"(?:l-|la-|le-)?(?:{kinds}|syndicat|mancomunidad)-(?:de|du|des|d|of)-")


def _any(words: str) -> str:
    return "|".join(words.split())


@cache
def _other() -> re.Pattern[str]:
    arabic = "|".join(map(slug, _ARABIC.split()))
    return re.compile(
        rf"(?:^|-)(?:{_any(_WORDS)})(?:-|$)"
        rf"|^(?:la-|le-|les-|l-)?(?:{_any(_OPENING)})(?:-|$)"
        rf"|-(?:{_any(_CLOSING)})$"
        rf"|(?:^|-)(?:ال)?(?:{arabic})(?:-(?!التعاون-بين)|$)"
        rf"|^(?:les-)?(?:{_NUMBERS})-(?:[a-z]+-)?(?:{_MANY})(?:-|$)"
        rf"|^(?:les-)?(?:{_MANY})-(?:{_OF_MANY})-"
        rf"|^(?:{_any(_ARABIC_GROUPS)})(?:-|$)"
    )
