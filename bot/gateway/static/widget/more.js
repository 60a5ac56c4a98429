/* What is wanted now and then, behind one button. */
const look = new CSSStyleSheet();
look.replaceSync(`
#menu{position:absolute;z-index:1;inset-block-start:52px;inset-inline-end:12px;display:grid;padding:4px;border:1px solid var(--line);border-radius:12px;
background:var(--surface);box-shadow:0 4px 16px #0003}
#menu button{min-height:40px;padding:4px 14px;border:0;border-radius:8px;background:none;text-align:start}
#menu button:hover{background:var(--soft)}
`);

export const start = (app) => {
  const { el, words, wire, menuButton: more, dialog: panel, root } = app;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, look];
  const entry = (id, text, act) => el('button', { id, onclick: () => { toggle(false); act(); } }, text);
  const menu = el('div', { id: 'menu', hidden: true, role: 'group', ariaLabel: words.more },
    entry('remembered', words.kept, () => wire.now({ type: 'memory' }, true)),
    entry('transcript', words.transcript, () => app.ask('transcript', 'save')),
    entry('rate', words.rate, () => app.ask('rating', 'show')));
  const toggle = (open) => {
    menu.hidden = !open;
    if (open) app.say('');
    more.ariaExpanded = String(open);
    menu.querySelector('#rate').hidden = app.settings?.rating === false;
    (open ? menu.firstChild : more).focus();
  };
  more.after(menu);
  menu.addEventListener('keydown', (event) => {
    const step = { __proto__: null, ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
    if (step) event.preventDefault(), root.activeElement[step]?.focus();
    if (event.key !== 'Escape') return;
    event.stopPropagation(); // The menu's, not the panel's.
    toggle(false);
  });
  panel.addEventListener('pointerdown', (event) => {
    if (!menu.hidden && !event.composedPath().some((node) => node === menu || node === more)) menu.hidden = true, (more.ariaExpanded = 'false');
  });
  return { __proto__: null, toggle: () => toggle(menu.hidden) };
};
