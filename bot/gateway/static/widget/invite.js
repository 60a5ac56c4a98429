/* A first word from the site, by its rule or by a person: once, closable for good, never while somebody types. */
const IDLE = 3000;
const look = new CSSStyleSheet();
look.replaceSync(`
#invite{position:absolute;bottom:70px;right:0;display:flex;align-items:flex-start;gap:4px;width:max-content;max-width:min(300px,100vw - 40px);padding:4px;
border:1px solid var(--line);border-radius:14px;background:var(--surface);color:var(--text);font:15px/1.4 system-ui,sans-serif;text-align:start;box-shadow:0 8px 24px #0003}
:host([data-edge=left]) #invite{right:auto;left:0}
#invite .say{flex:1;min-height:36px;padding:6px 8px;border:0;border-radius:8px;background:none;text-align:start}
#invite b{display:block;font-size:13px}
#invite .icon::before{clip-path:path("M6 5l6 6 6-6 1 1-6 6 6 6-1 1-6-6-6 6-1-1 6-6-6-6z")}
`);

export const start = async (app) => {
  const { state, root } = app;
  let typed = -Infinity, node, personal;
  addEventListener('keydown', () => (typed = performance.now()), true);
  const tell = (what, id) => app.ask('calls', 'track', 'invite_' + what, { invite: id });
  const isBusy = () => {
    const { activeElement: at } = document;
    return document.hidden || performance.now() - typed < IDLE || at?.matches('input,textarea,select,[contenteditable]') || app.shown;
  };
  const wait = (ms) => new Promise((soon) => setTimeout(soon, ms));
  const gone = () => node?.remove();
  addEventListener('duologue:opened', gone);
  return {
    __proto__: null,
    async offer({ id, text, by, after_s: after = 0 }) {
      if (by) personal = true;
      // A rule leaves alone who has talked before; a person knows whom they write to, and comes before a rule that waits.
      const over = () => state.uninvited || state.invited?.includes(id) || (!by && (state.token || personal)) || node?.isConnected || app.shown;
      if (over()) return;
      await wait(after * 1000);
      while (isBusy() && !over()) await wait(1000);
      if (over()) return;
      await app.ask('panel'); // Its words and looks.
      if (!app.words || over()) return;
      root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, look])];
      const { el, words } = app;
      app.save({ invited: [...(state.invited ?? []), id] }, true);
      const accept = () => {
        tell('accepted', id);
        app.option.greeting = app.hello.textContent = text; // No greeting of the site's replaces what was answered.
        app.open();
      };
      const close = () => {
        app.save({ uninvited: true }, true);
        tell('closed', id);
        if (node.contains(root.activeElement)) app.launcher.focus();
        gone();
      };
      node = el('div', { id: 'invite', role: 'status', dir: words.dir, lang: words.lang }, el('button', { className: 'say', dir: 'auto', onclick: accept }, by ? el('b', {}, by) : '', text),
        el('button', { className: 'icon', ariaLabel: words.close, onclick: close }));
      root.prepend(node);
      tell('shown', id);
    },
  };
};
