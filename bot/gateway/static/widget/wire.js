/* What is said is queued until its ack, sent one by one; what comes back is kept by seq, all up to `complete`. */

const QUIET = 10_000; // longer is dead

export const openWire = (app, tell) => {
  const { state } = app;
  const messages = new Map(); // by seq
  let queue = (state.queue ?? []).filter((entry) => typeof entry?.frame?.id === 'string');
  const spoken = new Set(queue.map((entry) => entry.frame.id)); // by this tab
  let token, sure; // `sure`: all tabs have it
  let complete, earlier, news; // up to `news` all was shown before; `earlier`: there is older
  let socket = null, ready, stopped, watched, Poll, timer, watchdog;
  let attempts = 0, blocked = 0, patience = QUIET, hiddenAt = 0, asked = [], later = [];
  const take = (next) => {
    token = sure = next ?? null;
    news = (next && state.seq) || 0;
    complete = Math.max(0, news - 50);
    earlier = complete > 0;
    messages.clear();
  };
  take(state.token);

  const raw = (frame) => socket.send(JSON.stringify(frame));
  const due = () => queue.filter((entry) => !entry.failed);
  // With messages on this page we keep listening, for the badge.
  const wanted = () => watched || due()[0] || messages.size;
  const keep = (acted) => {
    app.read();
    const others = (state.queue ?? []).filter((entry) => !spoken.has(entry?.frame?.id));
    const ours = !state.token || state.token === token; // else another tab was first
    app.save({ queue: [...others, ...queue], ...(ours && { token, seq: complete }) }, acted);
    // Tabs that begin at once see each other late.
    if (sure !== token && queue.length) setTimeout(() => {
      join();
      sure = token;
      flow();
    }, 250);
  };
  // One at a time: who waits is not overtaken.
  const flow = () => {
    const [entry] = due();
    if (ready && sure === token && entry) raw(entry.frame);
    alive();
  };
  const startOver = (next) => {
    take(next);
    tell('cleared');
  };

  const link = (now) => tell('link', now ?? (navigator.onLine ? 'connecting' : 'offline'), attempts);
  const alive = () => {
    clearTimeout(watchdog);
    if (socket && !(ready && !due()[0] && !asked[0])) watchdog = setTimeout(() => {
      if (ready) patience *= 2; // It may be slow.
      end({ code: 0 }, 2);
    }, ready ? patience : QUIET);
  };
  const drop = () => {
    if (socket) {
      socket.onmessage = socket.onclose = null;
      socket.close();
    }
    socket = ready = null;
    asked = [];
    clearTimeout(watchdog);
  };
  const again = () => { drop(); connect(); };
  const connect = () => {
    clearTimeout(timer);
    if (socket || stopped || !wanted()) return;
    link();
    try {
      // Sockets may be blocked.
      socket = Poll && blocked % 3 === 2 ? new Poll(app, () => complete, online) : new WebSocket(new URL('v1/chat', app.here.replace(/^http/, 'ws')));
    } catch {
      return retry();
    }
    socket.onopen = () => raw({
      type: 'hello', site: app.option.site, token, last_seq: complete, visitor: (state.measure !== false && state.visitor) || null, page: app.page(), language: app.language,
    });
    socket.onmessage = receive;
    socket.onclose = end;
    alive();
  };
  const end = ({ code, reason }, weight = 1) => {
    if (!ready && (blocked += weight) % 3 === 2) import('./poll.js').then((module) => ({ Poll } = module), () => {});
    drop();
    tell(reason);
    closed(code);
  };
  const retry = () => {
    // Not all pages at once.
    timer = setTimeout(connect, 500 + Math.random() * Math.min(29_500, 500 * 2 ** attempts++));
    link();
  };
  const closed = (code) => {
    if ([4400, 4403, 4404].includes(code)) {
      stopped = true;
      link('stopped');
      return app.emit('error', { code: 'closed', detail: String(code) });
    }
    if (code === 4401) {
      app.read();
      if (state.token === token) app.save({ token: null, seq: 0 });
      startOver(state.token);
    }
    if (wanted()) retry();
  };

  const put = (told) => {
    const message = { __proto__: null, ...told };
    if (!Number.isInteger(message.seq) || messages.get(message.seq)?.at) return;
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
    list.forEach(put);
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
      if (socket.url) blocked = 0; // else a Poll
      tell('welcome', frame);
      if (frame.missed.length) tell('history', () => fill(frame.missed, frame.more));
      if (!frame.more) complete = Math.max(complete, frame.seq);
      if (frame.visitor && state.measure) app.save({ visitor: frame.visitor });
      keep();
      link('ready');
      for (const frame of later.splice(0)) raw(frame);
      if (app.jwt) identify();
      // The site's banner was before the conversation.
      const measure = Boolean(state.measure && app.agreed()), memory = Boolean(state.memory);
      if (!returns && (measure || memory) && (measure !== frame.consent.measure || memory !== frame.consent.memory)) {
        say({ type: 'consent', measure, memory });
        queue.unshift(queue.pop());
      }
      flow();
    },
    ack({ id, seq }) {
      const entry = queue.find((one) => one.frame.id === id);
      if (!entry) return;
      patience = QUIET;
      if (entry.text && seq) put({ seq, from: 'visitor', id, text: entry.frame.text ?? entry.text, files: entry.files });
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
      tell('history', () => (before ? list.forEach(put) : fill(list, more)), before);
      keep();
    },
    error(frame) {
      const entry = queue.find((one) => one.frame.id === frame.id);
      if (entry) {
        if (frame.code === 'rate_limited') return void setTimeout(flow, 1000);
        entry.failed = frame.code;
        if (!entry.text || (frame.code === 'not_allowed' && !entry.files?.length)) queue = queue.filter((one) => one !== entry);
        keep();
        flow();
      }
      tell('failed', frame, entry);
      app.emit('error', { code: frame.code, detail: frame.detail });
    },
    consent({ measure, memory, version, visitor }) { app.agree({ measure, memory, version, visitor }); },
    identified({ customer }) { app.emit('identified', { customer }); },
  };
  const receive = ({ data }) => {
    let frame;
    try { frame = { __proto__: null, ...JSON.parse(data) }; } catch { return; }
    if (on[frame.type]) on[frame.type](frame);
    else tell(frame.type, frame);
    alive();
  };

  const identify = () => ready && raw({ type: 'identify', id: app.uuid(), jwt: String(app.jwt) });
  /** Another tab may have begun. */
  const join = () => {
    app.read();
    if (!state.token || state.token === token) return;
    startOver(state.token);
    again();
  };
  const discard = (entry) => {
    queue = queue.filter((one) => one !== entry);
    keep();
    flow();
  };
  const submit = (entry) => {
    delete entry.failed;
    queue = [...queue.filter((one) => one !== entry), entry];
    spoken.add(entry.frame.id);
    keep(true);
    if (!ready) connect();
    else if (!due()[1]) flow();
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
    again();
  };

  const forgotten = () => {
    app.jwt = null;
    reset();
  };
  const online = () => {
    blocked = 0;
    again();
  };
  addEventListener('online', online);
  addEventListener('offline', () => link());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return void (hiddenAt = Date.now());
    attempts = 0;
    if (Date.now() - hiddenAt > 60_000) online(); // It only looks open.
    else connect();
  });
  addEventListener('pagehide', () => {
    keep();
    drop(); // else no back/forward cache
  });
  addEventListener('pageshow', ({ persisted }) => {
    const had = persisted && app.stored;
    join();
    if (had && !app.stored) forgotten();
    connect();
  });
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== app.key) return;
    app.read();
    if (!newValue) return forgotten();
    join();
    if (!queue.every((entry) => newValue.includes(entry.frame.id))) keep(); // overwritten
  });

  return {
    __proto__: null, say, submit, discard, connect, reset, identify, messages,
    token: () => token,
    earlier: () => earlier,
    pending: () => queue,
    watch(on) {
      watched = on;
      if (on) join();
      wanted() ? connect() : drop();
    },
    now(frame, patient) {
      if (ready) raw(frame);
      else if (patient) later.push(frame), connect();
      return ready;
    },
    askEarlier: () => ready && !asked.includes('before') && ask('before', Math.min(...messages.keys(), complete + 1)),
  };
};
