// The terms of the ontology and of the data, as the server tells them in the page's language.

/** A text without accents and capitals, as one types it. */
export const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export class Terms {
  constructor({ prefixes, own, terms, words, phrases }) {
    this.prefixes = prefixes;
    this.own = own;
    this.words = words;
    this.phrases = phrases;
    this.byName = new Map(terms.map(([name, kind, label, definition, count]) =>
      [name, { name, kind, label, definition, count }]));
  }

  /** The words of a key, with facts in the place of their braces. */
  say(key, facts = {}) {
    return this.words[key].replace(/\{(\w+)\}/g, (_, name) => facts[name]);
  }

  /** An address as a prefixed name where one of the prefixes fits, else between < and >. */
  written(iri, prefixes = this.prefixes) {
    for (const [prefix, namespace] of Object.entries(prefixes)) {
      const local = iri.startsWith(namespace) ? iri.slice(namespace.length) : '';
      if (/^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?$/u.test(local)) return `${prefix}:${local}`;
    }
    return `<${iri}>`;
  }

  /** The term of ours that is spelt most like a name; undefined where none is near. */
  nearest(name) {
    const local = name.slice(name.indexOf(':') + 1).toLowerCase();
    let best;
    for (const term of this.byName.values()) {
      if (!term.name.startsWith(`${this.own}:`)) continue;
      const other = term.name.slice(this.own.length + 1).toLowerCase();
      const far = distance(local, other);
      if (far <= Math.max(1, Math.floor(local.length / 3)) && (!best || far < best.far)) {
        best = { term, far };
      }
    }
    return best?.term;
  }
}

/** The number of letters to change, add, take away or swap with their neighbour. */
export function distance(one, other) {
  let [before, last] = [[], [...Array(other.length + 1).keys()]];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    [before, last] = [last, row];
  }
  return last[other.length];
}
