/* A question or a list of ours, above the foot, which never moves. */
const look = new CSSStyleSheet();
look.replaceSync(`
.card{position:relative;flex:none;max-height:45%;overflow-y:auto;margin:4px 12px 0;padding:10px 12px;border:1px solid var(--line);border-radius:12px;font-size:14px;overflow-wrap:anywhere}
.card p{font-size:14px;line-height:1.4}
.card ul{margin:0;padding:0;list-style:none}
.card li{display:flex;justify-content:space-between;align-items:center;gap:8px}
.pair{display:flex;flex-wrap:wrap;gap:8px;margin-block-start:8px}
.pair button{flex:1;min-height:36px;padding:4px 14px;border:1px solid var(--link);border-radius:12px;background:none;color:var(--link)}
.pair button:hover,.pair [aria-pressed=true]{background:var(--soft)}
.pair [aria-pressed=true]{box-shadow:inset 0 0 0 1px var(--link)}
`);

export const card = ({ root, el, foot, aloud }, id, label, ...children) => {
  if (!root.adoptedStyleSheets.includes(look)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, look];
  root.querySelector('.card')?.remove(); // One at a time.
  const node = el('div', { id, className: 'card', role: 'group', ariaLabel: label }, ...children);
  foot.before(node);
  if (aloud) aloud.textContent = label;
  return node;
};
export const dismiss = ({ root, field }, id) => {
  const node = root.getElementById(id);
  if (node?.contains(root.activeElement)) field.focus();
  node?.remove();
};
