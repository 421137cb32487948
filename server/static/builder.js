// The builder copies what it shows, and asks anew when a choice changes. Without it: its buttons.
document.querySelectorAll('button[data-copy]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      text.select();
      return;
    }
    button.textContent = button.dataset.copied;
  });
});
document.querySelectorAll('form.builder select').forEach((each) => {
  each.addEventListener('change', () => each.form.requestSubmit());
});
addEventListener('message', (event) => {
  if (event.data?.type !== 'maillage:height') return;
  document.querySelectorAll('.previews iframe').forEach((frame) => {
    if (frame.contentWindow === event.source) frame.style.height = `${event.data.height}px`;
  });
});
