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
      triggers = answer.triggers ?? [];
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
  const report = (...events) => agreed() && send('events', { consent: { measure: true }, events });

  // A page that changes without loading is a new view; a jump within a page is none.
  const place = (url) => url.replace(/#(?![/!]).*/, '');
  let last = place(performance.getEntriesByType('navigation')[0]?.name ?? location.href);
  const moved = () => setTimeout(() => {
    const referrer = last;
    last = place(location.href);
    if (tracks && last !== referrer) report(happened('page_view', { referrer }));
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

  const consent = (given) => {
    const { measure = false, memory = state.memory } = { __proto__: null, measure: state.measure, ...given };
    app.save({ said: JSON.stringify(given) }, measure || state.token);
    if (measure === state.measure && memory === state.memory) return;
    const told = { measure, memory: Boolean(memory) };
    if (state.token) ask('panel', 'consent', told);
    else if (state.visitor || app.first || memory) send('consent', told);
    app.agree({ measure, memory });
  };
  // A refusal that could not be told last time, for want of a network.
  if (state.measure === false && state.visitor && !state.token) send('consent', { measure: false, memory: Boolean(state.memory) });

  const panel = (name) => [name, (...given) => ask('panel', name, ...given)];
  return {
    __proto__: null, begin, consent, moved,
    ...Object.fromEntries(['open', 'toggle', 'send', 'prefill', 'requestHuman', 'memory', 'reset'].map(panel)),
    close: () => app.panel && ask('panel', 'close'),
    first: () => app.first,
    visitor: async (tell) => {
      await (app.first, pending);
      tell((agreed() && state.visitor) || null);
    },
    page: () => report(happened('page_view')),
    track: (name, props) => report(happened('track', { name, props })),
    opened: () => report(happened('opened')),
    trigger: (name) => triggers.filter((one) => one.trigger === name).slice(0, 1).forEach((one) => ask('invite', 'offer', one)),
    /** A purchase counts when the shop's server signed `body`; else it is only an event of the page. */
    purchase: (body, signature) =>
      signature
        ? fetch(new URL('v1/purchases', here), {
            __proto__: null, method: 'POST', keepalive: true, credentials: 'omit', body,
            headers: { __proto__: null, 'Content-Type': 'application/json', 'Duologue-Signature': signature },
          }).catch(() => app.emit('error', { code: 'unavailable', detail: 'purchase' }))
        : report(happened('track', { name: 'purchase', props: body })),
  };
};
