// What may stand at the cursor: the server asks the data what leaves a row.
import { fold } from './terms.js';

const WORD = /(?:<[^<>"{}|^`\\\s]*|[\p{L}\p{N}_:.'’-]*)$/u;
const LONGEST_ADDRESS = 4000;
const KEYWORDS = ['SELECT', 'DISTINCT', 'WHERE', 'OPTIONAL', 'FILTER', 'UNION', 'MINUS', 'BIND', 'AS',
  'VALUES', 'GRAPH', 'NOT EXISTS', 'EXISTS', 'GROUP BY', 'ORDER BY', 'HAVING', 'LIMIT', 'OFFSET',
  'CONSTRUCT', 'DESCRIBE', 'ASK', 'FROM', 'FROM NAMED', 'COUNT', 'SUM', 'MIN', 'MAX', 'AVG', 'SAMPLE',
  'GROUP_CONCAT', 'IN', 'LANG', 'STR', 'YEAR', 'BOUND', 'COALESCE', 'IF', 'CONTAINS', 'LCASE',
  'STRSTARTS', 'DESC', 'ASC', 'PREFIX', 'a'];

/** The source of completions: variables, keywords, and the terms that the server offers. */
export function completions(form, terms) {
  const asked = new Map();
  const ask = (text, at) => {
    const key = `${at} ${text}`;
    if (!asked.has(key)) asked.set(key, request(form, text, at).catch(() => undefined));
    if (asked.size > 50) asked.delete(asked.keys().next().value);
    return asked.get(key);
  };
  return async (context) => {
    const variable = context.matchBefore(/[?$][\p{L}\p{N}_]*$/u);
    if (variable) return variables(context, variable);
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const [typed] = before.match(WORD);
    const after = /[\s;.,{}()|/^!]$/.test(before) || typed;
    if (!context.explicit && (!typed || !after)) return null;
    if (/#[^\n]*$/.test(before.replace(/<[^>\s]*>|"[^"]*"|'[^']*'/g, ''))) return null;
    const from = context.pos - typed.length;
    // What is typed of the name is left out: while one types, the answer stays the same.
    const whole = context.state.doc.toString();
    const text = whole.slice(0, from) + whole.slice(context.pos);
    let answer = form.dataset.complete && await ask(text, from);
    if (answer?.more && fold(typed).length > 1) {
      answer = await request(form, text, from, typed).catch(() => answer);
    }
    if (context.aborted) return null;
    if (!answer?.position) return typed || context.explicit ? keywords(from, typed) : null;
    const wanted = fold(typed.replace(/^</, ''));
    const section = answer.filtered ? undefined : { name: terms.say(answer.why) };
    const options = answer.items
      .filter((each) => fits(each, wanted))
      .map((each, place) => option(each, terms, whole, section, place));
    if (answer.position === 'subject') options.push(...keywords(from, typed).options);
    return options.length ? { from, options, filter: false } : null;
  };
}

async function request(form, text, at, typed = '') {
  const values = new URLSearchParams({ q: text, at, typed });
  const address = form.dataset.complete;
  const short = values.toString().length < LONGEST_ADDRESS;
  const answer = short ? await fetch(`${address}&${values}`) : await fetch(address, { method: 'POST', body: values });
  return answer.ok ? answer.json() : undefined;
}

/** True where each word that is typed begins a word of the name or of the label. */
function fits(item, wanted) {
  if (!wanted) return true;
  const words = `${fold(item.name)} ${fold(item.label)}`;
  const local = fold(item.name).split(/[:/]/).pop();
  return fold(item.name).startsWith(wanted) || local.includes(wanted)
    || wanted.split(/[\s:]+/).every((word) => words.includes(word));
}

function option(item, terms, text, section, place) {
  return {
    label: item.name,
    displayLabel: item.label || item.name,
    boost: -place,
    section,
    apply: item.name,
    detail: item.n === null ? undefined : new Intl.NumberFormat(document.documentElement.lang).format(item.n),
    info: terms.byName.get(item.name)?.definition || undefined,
  };
}

/** The name that is written, beside the label that is read. */
export const named = {
  position: 60,
  render({ label, displayLabel }) {
    if (!displayLabel || displayLabel === label || label.startsWith('<')) return null;
    const dom = document.createElement('span');
    dom.className = 'cm-name';
    dom.textContent = label;
    return dom;
  },
};

function variables(context, { from, text }) {
  const others = new Set();
  for (const [name] of context.state.doc.toString().matchAll(/[?$][\p{L}\p{N}_]+/gu)) others.add(name);
  others.delete(text);
  return { from, options: [...others].map((label) => ({ label, type: 'variable' })), validFor: /^[?$][\p{L}\p{N}_]*$/u };
}

function keywords(from, typed) {
  const wanted = typed.toUpperCase();
  return {
    from,
    filter: false,
    options: KEYWORDS.filter((each) => each.toUpperCase().startsWith(wanted))
      .map((label) => ({ label, type: 'keyword', boost: -99 })),
  };
}

