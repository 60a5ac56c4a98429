/* What the browser keeps of its visitor, and what it reports once the visitor has agreed.
   The name tells no blocker of trackers to stop it: the chat needs the keeping part, whoever measures. */

export const start = (app) => {
  const { here, option, key, box, state, agreed } = app;
  const tracks = option.track !== 'off';
  let pending, begun, told, first;

  const fill = (values) => {
    for (const name of Object.keys(state)) delete state[name];
    Object.assign(state, values);
  };
  app.read = () => {
    try {
      const text = box.getItem(key);
      if (text || app.stored) fill(JSON.parse(text));
      app.stored = text;
    } catch {} // Storage is off or spoiled: memory will do.
  };
  /** Merges `change` into what all tabs share; before the visitor's first act (`acted`) only into memory. */
  app.save = (change, acted) => {
    app.read();
    Object.assign(state, change);
    const text = JSON.stringify(state);
    try {
      if (app.stored || acted) box.setItem(key, text);
      if (app.stored || acted) app.stored = text;
    } catch {}
  };
  app.forget = () => {
    try { box.removeItem(key); } catch {}
    app.stored = null;
    fill({});
  };
  app.emit = (type, detail) => dispatchEvent(new CustomEvent('duologue:' + type, { __proto__: null, detail }));
  // randomUUID is missing on plain http; a blob's address ends with one, too.
  app.uuid = () => crypto.randomUUID?.() ?? URL.createObjectURL(new Blob()).slice(-36);

  // As much as the server takes: a longer address would cost the visitor the message it goes with.
  app.page = () => ({ url: location.href.slice(0, 2000).toWellFormed(), title: document.title.slice(0, 300).toWellFormed() });

  // One request at a time: two that both say `visitor: null` would make two visitors of one. Never rejects.
  const send = (path, body) =>
    (pending = (async (before) => {
      await before;
      try {
        const response = await fetch(new URL('v1/' + path, here), {
          __proto__: null, method: 'POST', keepalive: true, credentials: 'omit', // A string is text/plain: no preflight.
          body: JSON.stringify({ site: option.site, visitor: state.visitor ?? null, ...body }),
        });
        if (response.status === 404) app.save({ visitor: null }); // Forgotten, on this device or another.
        if (!response.ok) return null;
        const answer = await response.json();
        // Events that were dropped have no visitor in their answer; only who was erased or withdrew has none any more.
        const gone = path === 'consent' || answer.results?.some((result) => result.reason === 'erased');
        if (answer.visitor || gone) app.save({ visitor: answer.visitor ?? null }, answer.visitor);
        return answer;
      } catch {
        return null; // Measuring must never be in the way of a chat.
      }
    })(pending));
  const happened = (type, more) => ({
    id: app.uuid(), type, ...app.page(), referrer: document.referrer, at: new Date().toISOString(), ...more,
  });
  const report = (...events) => agreed() && send('events', { consent: { measure: true }, events });
  const begin = (props) => {
    if (!tracks || told || !agreed()) return null;
    told = true;
    return report(happened('page_view'), happened('exposed', { props }));
  };

  /** Takes note of what the visitor agreed to, wherever it was said. */
  app.agree = (given) => {
    app.save(given, given.measure || given.memory);
    app.emit('consent', { measure: state.measure, memory: state.memory });
    if (begun) begin(app.root.host.isConnected ? { seen_first: true } : {});
  };
  const consent = (given) => {
    const { measure = false, memory = false } = { __proto__: null, measure: state.measure, memory: state.memory, ...given };
    if (measure === state.measure && memory === state.memory) return; // Banners say it on each page.
    app.agree({ measure, memory });
    if (state.token) app.ask('panel', 'consent', { measure, memory });
    else if (pending || state.visitor) send('consent', { measure, memory });
  };

  for (const [name, given] of app.early) if (name === 'consent') consent(given);
  // A refusal that could not be told last time, for want of a network.
  if (state.measure === false && state.visitor && !state.token) send('consent', { measure: false, memory: !!state.memory });
  first = begin({});
  begun = true;

  // A page that changes without loading is a new view; a jump within a page is none.
  const place = () => location.href.replace(/#(?![/!]).*/, '');
  let last = place();
  const moved = () => setTimeout(() => {
    const referrer = last;
    last = place();
    if (tracks && last !== referrer) report(happened('page_view', { referrer }));
  }, 50); // By then most pages have set their new title.
  window.navigation?.addEventListener('navigatesuccess', moved);
  addEventListener('popstate', moved);

  return {
    __proto__: null, consent,
    first: () => first,
    visitor: async (tell) => {
      await pending;
      tell((agreed() && state.visitor) || null);
    },
    page: () => report(happened('page_view')),
    track: (name, props) => report(happened('track', { name, props })),
    opened: () => report(happened('opened')),
  };
};
