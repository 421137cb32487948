// The editor of queries in the place of the textarea, which stays what the form sends.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion }
  from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, linter } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import {
  EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, hoverTooltip, keymap,
  lineNumbers,
} from '@codemirror/view';
import { sparql } from 'codemirror-lang-sparql';

import { completions, named } from './completion.js';
import { hover } from './hover.js';
import { declared } from './prefixes.js';
import { Terms } from './terms.js';
import { colours, theme } from './theme.js';
import { format, prepareTools, warn } from './tools.js';

const form = document.querySelector('form.editor');
if (form) mount(form, form.querySelector('textarea'));

// Typed over lines that are selected, a letter is put in here: Chromium would keep their look in a
// style attribute, which the policy of the page refuses.
function beforeinput(event, view) {
  const { doc, selection: { main } } = view.state;
  const lines = doc.lineAt(main.from).number !== doc.lineAt(main.to).number;
  if (!lines || event.inputType !== 'insertText' || !event.data || event.isComposing) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true });
  return true;
}

async function mount(form, area) {
  const answer = await fetch(form.dataset.terms);
  if (!answer.ok) return; // the textarea does without
  const terms = new Terms(await answer.json());
  const { words } = terms;
  const label = form.querySelector(`label[for="${area.id}"]`);
  const host = document.createElement('div');
  host.className = 'code';
  // In a shadow root CodeMirror's style is a sheet of the script's own, which the policy of the
  // page admits as it stands: no nonce, and the page can be kept.
  const root = host.attachShadow({ mode: 'open' });

  const run = (view) => {
    send(view);
    form.requestSubmit(form.querySelector('button:not([formaction]):not([type="button"])'));
    return true;
  };
  const send = (view) => { area.value = declared(view.state.doc.toString(), terms.prefixes); };

  // The parser is four times the rest: it comes when one types.
  let parser;
  const lint = linter(async (view) => {
    const text = view.state.doc.toString();
    if (!text.trim() || !(parser || view.touched)) return [];
    parser ??= import('./mistakes.js');
    const { mistakes } = await parser;
    return text === view.state.doc.toString() ? mistakes(text, terms) : [];
  }, { delay: 400, needsRefresh: () => false });

  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(), highlightSpecialChars(), history(), drawSelection(), indentOnInput(),
        indentUnit.of('  '), bracketMatching(), closeBrackets(), highlightActiveLine(),
        sparql(), colours, theme, lint, lintGutter(), hoverTooltip(hover(form, terms)),
        autocompletion({
          override: [completions(form, terms)], maxRenderedOptions: 200, icons: false, addToOptions: [named],
        }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          'aria-label': `${label.textContent.trim()}. ${words.keys}`,
          autocapitalize: 'off',
          spellcheck: 'false',
          ...(area.getAttribute('aria-invalid') ? { 'aria-invalid': 'true' } : {}),
        }),
        EditorState.phrases.of(terms.phrases),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          update.view.touched = true;
          warn(form, update.state.doc.toString());
        }),
        EditorView.domEventHandlers({ beforeinput }),
        Prec.high(keymap.of([
          { key: 'Mod-Enter', run },
          { key: 'Shift-Alt-f', run: format },
          { key: 'Ctrl-Space', run: startCompletion },
        ])),
        // Escape, then Tab leaves: CodeMirror holds Tab back for two seconds.
        keymap.of([
          ...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...defaultKeymap,
          ...historyKeymap, indentWithTab,
        ]),
      ],
    }),
  });
  area.after(host);
  area.hidden = true;
  label.addEventListener('click', () => view.focus());
  form.addEventListener('submit', () => send(view));
  // Back from another page the browser may have put an older text into the textarea.
  addEventListener('pageshow', (event) => { if (event.persisted) area.value = view.state.doc.toString(); });
  prepareTools(form, view, terms);
  warn(form, area.value);
  form.dataset.ready = 'yes';
}
