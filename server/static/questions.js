// Names as one types, for the parameters of a question. Without it the form takes a name all the same.
const { search } = document.currentScript.dataset;
document.querySelectorAll('input[data-search]').forEach((input, number) => {
  const list = document.createElement('datalist');
  list.id = `found-${number}`;
  input.after(list);
  input.setAttribute('list', list.id);
  let waiting;
  let asked = '';
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const text = input.value.trim();
      if (text.length < 2 || text === asked) return;
      asked = text;
      const answer = await fetch(`${search}?q=${encodeURIComponent(text)}&type=${input.dataset.search}`);
      if (!answer.ok || text !== input.value.trim()) return;
      const found = (await answer.json()).results.slice(0, 12);
      list.replaceChildren(...found.map((each) => {
        const option = document.createElement('option');
        option.value = each.iri.replace('https://w3id.org/maillage/id/', '');
        option.label = each.label;
        return option;
      }));
    }, 150);
  });
});
