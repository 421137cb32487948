// The buttons that need a script.
import { declared } from './prefixes.js';

/** Show the buttons that need a script, and let them do what they say. */
export function prepareTools(form, view, terms) {
  const text = () => view.state.doc.toString();
  const tools = form.querySelector('.tools');
  tools.hidden = false;
  const copy = tools.querySelector('[data-tool="copy"]');
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(declared(text(), terms.prefixes));
    const words = copy.textContent;
    copy.textContent = terms.say('copied');
    setTimeout(() => { copy.textContent = words; }, 2000);
  });
}
