// A query laid out by its terminals: what stands between them changes, they and the comments stay.

const TERMINAL = /(?<comment>#[^\n]*)|(?<text>"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<iri><[^<>"{}|^`\\\s]*>)|(?<name>[?$][\p{L}\p{N}_]+|@[\w-]+|[\p{L}\p{N}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+)*(?::(?:[\p{L}\p{N}_:%-]|\\.|\.(?=[\p{L}\p{N}_:%\\-]))*)?|:[\p{L}\p{N}_%-]*|_:[\p{L}\p{N}_-]+)|(?<sign>\^\^|&&|\|\||[<>!]=|<<|>>|[^\s])/gu;
const LINES = new Set(['OPTIONAL', 'FILTER', 'BIND', 'VALUES', 'MINUS', 'GRAPH', 'SERVICE']);
const MODIFIERS = new Set(['GROUP', 'ORDER', 'HAVING', 'LIMIT', 'OFFSET', 'FROM']);
const FORMS = new Set(['SELECT', 'ASK', 'CONSTRUCT', 'DESCRIBE']);
const WIDTH = 88;

/** The terminals of a text: kind, text, whether a line ends before them. */
export function terminals(text) {
  let last = 0;
  return [...text.matchAll(TERMINAL)].map((match) => {
    const gap = text.slice(last, match.index);
    last = match.index + match[0].length;
    const kind = Object.keys(match.groups).find((each) => match.groups[each] !== undefined);
    return { kind, text: match[0], gap, lines: gap.split('\n').length - 1 };
  });
}

/** The text laid out anew; as it was where that would change a terminal. */
export function formatted(text) {
  const given = terminals(text);
  const laid = lay(given);
  const after = terminals(laid);
  const same = given.length === after.length && given.every((each, place) => each.text === after[place].text);
  return same ? laid : text;
}

function lay(given) {
  const out = new Page();
  const stack = [];
  let prologue = true;
  given.forEach((each, place) => {
    const before = given[place - 1];
    const word = each.kind === 'name' ? each.text.toUpperCase() : '';
    const depth = stack.filter((open) => open === '{').length;
    const inside = stack.at(-1) === '(' || stack.at(-1) === '[';
    const flat = stack.includes('one');
    if (each.kind === 'comment') {
      if (!before || each.lines) out.line(depth, each.lines > 1);
      out.put(each.text, before && !each.lines ? '  ' : '');
      out.ended = true;
      return;
    }
    if (before?.kind === 'comment') out.line(depth, each.lines > 1);
    if (!stack.length && (word === 'PREFIX' || word === 'BASE')) {
      out.line(0);
    } else if (!stack.length && FORMS.has(word) && prologue) {
      out.line(0, place > 0 && before?.kind !== 'comment');
      prologue = false;
    } else if (FORMS.has(word) && depth && !inside && !flat) {
      out.line(depth);
    } else if (!inside && !flat && ((depth && LINES.has(word)) || (MODIFIERS.has(word) && depth === 0 && !prologue)
      || (MODIFIERS.has(word) && before?.text === '}'))) {
      out.line(depth, depth > 0 && each.lines > 1);
    } else if (!inside && !flat && depth && (before?.text === '.' || before?.text === '}' || (before?.text === ')' && each.lines)) && !'.;,})]'.includes(each.text) && word !== 'UNION') {
      out.line(depth, each.lines > 1);
    } else if (before?.text === ';' && !inside && !flat && each.text !== '.' && each.text !== '}') {
      out.line(depth + 1);
    }
    switch (each.text) {
      case '{': {
        const one = flat || short(given, place);
        stack.push(one ? 'one' : '{');
        out.put('{', ' ');
        if (!one) out.line(depth + 1);
        return;
      }
      case '}': {
        if (stack.pop() === '{') out.line(depth - 1);
        out.put('}', ' ');
        return;
      }
      case '(': case '[':
        stack.push(each.text);
        out.put(each.text, each.gap || /^(?:AS|IN|VALUES)$/i.test(before?.text ?? '') ? ' ' : '');
        return;
      case ')': case ']':
        if ('(['.includes(stack.at(-1))) stack.pop();
        out.put(each.text, each.text === ']' && before?.text !== '[' ? ' ' : '');
        return;
      default:
        out.put(each.text, gapOf(each, before, stack));
    }
  });
  return `${out.toString()}\n`;
}

/** The blank before a terminal: what was there, but for one blank where there were more. */
function gapOf(each, before, stack) {
  if (!before) return '';
  if (each.text === ';' || (each.text === '.' && !stack.includes('('))) return ' ';
  if (before.text === '(' || each.text === ',') return '';
  if (before.text === '[') return ' ';
  return each.gap || '{},;'.includes(before.text) ? ' ' : '';
}

/** True where a group stands on one line, has no group in it and fits. */
function short(given, place) {
  let length = 0;
  for (let at = place + 1; at < given.length; at += 1) {
    const each = given[at];
    if (each.lines || each.text === '{' || each.kind === 'comment') return false;
    length += each.text.length + 1;
    if (each.text === '}') return length < WIDTH;
  }
  return false;
}

class Page {
  constructor() { this.lines = ['']; this.ended = false; }

  /** Begin a new line at a depth, after an empty one if wished; where one has begun it stays. */
  line(depth, empty = false) {
    if (this.lines.at(-1).trim()) this.lines.push('');
    if (empty && this.lines.length > 1 && this.lines.at(-2) !== '') this.lines.push('');
    this.lines[this.lines.length - 1] = '  '.repeat(Math.max(0, depth));
    this.ended = false;
  }

  put(text, gap) {
    const line = this.lines.at(-1);
    this.lines[this.lines.length - 1] = line.trim() ? line + (gap ? (gap.length > 1 ? gap : ' ') : '') + text : line + text;
  }

  toString() { return this.lines.map((each) => each.trimEnd()).join('\n').trim(); }
}
