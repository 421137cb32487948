// The look of the editor in the colours of the site: its tokens are inherited, light and dark.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const colours = syntaxHighlighting(HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--link)', fontWeight: '600' },
  { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
  { tag: [tags.string, tags.annotation, tags.integer, tags.float, tags.bool], color: 'var(--warm)' },
  { tag: [tags.url, tags.namespace, tags.typeName], color: 'var(--strong)' },
  { tag: tags.variableName, color: 'var(--ink)', fontStyle: 'italic' },
]));

export const theme = EditorView.theme({
  '&': {
    background: 'var(--sheet)', color: 'var(--ink)', border: '1px solid var(--soft)',
    borderRadius: '4px', fontSize: '.9rem', textAlign: 'left',
  },
  '&.cm-focused': { outline: '3px solid var(--focus)', outlineOffset: '2px' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)', lineHeight: '1.5', maxHeight: '34rem', overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--ink)', padding: '.5rem 0', minHeight: '14rem' },
  '.cm-gutter': { minHeight: '14rem' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { background: 'var(--paper)', color: 'var(--soft)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { background: 'color-mix(in srgb, var(--tint) 55%, transparent)' },
  '.cm-selectionMatch': { background: 'var(--tint)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--link) 28%, transparent)',
  },
  '&.cm-focused .cm-matchingBracket, &.cm-focused .cm-nonmatchingBracket': {
    background: 'var(--tint)', outline: '1px solid var(--line)',
  },
  '.cm-tooltip': {
    background: 'var(--sheet)', color: 'var(--ink)', border: '1px solid var(--line)',
    borderRadius: '4px', boxShadow: '0 4px 14px rgb(0 0 0 / .18)', maxWidth: 'min(34rem, 92vw)',
    fontFamily: 'var(--sans)', fontSize: '.86rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--sans)', maxHeight: '17rem', maxWidth: 'min(34rem, 92vw)', minWidth: 'min(19rem, 80vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex', gap: '.7rem', padding: '.22rem .6rem', alignItems: 'baseline',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--strong)', color: 'var(--on-strong)',
  },
  'li[aria-selected] .cm-name': { color: 'inherit' },
  '.cm-completionInfo.cm-completionInfo-left-narrow, .cm-completionInfo.cm-completionInfo-right-narrow': {
    display: 'none',
  },
  '.cm-completionDetail': { fontStyle: 'normal', marginLeft: '0', fontVariantNumeric: 'tabular-nums' },
  '.cm-completionLabel': { flex: '1', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  '.cm-name': { fontFamily: 'var(--mono)', fontSize: '.8rem', color: 'var(--soft)', whiteSpace: 'nowrap' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > completion-section': {
    color: 'var(--soft)', borderBottom: '1px solid var(--line)', padding: '.25rem .6rem',
    opacity: '1', fontSize: '.8rem', whiteSpace: 'normal',
  },
  '.cm-about': { padding: '.5rem .7rem' },
  '.cm-about p': { margin: '0 0 .25rem' },
  '.cm-about small': { color: 'var(--soft)' },
  '.cm-diagnostic': { padding: '.35rem .7rem', borderLeftWidth: '4px', whiteSpace: 'pre-line' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--warm)' },
  '.cm-diagnostic-warning, .cm-diagnostic-hint': { borderLeftColor: 'var(--link)' },
  '.cm-diagnosticAction': { background: 'var(--strong)', color: 'var(--on-strong)', borderRadius: '3px' },
  '.cm-panels': { background: 'var(--paper)', color: 'var(--ink)' },
  '.cm-lintRange-error': { backgroundImage: 'none', borderBottom: '2px dotted var(--warm)' },
  '.cm-lintRange-warning, .cm-lintRange-hint': { backgroundImage: 'none', borderBottom: '2px dotted var(--link)' },
});
