"""Queries that ask for more than there is, and what each may be answered.

The data they meet is a ring of two thousand acquaintances, each with a text of many a's.
"""

EX = "https://example.org/"
MIXED = '"841" 780 0 "12" 5 "7" 99 "100" 3 "44" 67 "5" 1 "2" 8 "9" 10 "11" 12 "13" 14 "15" 16 "17"'
COUNT = "SELECT (COUNT(*) AS ?n)"
SPO = "?s ?p ?o"
ALL3 = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
KNOWS = f"<{EX}knows>"
TEXT = f"?x <{EX}text> ?t"
REFUSED = {(400, "syntax"), (400, "service"), (400, "graph-name")}
STOPPED = {(503, "deadline"), (503, "memory")}
GAVE_WAY = {(500, "crash"), *STOPPED}
TOO_MUCH = {(413, "result-size"), *STOPPED}
FINE = {(200, "")}


def repeated(part: str, times: int, joint: str = " ") -> str:
    return joint.join(part.replace("#", str(number)) for number in range(times))


# Name, query, and what may be answered. {canary} is an address that must never be called.
QUERIES: dict[str, tuple[str, set[tuple[int, str]]]] = {
    "cross join counted": (f"SELECT (COUNT(*) AS ?n) {{ {ALL3} }}", STOPPED),
    "cross join ordered": (f"SELECT * {{ {ALL3} }} ORDER BY ?c ?f ?i", STOPPED),
    "cross join distinct": (f"SELECT DISTINCT ?a ?d ?g {{ {ALL3} }}", TOO_MUCH),
    "cross join streamed": (f"SELECT * {{ {ALL3} }}", TOO_MUCH),
    "cross join asked for what is not": (
        f"ASK {{ {ALL3} FILTER(CONCAT(STR(?c), STR(?f), STR(?i)) = 'z') }}",
        STOPPED,
    ),
    "cross join constructed": (f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {ALL3} }}", TOO_MUCH),
    "cross join grouped": (f"SELECT ?a (COUNT(*) AS ?n) {{ {ALL3} }} GROUP BY ?a", STOPPED),
    "cross join by OPTIONAL": (
        f"SELECT (COUNT(*) AS ?n) {{ {SPO} OPTIONAL {{ ?a ?b ?c OPTIONAL {{ ?d ?e ?f }} }} }}",
        STOPPED,
    ),
    "cross join by UNION": (
        "SELECT (COUNT(*) AS ?n) {" + repeated("{ ?a# ?b# ?c# } UNION { ?d# ?e# ?f# } .", 8) + "}",
        STOPPED,
    ),
    "cross join of subqueries": (
        f"{COUNT} {{ {{ SELECT ?a {{ {ALL3} }} }} {{ SELECT ?j {{ ?j ?k ?l }} }} }}",
        STOPPED,
    ),
    "MINUS of a cross join": (f"SELECT * {{ {SPO} MINUS {{ {SPO} . {ALL3} }} }}", TOO_MUCH),
    "EXISTS of a cross join": (
        f"{COUNT} {{ {SPO} FILTER EXISTS {{ {ALL3} FILTER(?a = ?i && ?c = ?d) }} }}",
        STOPPED,
    ),
    "regex bomb": (
        f'{COUNT} {{ {TEXT} . ?y <{EX}text> ?u FILTER REGEX(CONCAT(?t, ?u), "^(a+)+$") }}',
        {*STOPPED, *FINE},
    ),
    "regex of a huge repetition": (
        'ASK { FILTER REGEX("aaaa", "((a{1000}){1000}){1000}") }',
        {*FINE, *GAVE_WAY},
    ),
    "regex that is none": ('ASK { FILTER REGEX("a", "(((") }', FINE),
    "REPLACE that grows": (
        'SELECT (STRLEN(?e) AS ?n) { BIND("aaaaaaaaaa" AS ?a)'
        + repeated('BIND(REPLACE(?v#, "a", "aaaaaaaaaa") AS ?w#)', 1)
        + 'BIND(REPLACE(?a, "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") AS ?b)'
        + 'BIND(REPLACE(?b, "a", CONCAT(?b, ?b, ?b, ?b)) AS ?c)'
        + 'BIND(REPLACE(?c, "a", CONCAT(?c, ?c, ?c, ?c)) AS ?d)'
        + 'BIND(REPLACE(?d, "a", ?d) AS ?e) }',
        {(503, "memory"), (500, "crash"), (503, "deadline")},
    ),
    "CONCAT that doubles": (
        'SELECT (STRLEN(?v40) AS ?n) { BIND("aaaaaaaaaaaaaaaa" AS ?v0)'
        + "".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40))
        + "}",
        {*GAVE_WAY, (400, "syntax")},
    ),
    "GROUP_CONCAT bomb": (f"SELECT (GROUP_CONCAT(?c) AS ?t) {{ {ALL3} }}", STOPPED),
    "GROUP_CONCAT with a long separator": (
        f'SELECT (GROUP_CONCAT(STR(?o); SEPARATOR="{"x" * 50_000}") AS ?t) {{ {SPO} }}',
        {*TOO_MUCH, (500, "crash")},
    ),
    "path between all pairs": (f"SELECT (COUNT(*) AS ?n) {{ ?a {KNOWS}* ?b }}", STOPPED),
    "path of any property": (f"SELECT (COUNT(*) AS ?n) {{ ?a (!<{EX}none>)* ?b }}", STOPPED),
    "path in both directions": (
        f"SELECT (COUNT(*) AS ?n) {{ ?a ({KNOWS}|^{KNOWS})+ ?b . ?b ({KNOWS}|^{KNOWS})+ ?c }}",
        STOPPED,
    ),
    "path of stars in stars": (f"SELECT (COUNT(*) AS ?n) {{ ?a ((({KNOWS}*)*)*)* ?b }}", STOPPED),
    "path of 600 steps": (
        "ASK { ?a " + repeated(KNOWS, 600, "/") + " ?b }",
        {*GAVE_WAY, (400, "nesting"), *FINE},
    ),
    "path of 600 choices": (
        "ASK { ?a (" + repeated(f"<{EX}p#>", 600, "|") + ")+ ?b }",
        {*FINE, *GAVE_WAY},
    ),
    "path of 60 optional steps": (
        "SELECT (COUNT(*) AS ?n) { ?a " + repeated(f"{KNOWS}?", 60, "/") + " ?b }",
        {*GAVE_WAY, *FINE},
    ),
    "VALUES of a million": (
        "ASK { VALUES ?x {" + "1 " * 1_000_000 + "} }",
        {(413, "query-length")},
    ),
    "VALUES times VALUES": (
        "SELECT (COUNT(*) AS ?n) {" + repeated("VALUES ?x# {" + "1 " * 400 + "}", 6) + "}",
        STOPPED,
    ),
    "IN of ten thousand": (
        f"ASK {{ {SPO} FILTER(?o IN ({', '.join(map(str, range(10_000)))})) }}",
        {*STOPPED, *FINE},
    ),
    "parentheses": (
        "ASK { BIND(" + "(" * 5000 + "1" + ")" * 5000 + " AS ?o) }",
        {(400, "nesting")},
    ),
    "braces": ("ASK " + "{" * 5000 + "}" * 5000, {(400, "nesting")}),
    "braces that never close": ("ASK " + "{" * 150, REFUSED),
    "not, not, not": ("ASK { FILTER(" + "!" * 100_000 + "true) }", FINE),
    "minus, minus, minus": (
        "ASK { FILTER(" + "- " * 60_000 + "1 = 1) }",
        REFUSED,
    ),
    "sums without parentheses": ("ASK { FILTER(" + "1+" * 90_000 + "1 > 0) }", STOPPED),
    "differences": ("ASK { FILTER(" + "1-" * 2_000 + "1 < 0) }", FINE),
    "or, or, or": ("ASK { FILTER(" + "?x||" * 40_000 + "?x) }", STOPPED),
    "and, and, and": ("ASK { FILTER(" + "1=1&&" * 30_000 + "1=1) }", STOPPED),
    "path of 30,000 steps": ("ASK { ?a " + repeated("<a:b>", 30_000, "/") + " ?b }", STOPPED),
    "path of 30,000 choices": ("ASK { ?a " + repeated("<a:b>", 30_000, "|") + " ?b }", STOPPED),
    "path back and back": ("ASK { ?a " + "^" * 100_000 + "<a:b> ?b }", REFUSED),
    "ten thousand patterns": ("ASK {" + repeated("?s# ?p# ?o# .", 8_000) + "}", STOPPED),
    "ten thousand unions": ("ASK {" + repeated("{ ?s ?p # }", 8_000, "UNION") + "}", STOPPED),
    "ten thousand groups": ("ASK {" + "{ ?s ?p 1 }" * 10_000 + "}", STOPPED),
    "ten thousand filters": ("ASK {" + "FILTER(?x)" * 10_000 + "}", STOPPED),
    "a thousand optionals": (
        "ASK {" + repeated("OPTIONAL { ?s ?p# ?o# }", 1_000) + "}",
        {*STOPPED, *FINE},
    ),
    "a wheel of joins": (
        "SELECT (COUNT(*) AS ?n) {" + repeated(f"?a# {KNOWS} ?b# . ?b# {KNOWS} ?c .", 9) + "}",
        {*GAVE_WAY, *FINE},
    ),
    "order over numbers and strings": (
        f"SELECT ?o {{ VALUES ?o {{ {MIXED} }} }} ORDER BY (?o)",
        FINE,
    ),
    "a literal of 190 KB": (f'SELECT ("{"x" * 190_000}" AS ?x) {{}}', FINE),
    "a number of 100,000 digits": (
        f"SELECT ({'9' * 100_000} AS ?x) {{}}",
        {*FINE, *REFUSED, *GAVE_WAY},
    ),
    "a name of 100,000 letters": (f"SELECT ?{'x' * 100_000} {{}}", FINE),
    "factorial dates": (
        'SELECT ("99999999999999999-01-01"^^<http://www.w3.org/2001/XMLSchema#date> AS ?d) {}',
        FINE,
    ),
    "a whole dump": ("SELECT * { ?s ?p ?o . ?a ?b ?c }", TOO_MUCH),
    "SERVICE to loopback": ("SELECT * { SERVICE <{canary}> { ?s ?p ?o } }", {(400, "service")}),
    "SERVICE to metadata": (
        "SELECT * { SERVICE SILENT <http://169.254.169.254/latest/meta-data/> { ?s ?p ?o } }",
        {(400, "service")},
    ),
    "SERVICE by variable": (
        "SELECT * { VALUES ?e { <{canary}> } SERVICE ?e { ?s ?p ?o } }",
        {(400, "service")},
    ),
    "SERVICE in EXISTS": (
        "ASK { FILTER EXISTS { SERVICE <{canary}> { ?s ?p ?o } } }",
        {(400, "service")},
    ),
    "SERVICE in a file": ("ASK { SERVICE <file:///etc/passwd> { ?s ?p ?o } }", {(400, "service")}),
    "FROM an address": ("SELECT * FROM <{canary}> { ?s ?p ?o }", FINE),
    "FROM a file": ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", FINE),
    "FROM NAMED an address": ("SELECT * FROM NAMED <{canary}> { GRAPH ?g { ?s ?p ?o } }", FINE),
    "FROM ten thousand graphs": (
        "SELECT *" + repeated(f"FROM <{EX}g#>", 5_000) + "{ ?s ?p ?o }",
        {*FINE, (413, "merge")},
    ),
    "LOAD": ("LOAD <{canary}>", {(400, "syntax")}),
    "DROP": ("DROP ALL", {(400, "syntax")}),
    "INSERT": ("INSERT DATA { <a:a> <a:b> <a:c> }", {(400, "syntax")}),
    "a second query": ("ASK {} ; DROP ALL", {(400, "syntax")}),
    "script in a literal": ("SELECT ('<script>alert(1)</script>' AS ?x) {}", FINE),
    "script in what is wrong": ("SELECT <script>alert(1)</script>", {(400, "syntax")}),
}
