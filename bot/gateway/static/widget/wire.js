/* The wire to the gateway: what is said gets through once and in order, whatever breaks.

   What the visitor says goes to storage first, then on the wire, and stays in the queue until the server's
   ack, which means "on disk". Ids are known to the server, so sending twice does no harm. What comes back is
   kept by `seq`; a gap or a reconnect asks for everything after the last seq that is known to be complete. */

const QUIET = 10_000; // No sign of life for that long while we wait for one: the connection is dead.
const HISTORY = 50; // Messages to show at once to someone who comes back.
const AWAY = 60_000; // A laptop that slept longer has a connection that only looks open.

/** `tell` has one function per thing that can happen; see panel.js. */
export const openWire = (app, tell) => {
  const { state } = app;
  const messages = new Map(); // seq -> message
  const spoken = new Set(); // ids of all that this tab ever queued
  let queue = (state.queue ?? []).filter((entry) => typeof entry?.frame?.id === 'string');
  let token; // the conversation's secret
  let owns; // the token is the stored one: no other tab's is taken over any more
  let complete; // nothing is missing up to this seq
  let earlier; // there may be older messages than those we hold
  let news; // what is newer was never shown to this visitor
  let seen; // the last seq that we told the other side we saw
  let conversation, socket = null, ready = false, stopped = false, watched = false;
  let attempts = 0, patience = QUIET, timer, watchdog, typedAt = -Infinity, hiddenAt = 0, asked = [], later;
  for (const entry of queue) spoken.add(entry.frame.id);
  const take = (next) => {
    token = next ?? null;
    owns = Boolean(next);
    news = (next && state.seq) || 0;
    complete = Math.max(0, news - HISTORY);
    earlier = complete > 0;
    seen = 0;
    conversation = null;
    messages.clear();
  };
  take(state.token);

  const raw = (frame) => socket.send(JSON.stringify(frame));
  const due = () => queue.filter((entry) => !entry.failed);
  // With a conversation on this page we keep listening, or the badge would miss the answer.
  const wanted = () => watched || due().length > 0 || messages.size > 0;

  const keep = (acted) => {
    app.read();
    const others = (state.queue ?? []).filter((entry) => !spoken.has(entry?.frame?.id));
    const ours = owns || !state.token || state.token === token; // Else another tab was first; `join` is on its way.
    app.save({ queue: [...others, ...queue], ...(ours && { token, seq: complete }) }, acted);
    owns ||= Boolean(ours && app.stored && token);
  };
  const startOver = (next) => {
    take(next);
    tell.cleared();
  };

  // -- the socket
  const alive = () => {
    clearTimeout(watchdog);
    if (!socket || (ready && !due().length && !asked.length)) return;
    watchdog = setTimeout(() => {
      patience = Math.min(60_000, patience * 2); // A server that is only slow must not get more to do.
      again();
    }, patience);
  };
  const drop = () => {
    const old = socket;
    socket = null;
    ready = false;
    asked = [];
    clearTimeout(watchdog);
    old?.close();
  };
  const again = () => { drop(); connect(); };
  const connect = () => {
    clearTimeout(timer);
    if (socket || stopped || !wanted()) return;
    tell.link(navigator.onLine ? 'connecting' : 'offline', attempts);
    let mine;
    try {
      mine = socket = new WebSocket(new URL('v1/chat', app.here.replace(/^http/, 'ws')));
    } catch {
      return retry();
    }
    mine.onopen = () => raw({
      type: 'hello', site: app.option.site, token, last_seq: complete, visitor: state.visitor ?? null, page: app.page(),
      language: (document.documentElement.lang || navigator.language).slice(0, 35),
    });
    mine.onmessage = ({ data }) => mine === socket && receive(data);
    mine.onclose = ({ code }) => {
      if (mine !== socket) return;
      drop();
      closed(code);
    };
    alive();
  };
  const retry = () => {
    // Spread out, or all pages would come back at once after a restart: 0.5 to 1 s, later up to 30 s.
    timer = setTimeout(connect, 500 + Math.random() * Math.min(29_500, 500 * 2 ** attempts++));
    tell.link(navigator.onLine ? 'connecting' : 'offline', attempts);
  };
  const closed = (code) => {
    if (code === 4403 || code === 4404 || code === 4400) {
      stopped = true;
      tell.link('stopped', 0);
      app.emit('error', { code: 'closed', detail: String(code) });
      return;
    }
    if (code === 4401) {
      // The chat was ended elsewhere. What is still in the queue begins a new one.
      app.read();
      if (state.token === token) app.save({ token: null, seq: 0 }); // Else another tab has begun anew already.
      startOver(state.token);
    }
    if (wanted()) retry();
  };

  // -- what arrives
  const put = (message) => {
    if (!Number.isInteger(message?.seq) || messages.get(message.seq)?.at) return;
    const known = messages.has(message.seq); // put there by the ack, before its echo
    messages.set(message.seq, message);
    const isNew = !known && message.seq > news;
    news = Math.max(news, message.seq);
    tell.message(message, isNew);
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
      const returns = Boolean(token);
      if (conversation && frame.conversation !== conversation) {
        startOver(frame.token);
        return again(); // What was missed was counted in the other conversation.
      }
      ({ token, conversation } = frame);
      ready = true;
      attempts = 0;
      tell.history(() => fill(frame.missed ?? [], frame.more));
      if (!frame.more) complete = Math.max(complete, frame.seq ?? 0);
      if (frame.visitor && state.measure) app.save({ visitor: frame.visitor });
      keep();
      tell.link('ready', 0);
      tell.welcome(frame);
      tell.earlier(earlier);
      const waiting = due();
      // Agreed in the site's own banner before there was a conversation: it holds from the first word on.
      const { measure, memory } = state;
      if (!returns && (measure || memory) && (measure !== frame.consent?.measure || memory !== frame.consent?.memory))
        say({ type: 'consent', measure: Boolean(measure), memory: Boolean(memory) });
      if (app.jwt) identify();
      for (const entry of waiting) raw(entry.frame);
      if (later) raw(later);
      later = null;
    },
    ack({ id, seq }) {
      const entry = queue.find((one) => one.frame.id === id);
      if (!entry) return;
      queue = queue.filter((one) => one !== entry);
      patience = QUIET;
      if (entry.text && seq) put({ __proto__: null, seq, from: 'visitor', id, text: entry.text });
      keep();
      tell.acked(entry);
    },
    message(frame) {
      const gap = frame.seq > complete + 1;
      put(frame);
      if (!gap) complete = Math.max(complete, frame.seq);
      else if (!asked.includes('after')) ask('after', complete);
      keep();
    },
    history(frame) {
      const before = asked.shift() === 'before';
      tell.history(() => {
        if (!before) return fill(frame.messages, frame.more);
        for (const message of frame.messages) put({ __proto__: null, ...message });
        earlier = frame.more;
      }, before);
      tell.earlier(earlier);
      keep();
    },
    error(frame) {
      const entry = queue.find((one) => one.frame.id === frame.id);
      if (entry) {
        entry.failed = frame.code;
        // What has no text of its own cannot be tried again by hand.
        if (!entry.text || frame.code === 'not_allowed') queue = queue.filter((one) => one !== entry);
        keep();
      }
      tell.failed(frame, entry);
      app.emit('error', { code: frame.code, detail: frame.detail });
    },
    consent({ measure, memory, version, visitor }) { app.agree({ measure, memory, version, visitor: visitor ?? null }); },
    typing(frame) { tell.typing(frame); },
    seen(frame) { tell.seen(frame.seq); },
    owner(frame) { tell.owner(frame); },
    memory(frame) { tell.memory(frame.facts ?? []); },
    identified(frame) { app.emit('identified', { customer: frame.customer }); },
  };
  const receive = (data) => {
    let frame;
    try { frame = { __proto__: null, ...JSON.parse(data) }; } catch { return; }
    on[frame.type]?.(frame);
    alive();
  };

  // -- what is said
  const identify = () => raw({ type: 'identify', id: app.uuid(), jwt: app.jwt });
  const transmit = (entry) => {
    if (!ready) return connect();
    raw(entry.frame);
    alive();
  };
  /** Another tab has begun the conversation before we said a word: join it. */
  const join = () => {
    app.read();
    if (owns || !app.stored || !state.token || state.token === token) return;
    startOver(state.token);
    again();
  };
  const say = (frame, text) => {
    const entry = { frame: { ...frame, id: app.uuid() }, text };
    join();
    queue.push(entry);
    spoken.add(entry.frame.id);
    keep(true);
    transmit(entry);
    return entry;
  };

  // -- the world around us
  addEventListener('online', again);
  addEventListener('offline', () => tell.link('offline', attempts));
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return void (hiddenAt = Date.now());
    attempts = 0;
    if (Date.now() - hiddenAt > AWAY) drop();
    connect();
  });
  addEventListener('pagehide', drop); // An open socket keeps a page out of the back/forward cache.
  addEventListener('pageshow', ({ persisted }) => persisted && connect());
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== app.key) return;
    app.read();
    if (newValue) join();
    else reset(); // Forgotten in another tab.
    tell.agreed();
  });
  const reset = () => {
    queue = [];
    startOver(null);
    stopped = false;
    if (watched) again();
    else drop();
  };

  return {
    __proto__: null, say, connect, reset, identify: () => ready && identify(),
    pending: () => queue,
    watch(on) {
      watched = on;
      if (on) join();
      if (wanted()) connect();
      else drop();
    },
    retry(entry) {
      delete entry.failed;
      queue = [...queue.filter((one) => one !== entry), entry];
      keep(true);
      transmit(entry);
    },
    discard(entry) {
      queue = queue.filter((one) => one !== entry);
      keep();
    },
    /** A question to the server: not kept, at most one waits for the connection. */
    now(frame) {
      if (ready) raw(frame);
      else later = frame;
    },
    typing() {
      if (!ready || performance.now() - typedAt < 3000) return;
      typedAt = performance.now();
      raw({ type: 'typing' });
    },
    seen(seq) {
      if (!ready || seq <= seen) return;
      seen = seq;
      raw({ type: 'seen', seq });
    },
    earlier: () => ready && !asked.includes('before') && ask('before', Math.min(...messages.keys(), complete + 1)),
  };
};
