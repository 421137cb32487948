// The queries that were run, kept in this browser alone.

const KEY = 'maillage:queries';
const MOST = 40;

/** The queries, the last one first; none where the browser keeps nothing. */
export function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}

/** Keep a query as the last one. */
export function remember(text) {
  const kept = [text, ...remembered().filter((each) => each !== text)].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch { /* a browser that keeps nothing, or no more */ }
}

/** Keep none of them. */
export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch { /* nothing was kept */ }
}

/** The line by which one knows a query again: the first that is no comment and no prefix. */
export function titleOf(text) {
  const lines = text.split('\n').map((each) => each.trim());
  const title = lines.filter((each) => each && !/^(?:#|PREFIX\b|BASE\b)/i.test(each)).slice(0, 3).join(' ');
  return title.length > 110 ? `${title.slice(0, 110)}…` : title || text.slice(0, 110);
}
