// The buttons that need a script, the queries of before, a word before a heavy one.
import { formatted } from './format.js';
import { isHeavy } from './heavy.js';
import { declared } from './prefixes.js';
import { forget, remember, remembered, titleOf } from './remembered.js';

/** Lay the text out anew, with the cursor where it was. */
export function format(view) {
  const text = view.state.doc.toString();
  const laid = formatted(text);
  if (laid !== text) {
    // The same sign of the text, the blanks aside, is where the cursor goes.
    const signs = text.slice(0, view.state.selection.main.head).replace(/\s/g, '').length;
    let place = 0;
    for (let seen = 0; place < laid.length && seen < signs; place += 1) if (/\S/.test(laid[place])) seen += 1;
    view.dispatch({ changes: { from: 0, to: text.length, insert: laid }, selection: { anchor: place }, userEvent: 'input.format' });
  }
  return true;
}

/** Show the buttons that need a script, and let them do what they say. */
export function prepareTools(form, view, terms) {
  const text = () => view.state.doc.toString();
  const tools = form.querySelector('.tools');
  tools.hidden = false;
  form.querySelector('.keys').hidden = false;
  tools.querySelector('[data-tool="format"]').addEventListener('click', () => { format(view); view.focus(); });
  const copy = tools.querySelector('[data-tool="copy"]');
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(declared(text(), terms.prefixes));
    const words = copy.textContent;
    copy.textContent = terms.say('copied');
    setTimeout(() => { copy.textContent = words; }, 2000);
  });
  prepareHistory(form, view);
}

/** Say in a word that a query may take too long; say nothing of others. */
export function warn(form, text) {
  const note = form.querySelector('.heavy');
  note.hidden = !isHeavy(text);
}

function prepareHistory(form, view) {
  const box = document.querySelector('details.history');
  const list = box.querySelector('ol');
  const show = () => {
    const kept = remembered();
    box.hidden = !kept.length;
    list.replaceChildren(...kept.map((each) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'quiet';
      button.textContent = titleOf(each);
      button.addEventListener('click', () => {
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: each } });
        view.focus();
      });
      item.append(button);
      return item;
    }));
  };
  box.querySelector('[data-tool="forget"]').addEventListener('click', () => { forget(); show(); });
  form.addEventListener('submit', () => { remember(view.state.doc.toString()); show(); });
  show();
}
