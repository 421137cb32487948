// A word before a query that may take longer than it is given.
import { terminals } from './format.js';

const ENDING = /^(?:LIMIT|ASK)$/i;

/** True for a query that reads everything: nothing in its pattern is named, and no LIMIT ends it. */
export function isHeavy(text) {
  const all = terminals(text).filter((each) => each.kind !== 'comment');
  const start = all.findIndex((each) => /^(?:SELECT|ASK|CONSTRUCT|DESCRIBE)$/i.test(each.text));
  if (start < 0) return false;
  const body = all.slice(start);
  const open = body.findIndex((each) => each.text === '{');
  if (open < 0 || body.some((each) => each.kind === 'name' && ENDING.test(each.text))) return false;
  const pattern = body.slice(open);
  return pattern.some((each) => each.text.startsWith('?'))
    && !pattern.some((each) => each.kind === 'iri' || each.kind === 'text' || each.text === 'a'
      || (each.kind === 'name' && /[^?$@]*:|^\d/.test(each.text)));
}
