// What is wrong with a query, in plain words: the parser's findings, then names that there are not.
import { Parser } from '@traqula/parser-sparql-1-2';

import { prefixesIn } from './prefixes.js';
import { distance } from './terms.js';

class Unexpected extends Error {
  constructor(found) {
    super(found.message);
    this.found = found;
  }
}

const parser = new Parser({
  lexerConfig: { positionTracking: 'full' },
  errorHandler: ([first]) => { throw new Unexpected(first); },
});

const WORDS = ['SELECT', 'CONSTRUCT', 'DESCRIBE', 'ASK', 'WHERE', 'FROM', 'PREFIX', 'BASE', 'OPTIONAL',
  'FILTER', 'UNION', 'MINUS', 'VALUES', 'BIND', 'GRAPH', 'SERVICE', 'DISTINCT', 'REDUCED', 'GROUP', 'ORDER',
  'HAVING', 'LIMIT', 'OFFSET', 'EXISTS'];
const NAME = /"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<(?<iri>[^<>"{}|^`\\\s]*)>|#[^\n]*|(?<![\p{L}\p{N}_?$:.-])(?<prefix>\p{L}[\p{L}\p{N}_.-]*):(?<local>[\p{L}\p{N}_-]+)/gu;

/** The diagnostics of a text, each with its place and what may be done. */
export function mistakes(text, terms) {
  return [...syntax(text, terms), ...unknown(text, terms)];
}

function syntax(text, terms) {
  const { own } = prefixesIn(text);
  const prefixes = Object.fromEntries(Object.entries(terms.prefixes).filter(([each]) => !own.has(each)));
  try {
    const parsed = parser.parse(text, { prefixes });
    if (parsed.type !== 'update') return [];
    const from = text.search(/\b(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b/i);
    if (from < 0) return []; // no query yet
    return [{ from, to: from + 4, severity: 'error', message: `${placed(text, from, terms)} ${terms.say('update')}` }];
  } catch (error) {
    const { from, to, words } = explained(error, text, terms);
    return [{ from, to: Math.max(to, Math.min(from + 1, text.length)), severity: 'error', message: `${placed(text, from, terms)} ${words}` }];
  }
}

/** "Line 2, column 5:" */
function placed(text, at, terms) {
  const before = text.slice(0, at);
  return terms.say('place', { line: before.split('\n').length, column: at - before.lastIndexOf('\n') });
}

function explained(error, text, terms) {
  const lexed = /unexpected character: ->.*<- at offset: (\d+)/.exec(error.message);
  if (lexed) return stray(text, Number(lexed[1]), terms);
  if (error instanceof Unexpected) return unexpected(error.found, text, terms);
  return semantic(error.message, text, terms);
}

/** A character with which nothing can begin: an open string, a word that is none. */
function stray(text, at, terms) {
  const [word] = /^[\p{L}_][\p{L}\p{N}_-]*|^[^]/u.exec(text.slice(at));
  const to = at + word.length;
  if (/^["']/.test(word)) return { from: at, to: text.length, words: terms.say('open') };
  if (word === '<' || /<[^<>\s]*\s+$/.test(text.slice(0, at))) return { from: at, to, words: terms.say('angle') };
  if (word.length > 1) {
    const near = nearestWord(word);
    return { from: at, to, words: terms.say(near ? 'word.near' : 'word', { word, near }) };
  }
  return { from: at, to, words: terms.say('character', { character: word }) };
}

function nearestWord(word) {
  const far = WORDS.map((each) => [distance(word.toUpperCase(), each), each]).sort(([a], [b]) => a - b);
  return far[0][0] <= 2 ? far[0][1] : undefined;
}

function unexpected({ token, previousToken, message }, text, terms) {
  const ended = !token || Number.isNaN(token.startOffset) || token.image === '';
  const from = ended ? (previousToken?.endOffset ?? text.trimEnd().length - 1) + 1 : token.startOffset;
  const image = ended ? '' : token.image;
  const wanted = expected(message, terms);
  // Between two triples the grammar may go on in ways that the parser does not tell.
  if (/Expecting --> } <--/.test(message) && /^[?$<:\p{L}]/u.test(image) && !WORDS.includes(image.toUpperCase())) {
    return { from, to: from + image.length, words: terms.say('separator', { found: image }) };
  }
  const key = `${ended ? 'ended' : 'unexpected'}${wanted ? '.wanted' : ''}`;
  return { from: Math.max(0, Math.min(from, text.length)), to: from + image.length, words: terms.say(key, { found: image, wanted }) };
}

/** What the parser would have taken, in words, as long as that is few kinds of things. */
function expected(message, terms) {
  const [, single] = /Expecting --> (.+?) <--/.exec(message) ?? [];
  const names = new Set(single ? [single] : [...message.matchAll(/\[([^\]\s,]+)[^\]]*\]/g)].map(([, name]) => name));
  const has = (...each) => each.every((name) => names.has(name));
  if (has('IriRef') || has('PNameLn')) {
    const kind = has('COUNT') ? (has('Var1') ? 'expression' : 'call') : has('StringLiteral1') || has('Integer') ? 'value'
      : !has('Var1') ? 'iri' : has('type') || has('^') ? 'property' : 'subject';
    return terms.say(`kind.${kind}`);
  }
  if (has('Var1')) return terms.say('kind.variable');
  const known = [...names].filter((each) => /^(?:[A-Z]{2,}|[^A-Za-z]+)$/.test(each));
  return known.length && known.length === names.size && known.length < 7 ? known.join(', ') : '';
}

const SEMANTIC = [
  [/^Unknown prefix: (.*)$/, 'prefix', (name) => `${name}:`],
  [/ungrouped variable in projection of operation \(\?(.*)\)/, 'ungrouped', (name) => `?${name}`],
  [/already bound \(\?(.*)\)/, 'bound', (name) => `?${name}`],
  [/^Variable (.*) used more than once in SELECT/, 'twice', (name) => `?${name.replace(/^\?/, '')}`],
  [/AS' \(\?(.*)\) already used/, 'bound', (name) => `?${name}`],
  [/^Variable not allowed in projection/, 'projection', () => 'SELECT'],
  [/GROUP BY not allowed with wildcard/, 'wildcard', () => '*'],
  [/Aggregates are only allowed/, 'aggregate', () => 'WHERE'],
  [/Number of dataBlockValues/, 'values', () => 'VALUES'],
];

/** A text of the right form that means nothing. */
function semantic(message, text, terms) {
  for (const [pattern, key, find] of SEMANTIC) {
    const found = pattern.exec(message);
    if (found) {
      const words = find(found[1] ?? '');
      const from = Math.max(0, key === 'bound' ? text.lastIndexOf(words) : text.indexOf(words));
      return { from, to: from + words.length, words: terms.say(`wrong.${key}`, { name: words }) };
    }
  }
  return { from: 0, to: 1, words: message };
}

/** Classes and properties of ours that there are not, with the nearest that there is. */
function unknown(text, terms) {
  const namespace = terms.prefixes[terms.own];
  const found = [];
  for (const match of text.matchAll(NAME)) {
    const { iri, prefix, local } = match.groups;
    const named = prefix === terms.own ? local : iri?.startsWith(namespace) ? iri.slice(namespace.length) : '';
    if (!named || terms.byName.has(`${terms.own}:${named}`)) continue;
    const [from, to] = [match.index, match.index + match[0].length];
    const near = terms.nearest(named)?.name;
    const written = near && (iri ? `<${namespace}${near.slice(terms.own.length + 1)}>` : near);
    found.push({
      from,
      to,
      severity: 'warning',
      message: `${placed(text, from, terms)} ${terms.say(near ? 'unknown.near' : 'unknown', { name: match[0], near })}`,
      actions: near ? [{
        name: terms.say('take', { near }),
        apply: (view, start, end) => view.dispatch({ changes: { from: start, to: end, insert: written } }),
      }] : [],
    });
  }
  return found;
}
