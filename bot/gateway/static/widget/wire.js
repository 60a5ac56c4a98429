/* What is said gets through once and in order: stored first, sent after `welcome`, queued until the ack ("on disk").
   What comes back is kept by seq; a gap or a reconnect asks for all after `complete`. */

const QUIET = 10_000; // no answer for so long: dead
const HISTORY = 50; // messages to come back to
const AWAY = 60_000; // after a longer sleep a socket only looks open

export const openWire = (app, tell) => {
  const { state } = app;
  const messages = new Map(); // by seq
  let queue = (state.queue ?? []).filter((entry) => typeof entry?.frame?.id === 'string');
  const spoken = new Set(queue.map((entry) => entry.frame.id)); // by this tab
  let token, owns; // `owns`: no other tab's token is taken over any more
  let complete, earlier, news; // up to `news` all was shown before; `earlier`: there is older
  let socket = null, ready, stopped, watched, Poll, timer, watchdog;
  let attempts = 0, blocked = 0, patience = QUIET, hiddenAt = 0, asked = [], later = [];
  const take = (next) => {
    token = next ?? null;
    owns = Boolean(next);
    news = (next && state.seq) || 0;
    complete = Math.max(0, news - HISTORY);
    earlier = complete > 0;
    messages.clear();
  };
  take(state.token);

  const raw = (frame) => socket.send(JSON.stringify(frame));
  const due = () => queue.filter((entry) => !entry.failed);
  // With messages on this page we keep listening, for the badge.
  const wanted = () => watched || due().length || messages.size;
  const keep = (acted) => {
    app.read();
    const others = (state.queue ?? []).filter((entry) => !spoken.has(entry?.frame?.id));
    const ours = owns || !state.token || state.token === token; // else another tab was first
    app.save({ queue: [...others, ...queue], ...(ours && { token, seq: complete }) }, acted);
    owns ||= Boolean(ours && app.stored && token);
  };
  const startOver = (next) => {
    take(next);
    tell('cleared');
  };

  const link = (now) => tell('link', now ?? (navigator.onLine ? 'connecting' : 'offline'), attempts);
  const alive = () => {
    clearTimeout(watchdog);
    if (!socket || (ready && !due().length && !asked.length)) return;
    watchdog = setTimeout(() => {
      if (ready) patience = Math.min(60_000, patience * 2); // It may be slow.
      else blocked++;
      again();
    }, ready ? patience : QUIET);
  };
  const drop = () => {
    const old = socket;
    socket = ready = null;
    asked = [];
    clearTimeout(watchdog);
    old?.close();
  };
  const again = () => { drop(); connect(); };
  const connect = () => {
    clearTimeout(timer);
    if (socket || stopped || !wanted()) return;
    link();
    try {
      // Two in a row never opened: the network may block them.
      socket = Poll && blocked % 3 === 2 ? new Poll(app, () => complete) : new WebSocket(new URL('v1/chat', app.here.replace(/^http/, 'ws')));
    } catch {
      return retry();
    }
    const mine = socket;
    mine.onopen = () => raw({
      type: 'hello', site: app.option.site, token, last_seq: complete, visitor: state.visitor ?? null, page: app.page(), language: app.language,
    });
    mine.onmessage = ({ data }) => mine === socket && receive(data);
    mine.onclose = ({ code }) => {
      if (mine !== socket) return;
      if (!ready && ++blocked % 3 === 2) import('./poll.js').then((module) => ({ Poll } = module), () => {});
      drop();
      closed(code);
    };
    alive();
  };
  const retry = () => {
    // Spread, or all pages would come back at once.
    timer = setTimeout(connect, 500 + Math.random() * Math.min(29_500, 500 * 2 ** attempts++));
    link();
  };
  const closed = (code) => {
    if (code === 4403 || code === 4404 || code === 4400) {
      stopped = true;
      link('stopped');
      return app.emit('error', { code: 'closed', detail: String(code) });
    }
    if (code === 4401) {
      app.read();
      if (state.token === token) app.save({ token: null, seq: 0 }); // else another tab has begun anew
      startOver(state.token);
    }
    if (wanted()) retry();
  };

  const put = (message) => {
    if (!Number.isInteger(message?.seq) || messages.get(message.seq)?.at) return;
    message.fresh = !messages.has(message.seq) && message.seq > news; // The ack comes first.
    messages.set(message.seq, message);
    news = Math.max(news, message.seq);
    tell('message', message);
  };
  const ask = (which, seq) => {
    asked.push(which);
    raw({ type: 'history', [which]: seq });
    alive();
  };
  const fill = (list, more) => {
    for (const message of list) put({ __proto__: null, ...message });
    const last = Math.max(complete, ...list.map((message) => message.seq));
    if (more && last > complete) ask('after', last);
    complete = last;
  };
  const on = {
    __proto__: null,
    welcome(frame) {
      const returns = token;
      ({ token } = frame);
      ready = true;
      attempts = 0;
      tell('welcome', frame);
      if (frame.missed.length) tell('history', () => fill(frame.missed, frame.more));
      if (!frame.more) complete = Math.max(complete, frame.seq);
      if (frame.visitor && state.measure) app.save({ visitor: frame.visitor });
      keep();
      link('ready');
      const waiting = due();
      // The site's banner was before the conversation.
      const { measure, memory } = state;
      if (!returns && (measure || memory) && (measure !== frame.consent.measure || memory !== frame.consent.memory))
        say({ type: 'consent', measure: Boolean(measure), memory: Boolean(memory) });
      if (app.jwt) identify();
      for (const entry of waiting) raw(entry.frame);
      for (const frame of later.splice(0)) raw(frame);
    },
    ack({ id, seq }) {
      const entry = queue.find((one) => one.frame.id === id);
      if (!entry) return;
      patience = QUIET;
      if (entry.text && seq) put({ __proto__: null, seq, from: 'visitor', id, text: entry.frame.text ?? entry.text, files: entry.files });
      discard(entry);
      entry.done?.();
    },
    message(frame) {
      const gap = frame.seq > complete + 1;
      put(frame);
      if (!gap) complete = Math.max(complete, frame.seq);
      else if (!asked.includes('after')) ask('after', complete);
      keep();
    },
    history({ messages: list, more }) {
      const before = asked.shift() === 'before';
      if (before) earlier = more;
      tell('history', () => {
        if (!before) return fill(list, more);
        for (const message of list) put({ __proto__: null, ...message });
      }, before);
      keep();
    },
    error(frame) {
      const entry = queue.find((one) => one.frame.id === frame.id);
      if (entry) {
        entry.failed = frame.code;
        if (!entry.text || frame.code === 'not_allowed') discard(entry);
        else keep();
      }
      tell('failed', frame, entry);
      app.emit('error', { code: frame.code, detail: frame.detail });
    },
    consent({ measure, memory, version, visitor }) { app.agree({ measure, memory, version, visitor }); },
    identified({ customer }) { app.emit('identified', { customer }); },
  };
  const receive = (data) => {
    let frame;
    try { frame = { __proto__: null, ...JSON.parse(data) }; } catch { return; }
    if (on[frame.type]) on[frame.type](frame);
    else tell(frame.type, frame);
    alive();
  };

  const identify = () => ready && raw({ type: 'identify', id: app.uuid(), jwt: app.jwt });
  /** Another tab may have begun before we said a word. */
  const join = () => {
    app.read();
    if (owns || !app.stored || !state.token || state.token === token) return;
    startOver(state.token);
    again();
  };
  const discard = (entry) => {
    queue = queue.filter((one) => one !== entry);
    keep();
  };
  const submit = (entry) => {
    delete entry.failed;
    queue = [...queue.filter((one) => one !== entry), entry];
    spoken.add(entry.frame.id);
    keep(true);
    if (!ready) return connect();
    raw(entry.frame);
    alive();
  };
  const say = (frame, text, files) => {
    const entry = { frame: { ...frame, id: app.uuid() }, text, files };
    join();
    submit(entry);
    return entry;
  };
  const reset = () => {
    queue = [];
    startOver(null);
    stopped = false;
    if (watched) again();
    else drop();
  };

  addEventListener('online', again);
  addEventListener('offline', () => link());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return void (hiddenAt = Date.now());
    attempts = 0;
    if (Date.now() - hiddenAt > AWAY) drop();
    connect();
  });
  addEventListener('pagehide', drop); // else no back/forward cache
  addEventListener('pageshow', connect);
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== app.key) return;
    app.read();
    if (newValue) join();
    else reset(); // forgotten in another tab
  });

  return {
    __proto__: null, say, submit, discard, connect, reset, identify, messages,
    token: () => token,
    earlier: () => earlier,
    pending: () => queue,
    watch(on) {
      watched = on;
      if (on) join();
      if (wanted()) connect();
      else drop();
    },
    now(frame, patient) {
      if (ready) raw(frame);
      else if (patient) later.push(frame), connect();
      return ready;
    },
    askEarlier: () => ready && !asked.includes('before') && ask('before', Math.min(...messages.keys(), complete + 1)),
  };
};
