// The prefixes of the site: known here, and written into the text when it leaves the page.

// Strings, addresses and comments, in which no prefix stands; a declaration; a prefixed name.
const PARTS = /"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|#[^\n]*|\bPREFIX\s+(?<declared>[\p{L}][\p{L}\p{N}_.-]*|):|(?<![\p{L}\p{N}_?$:.-])(?<used>\p{L}[\p{L}\p{N}_.-]*|):/giu;

/** The prefixes that a text declares and those that it uses. */
export function prefixesIn(text) {
  const own = new Set();
  const used = new Set();
  for (const { groups } of text.matchAll(PARTS)) {
    if (groups.declared !== undefined) own.add(groups.declared);
    else if (groups.used !== undefined) used.add(groups.used);
  }
  return { own, used };
}

/** The text with the declarations that it lacks before it, after the comments that it opens with. */
export function declared(text, prefixes) {
  const lines = missing(text, prefixes);
  if (!lines) return text;
  const [opening] = text.match(/^(?:[ \t]*#[^\n]*(?:\n|$)|[ \t]*\n)*/);
  const rest = text.slice(opening.length);
  const gap = /^\s*(?:PREFIX|BASE)\b/i.test(rest) ? '' : '\n';
  return `${opening && !opening.endsWith('\n') ? `${opening}\n` : opening}${lines}${gap}${rest}`;
}

/** The declarations that a text lacks, a line each. */
export function missing(text, prefixes) {
  const { own, used } = prefixesIn(text);
  return [...used].filter((each) => !own.has(each) && Object.hasOwn(prefixes, each)).sort()
    .map((each) => `PREFIX ${each}: <${prefixes[each]}>\n`).join('');
}
