/* The calls of the page, and what is reported once the visitor has agreed. Loads with the first of them. */
import { keep } from './keep.js';

export const start = (app) => {
  keep(app);
  const { here, option, state, agreed, ask } = app;
  const tracks = option.track !== 'off';
  let triggers = [], moves = Boolean(app.first);

  const take = (answer, path) => {
    // Events that were dropped have no visitor in their answer; only who was erased or withdrew has none any more.
    const gone = path === 'consent' || answer?.results?.some((result) => result.reason === 'erased');
    if (answer?.visitor || (answer && gone)) app.save({ visitor: answer.visitor ?? null }, answer.visitor);
    if (answer?.show) {
      if (answer.triggers?.length) triggers = answer.triggers;
      if (answer.invite) ask('invite', 'offer', answer.invite);
    }
    return answer;
  };
  // One request at a time: two that both say `visitor: null` would make two visitors of one. Never rejects.
  let pending = Promise.resolve(app.first).then(take);
  const send = (path, body) =>
    (pending = (async (before) => {
      await before;
      try {
        const response = await fetch(new URL('v1/' + path, here), {
          __proto__: null, method: 'POST', keepalive: true, credentials: 'omit', // A string is text/plain: no preflight.
          body: JSON.stringify({ site: option.site, visitor: state.visitor ?? null, ...body }),
        });
        if (response.status === 404) app.save({ visitor: null }); // Forgotten, on this device or another.
        return response.ok ? take(await response.json(), path) : null;
      } catch {
        return null; // Measuring must never be in the way of a chat.
      }
    })(pending));
  const happened = (type, more) => ({ ...app.view(type), ...app.page(), ...more });
  const viewed = (more) => {
    triggers = []; // Those of the page before.
    return report(happened('page_view', more));
  };
  // Another tab may have withdrawn since.
  const report = (...events) => (app.read(), agreed()) && send('events', { consent: { measure: true }, events });

  // A page that changes without loading is a new view; a jump within a page is none.
  const place = (url) => url.replace(/#(?![/!]).*/, '');
  let last = place(performance.getEntriesByType('navigation')[0]?.name ?? location.href);
  const moved = () => setTimeout(() => {
    const referrer = last;
    last = place(location.href);
    if (tracks && last !== referrer) viewed({ referrer });
  }, 50); // By then most pages have set their new title.
  const begin = () => {
    if (!tracks || moves || !agreed()) return;
    moves = true;
    last = place(location.href);
    window.navigation?.addEventListener('navigatesuccess', moved);
    const props = app.root.host.isConnected ? { seen_first: true } : {};
    app.first = report(happened('page_view'), happened('exposed', { props }));
  };
  addEventListener('popstate', moved);
  // Who reads on is still there: staff see them, and may invite them by the answer.
  const present = () => moves && !document.hidden && report(happened('present'));
  setInterval(present, 30_000);
  if (performance.now() > 29_000) present(); // Loaded for this alone.
  const refused = (status) => app.emit('error', { code: status === 401 ? 'bad_signature' : 'unavailable', detail: 'purchase ' + status });

  /** In a conversation: a refusal holds at once, a yes when the server has it. */
  const decide = async ({ measure, memory }) => {
    await ask('panel');
    if (!measure) {
      app.save({}, true);
      app.agree({ measure, memory });
    }
    app.wire.say({ type: 'consent', measure, memory });
  };
  const consent = (given) => {
    let { measure = false, memory = state.memory } = { __proto__: null, measure: state.measure, ...given };
    measure &&= !navigator.globalPrivacyControl && navigator.doNotTrack !== '1'; // Whatever a banner says.
    app.save({ said: JSON.stringify(given) }, measure || state.token);
    if (measure === state.measure && memory === state.memory) return;
    const told = { measure, memory: Boolean(memory) };
    if (state.token) return decide(told);
    // What did not get through is told again when the banner says it again.
    if (state.visitor || app.first) send('consent', told).then((answer) => answer ?? app.save({ said: null }));
    app.agree({ measure, memory });
    begin(); // Now: the launcher waits for its answer.
  };
  // A refusal that could not be told last time, for want of a network.
  if (state.measure === false && state.visitor && !state.token) send('consent', { measure: false, memory: Boolean(state.memory) });

  const commands = {
    __proto__: null, begin, consent, decide, moved,
    open: () => ask('panel', 'open'),
    close: () => app.panel && ask('panel', 'close'),
    toggle: () => ask('panel', 'toggle'),
    prefill: (text) => ask('panel', 'prefill', text),
    async send(text) {
      await ask('panel', 'prefill', text);
      app.submit();
    },
    async requestHuman(reason) {
      await ask('panel', 'open');
      return ask('person', 'ask', reason);
    },
    async memory() {
      await ask('panel', 'open');
      app.wire.now({ type: 'memory' }, true);
    },
    async reset() {
      app.jwt = null; // The next one may be somebody else.
      try { app.box.removeItem(app.key); } catch {} // At once: the page may be about to leave.
      await ask('panel');
      return ask('memory', 'reset');
    },
    async identify(jwt) {
      app.jwt = jwt;
      await ask('panel');
      app.wire.identify();
    },
    first: () => app.first,
    visitor: async (tell) => {
      await (app.first, pending);
      tell((agreed() && state.visitor) || null);
    },
    page: () => viewed(),
    track: (name, props) => report(happened('track', { name, props })),
    opened: () => tracks && report(happened('opened')),
    async trigger(name) {
      await pending;
      const found = triggers.find((one) => one.trigger === name);
      if (found) ask('invite', 'offer', found);
    },
    /** A purchase counts when the shop's server signed `body`; else it is only an event of the page. */
    purchase: (body, signature) =>
      signature
        ? fetch(new URL('v1/purchases', here), {
            __proto__: null, method: 'POST', keepalive: true, credentials: 'omit', body,
            headers: { __proto__: null, 'Content-Type': 'application/json', 'Duologue-Signature': signature },
          }).then(({ ok, status }) => ok || refused(status), () => refused(0))
        : report(happened('track', { name: 'purchase', props: body })),
  };
  // Whatever a page says wrongly must not fail in its own code.
  for (const [name, act] of Object.entries(commands))
    commands[name] = async (...given) => {
      try { return await act(...given); } catch {}
    };
  return commands;
};
