// What a name under the pointer means: a term from the ontology, an entity by its label.

const NAME = /<[^<>"{}|^`\\\s]*>|[\p{L}][\p{L}\p{N}_.-]*:[\p{L}\p{N}_.%-]*[\p{L}\p{N}_%-]/gu;

/** The name at a place of a text and where it stands; undefined where there is none. */
export function nameAt(state, place) {
  const line = state.doc.lineAt(place);
  for (const found of line.text.matchAll(NAME)) {
    const [from, to] = [line.from + found.index, line.from + found.index + found[0].length];
    if (from <= place && place <= to) return { name: found[0], from, to };
  }
  return undefined;
}

/** The source of tooltips: the label, definition and number of what one points at. */
export function hover(form, terms) {
  const known = new Map();
  return async (view, place) => {
    const at = nameAt(view.state, place);
    if (!at) return null;
    const iri = at.name.startsWith('<') ? at.name.slice(1, -1) : expanded(at.name, terms.prefixes);
    const term = terms.byName.get(at.name) ?? (iri && terms.byName.get(terms.written(iri)));
    let told = term && [term.label, term.definition, counted(term, terms)];
    if (!told && iri) {
      if (!known.has(iri)) known.set(iri, await labelOf(form, iri));
      told = known.get(iri) && [known.get(iri)];
    }
    if (!told) return null;
    return { pos: at.from, end: at.to, create: () => ({ dom: about(told) }) };
  };
}

function expanded(name, prefixes) {
  const [prefix] = name.split(':', 1);
  return Object.hasOwn(prefixes, prefix) ? prefixes[prefix] + name.slice(prefix.length + 1) : undefined;
}

async function labelOf(form, iri) {
  const answer = await fetch(`${form.dataset.label}&iri=${encodeURIComponent(iri)}`);
  return answer.ok ? (await answer.json()).label : undefined;
}

/** How often a term stands in the data, in words. */
export function counted(term, terms) {
  const number = new Intl.NumberFormat(document.documentElement.lang).format(term.count);
  return terms.say(term.count ? `count.${term.kind}` : 'count.none', { n: number });
}

function about([title, ...rest]) {
  const dom = document.createElement('div');
  dom.className = 'cm-about';
  const strong = document.createElement('strong');
  strong.textContent = title;
  dom.append(paragraph(strong), ...rest.filter(Boolean).map((each, place) => {
    const text = document.createElement(place === rest.length - 1 ? 'small' : 'span');
    text.textContent = each;
    return paragraph(text);
  }));
  return dom;
}

function paragraph(child) {
  const dom = document.createElement('p');
  dom.append(child);
  return dom;
}
