// Names as one types, in every search field; `/` leads to the field. Without it the form searches all the same.
{
  const { search } = document.currentScript.dataset;

  document.querySelectorAll('form.finder input[type=search]').forEach((input, number) => {
    const list = document.createElement('ul');
    list.id = `suggested-${number}`;
    list.className = 'suggested';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', input.labels[0]?.textContent || '');
    list.hidden = true;
    input.form.append(list);
    for (const [name, value] of [['role', 'combobox'], ['aria-controls', list.id], ['aria-autocomplete', 'list'], ['aria-expanded', 'false']]) input.setAttribute(name, value);
    let waiting;
    let asked = '';
    let at = -1;

    const show = (shown) => {
      list.hidden = !shown || !list.childElementCount;
      input.setAttribute('aria-expanded', String(!list.hidden));
    };
    const choose = (next) => {
      at = next;
      [...list.children].forEach((each, n) => each.setAttribute('aria-selected', String(n === at)));
      if (at < 0) input.removeAttribute('aria-activedescendant');
      else input.setAttribute('aria-activedescendant', list.children[at].id);
    };
    const offer = (results) => {
      list.replaceChildren(...results.map((each, n) => {
        const item = document.createElement('li');
        const what = document.createElement('small');
        item.id = `${list.id}-${n}`;
        item.setAttribute('role', 'option');
        item.dataset.page = each.page;
        what.textContent = each.description;
        item.append(each.name, ' ', what);
        item.addEventListener('mousedown', (event) => { event.preventDefault(); window.location = each.page; });
        return item;
      }));
      choose(-1);
      show(true);
    };

    input.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const text = input.value.trim();
        if (text === asked) return;
        asked = text;
        if (text.length < 2) { show(false); return; }
        const answer = await fetch(`${search}${search.includes('?') ? '&' : '?'}q=${encodeURIComponent(text)}`);
        if (!answer.ok || text !== input.value.trim()) return;
        const found = await answer.json();
        const question = found.ask ? [{ name: text, description: '?', page: found.ask }] : [];
        offer([...question, ...found.results.filter((each) => each.page).slice(0, 8)]);
      }, 150);
    });
    input.addEventListener('keydown', (event) => {
      if (list.hidden) return;
      const count = list.childElementCount;
      if (event.key === 'ArrowDown') choose((at + 1) % count);
      else if (event.key === 'ArrowUp') choose(at < 1 ? count - 1 : at - 1);
      else if (event.key === 'Escape') show(false);
      else if (event.key === 'Enter' && at >= 0) window.location = list.children[at].dataset.page;
      else return;
      event.preventDefault();
    });
    input.addEventListener('blur', () => show(false));
  });

  document.addEventListener('keydown', (event) => {
    const field = document.querySelector('form.finder input[type=search]');
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || !field) return;
    if (event.target.closest('input, textarea, select, [contenteditable]')) return;
    event.preventDefault();
    field.focus();
  });
}
