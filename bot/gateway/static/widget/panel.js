/* The chat itself: a dialog beside the page that draws what the wire tells. All text is set as text. */
import { start as keep } from './kept.js';
import { look } from './look.js';
import { openWire } from './wire.js';
import { words } from './words.js';

const LIMIT = 4000; // code points, as the server counts
const TYPING = 8000;
const SLOW = 1500; // A connection that is ready sooner is not worth a word.

const el = (tag, props, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {}))
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  node.append(...children.filter((child) => child != null));
  return node;
};
const icon = (d) => {
  const [svg, path] = ['svg', 'path'].map((name) => document.createElementNS('http://www.w3.org/2000/svg', name));
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', d);
  svg.append(path);
  return svg;
};
/** A link when the address is one that a click may safely follow, else null. */
const link = (address, props, ...children) => {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (!['http:', 'https:', 'mailto:'].includes(url.protocol)) return null;
  const away = url.protocol !== 'mailto:' && url.origin !== location.origin;
  return el('a', { href: url.href, rel: 'noopener', target: away ? '_blank' : '', ...props }, ...children);
};
const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?')\]])/;
const linked = (text) => text.split(ADDRESS).map((part, index) => (index % 2 && link(part, null, part)) || part);
/** As the server reads it: half a character would spoil the whole frame. */
const tidy = (text) => String(text).trim().toWellFormed().normalize();
const count = (text) => [...text].length;

export const start = async (app) => {
  const kept = await (app.kept ??= Promise.resolve(keep(app)));
  const { root, launcher, state } = app;
  const items = new Map(); // an own message's id, or a seq -> its list item
  let person = null, shown = false, lastOwn = 0, seenTo = 0, unread = 0, highest = 0;
  let stuck = true, moving = false, filling = false, typing, slow, answered = false;
  let trouble = '', note = '', noteIsBad = false; // The connection's trouble comes before any other note.

  // -- what there is to see
  const line = (id) => el('div', { id, role: 'status' });
  const list = el('ol', { id: 'list' });
  const hello = el('p', { className: 'hello', dir: 'auto' }, words.hello);
  const earlier = el('button', { id: 'earlier', className: 'link', type: 'button', hidden: true, onclick: () => wire.earlier() }, words.earlier);
  const newer = el('button', { id: 'newer', type: 'button', hidden: true, onclick: () => { stuck = true; scroll(); } }, words.newer);
  const log = el('div', { id: 'log', role: 'log', ariaLabel: words.log, tabIndex: 0 }, earlier, hello, list, newer);
  const [banner, status, typed] = [line('banner'), line('status'), line('typing')];
  const field = el('textarea', {
    id: 'field', rows: 1, ariaLabel: words.field, placeholder: words.placeholder, enterKeyHint: 'send', dir: 'auto', autocomplete: 'off',
  });
  const send = el('button', { id: 'send', className: 'icon', type: 'submit', ariaLabel: words.send, disabled: true }, icon('M12 19V5M6 11l6-6 6 6'));
  const counter = el('span', { id: 'counter', role: 'status' });
  const human = el('button', { id: 'human', className: 'link', type: 'button', onclick: () => askForPerson() }, words.human);
  const remembered = el('button', { id: 'remembered', className: 'link', type: 'button', onclick: () => wire.now({ type: 'memory' }) }, words.kept);
  const title = el('h2', { id: 'title' }, words.title);
  const subtitle = el('p', null, words.subtitle);
  const form = el('form', { noValidate: true, onsubmit: (event) => { event.preventDefault(); submit(); } }, field, send);
  const foot = el('div', { className: 'foot' }, typed, form, el('div', { className: 'under' }, human, remembered, counter));
  const panel = el('div', { id: 'panel', role: 'dialog', 'aria-labelledby': 'title', lang: words.lang, dir: words.dir, hidden: true },
    el('div', { className: 'head' }, el('div', null, title, subtitle),
      el('button', { id: 'close', className: 'icon', type: 'button', ariaLabel: words.close, onclick: () => close() }, icon('M6 6l12 12M18 6L6 18'))),
    banner, log, status, foot);
  const badge = el('span', { id: 'badge', hidden: true });
  const aloud = el('div', { className: 'hush', role: 'status' });
  const shut = icon('M6 9l6 6 6-6').firstChild;
  shut.setAttribute('class', 'shut');
  launcher.querySelector('svg').append(shut);
  launcher.append(badge);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, look];
  launcher.title = '';
  root.prepend(panel, aloud);

  // -- scrolling: measured once a frame, never once a message
  const scroll = () => {
    if (moving) return;
    moving = true;
    requestAnimationFrame(() => {
      moving = false;
      newer.hidden = stuck || !shown;
      if (!stuck) return;
      const last = list.lastElementChild;
      // The beginning of a long answer matters more than its end.
      log.scrollTop = last && last.offsetHeight > log.clientHeight ? last.offsetTop - 8 : log.scrollHeight;
    });
  };
  log.addEventListener('scroll', () => {
    if (moving) return;
    stuck = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
    if (stuck) newer.hidden = true;
  }, { __proto__: null, passive: true });
  new ResizeObserver(scroll).observe(log);

  // -- messages
  const stateOf = (entry) => (entry.failed ? 'failed' : 'sending');
  const mark = (li, now) => {
    if (li.dataset.state === now && now !== 'failed') return;
    li.dataset.state = now;
    li.querySelector('.state').textContent = words.state[now];
  };
  const source = ({ title, url, quote }, text) => {
    const inside = [
      el('b', null, title || url),
      // An answer often is the quote; nobody wants to read it twice.
      quote && !text.includes(quote) ? el('span', { className: 'quote' }, quote) : null,
    ];
    const anchor = link(url, { className: 'source', dir: 'auto' }, ...inside);
    if (!anchor) return el('div', { className: 'source', dir: 'auto' }, ...inside);
    anchor.append(el('span', null, (anchor.target ? anchor.host : '') + anchor.pathname));
    return anchor;
  };
  const build = ({ from, name: who, text, sources, buttons, at, seq }) => {
    const own = from === 'visitor';
    const li = el('li', { 'data-from': from, title: at ? new Date(at).toLocaleString() : '' },
      el('span', { className: 'sender' }, (own ? words.from.visitor : who || words.from[from]) + ':'),
      el('div', { className: 'bubble', dir: 'auto' }, ...linked(text)));
    if (own) li.append(el('span', { className: 'state' }));
    if (sources?.length) li.append(el('div', { className: 'sources' }, ...sources.map((one) => source(one, text))));
    if (buttons?.length && seq > lastOwn)
      li.append(el('div', { className: 'choices' }, ...buttons.map((one) =>
        el('button', { className: 'choice', type: 'button', onclick: () => press(one) }, one.title))));
    return li;
  };
  const place = (li, seq) => {
    let after = list.lastElementChild;
    while (after && (after === li || !after.dataset.seq || Number(after.dataset.seq) > seq)) after = after.previousElementSibling;
    const next = after ? after.nextElementSibling : list.firstElementChild;
    if (next !== li) list.insertBefore(li, next);
  };
  /** A choice is open until the visitor says something else. */
  const closeChoices = () => { for (const choices of list.querySelectorAll('.choices')) choices.remove(); };
  const draw = (message) => {
    const { seq, id, from } = message;
    const own = from === 'visitor';
    const li = (own && items.get(id)) || items.get(seq) || build({ ...message, text: String(message.text ?? '') });
    items.set(seq, li);
    if (own && id) items.set(id, li);
    if (own && seq > lastOwn) {
      lastOwn = seq;
      closeChoices();
    }
    li.dataset.seq = seq;
    if (own) mark(li, seq <= seenTo ? 'seen' : 'sent');
    place(li, seq);
    highest = Math.max(highest, own ? 0 : seq);
    answered ||= !own && lastOwn > 0 && seq > lastOwn;
    hello.hidden = true;
    scroll();
  };
  const drawPending = (entry) => {
    if (!entry.text) return;
    const { id } = entry.frame;
    const li = items.get(id) ?? build({ from: 'visitor', text: entry.text });
    items.set(id, li);
    mark(li, stateOf(entry));
    if (entry.failed) {
      const edit = entry.failed === 'too_long';
      li.lastElementChild.append(' · ', el('button', { className: 'link', type: 'button', onclick: () => (edit ? rewrite(entry) : retry(entry)) }, edit ? words.edit : words.again));
    }
    closeChoices();
    hello.hidden = true;
    list.append(li);
    stuck = true;
    scroll();
  };
  const remove = (entry) => {
    items.get(entry.frame.id)?.remove();
    items.delete(entry.frame.id);
  };
  const retry = (entry) => {
    wire.retry(entry);
    say('');
    drawPending(entry);
    field.focus();
  };
  const rewrite = (entry) => {
    wire.discard(entry);
    remove(entry);
    prefill(entry.text);
  };
  const see = () => {
    if (!shown || document.hidden) return;
    if (highest) wire.seen(highest);
    setUnread(0);
  };
  const setUnread = (number) => {
    if (number === unread) return;
    unread = number;
    badge.hidden = !number;
    badge.textContent = number;
    launcher.ariaLabel = words.title + (number ? ', ' + words.unread(number) : '');
    aloud.textContent = number ? words.unread(number) : '';
    app.emit('unread', { count: number });
  };

  // -- status lines
  const say = (text, bad) => {
    [note, noteIsBad] = [text, bad];
    status.textContent = trouble || note;
    status.className = !trouble && noteIsBad ? 'bad' : '';
  };
  const quiet = () => {
    clearTimeout(typing);
    typed.textContent = '';
  };
  const own = ({ owner, name: who, wait_s: wait }) => {
    person = owner === 'staff' ? who || null : null;
    subtitle.textContent = owner === 'staff' ? words.staffed : words.subtitle;
    human.hidden = owner === 'staff';
    const asked = wire.pending().some((entry) => entry.frame.type === 'human'); // Not told yet.
    human.disabled = owner === 'nobody' || asked;
    banner.textContent =
      owner === 'staff' ? (who ? words.owner.here(who) : words.owner.someone)
      : owner === 'nobody' ? (wait ? words.owner.wait(wait) : words.owner.waiting)
      : asked ? words.owner.asked : '';
  };
  const askForPerson = (reason) => {
    wire.say({ type: 'human', reason: reason ? String(reason).slice(0, 500) : '' });
    human.disabled = true;
    if (!human.hidden) banner.textContent = words.owner.asked;
    field.focus();
  };

  // -- questions of ours
  const card = (id, label, ...children) => {
    root.getElementById(id)?.remove();
    const node = el('div', { id, role: 'group', ariaLabel: label }, ...children);
    foot.before(node); // The foot itself never moves.
    scroll();
    return node;
  };
  const dismiss = (id) => {
    const node = root.getElementById(id);
    if (node?.contains(root.activeElement)) field.focus();
    node?.remove();
  };
  const askConsent = () => {
    const known = state.measure !== undefined || app.option.consent === 'not_needed' || navigator.globalPrivacyControl || navigator.doNotTrack === '1';
    if (known) return dismiss('consent');
    if (!answered || root.getElementById('consent')) return;
    const choose = (yes) => {
      consent({ measure: yes, memory: yes });
      dismiss('consent');
      say(yes ? words.agreed : words.declined);
    };
    card('consent', words.consent, el('p', null, words.consent), el('div', { className: 'pair' },
      el('button', { id: 'agree', type: 'button', onclick: () => choose(true) }, words.agree),
      el('button', { id: 'decline', type: 'button', onclick: () => choose(false) }, words.decline)));
  };
  const consent = ({ measure, memory }) => {
    // A refusal holds at once; a yes holds when the server has written it down.
    if (!measure) app.save({ measure, memory }, true);
    wire.say({ type: 'consent', measure, memory });
  };
  const forget = (what) => wire.say({ type: 'forget', what });
  const showMemory = (facts) => {
    const row = (text, what) => el('li', null, text, el('button', { className: 'link', type: 'button', onclick: () => forget(what) }, words.forget));
    card('memory', words.memory, el('p', null, facts.length ? words.memory + ':' : words.nothing),
      el('ul', null, ...facts.map((fact) => row(fact.text, fact.id))),
      el('div', { className: 'pair' },
        el('button', { id: 'forget-all', type: 'button', onclick: () => forget('all') }, words.forgetAll),
        el('button', { type: 'button', onclick: () => dismiss('memory') }, words.done)));
  };

  // -- writing
  const fit = () => {
    const length = count(tidy(field.value));
    field.style.height = 'auto';
    field.style.height = field.scrollHeight + 'px';
    counter.textContent = length > LIMIT ? words.over(length - LIMIT) : length > LIMIT * 0.9 ? words.left(length, LIMIT) : '';
    counter.className = length > LIMIT ? 'bad' : '';
    send.disabled = !length || length > LIMIT;
  };
  const speak = (text) => {
    say('');
    drawPending(wire.say({ type: 'message', text, page: app.page() }, text));
  };
  const submit = () => {
    const text = tidy(field.value);
    if (!text || count(text) > LIMIT) return;
    field.value = '';
    fit();
    speak(text);
    field.focus();
  };
  const press = ({ id, title }) => {
    say('');
    drawPending(wire.say({ type: 'press', button: id }, title));
    field.focus();
  };
  field.addEventListener('input', () => {
    fit();
    if (field.value.trim()) wire.typing();
  });
  field.addEventListener('keydown', (event) => {
    const composing = event.isComposing || event.keyCode === 229; // Safari ends a composition before its Enter.
    if (event.key !== 'Enter' || event.shiftKey || composing) return;
    event.preventDefault();
    submit();
  });
  // The page must not take what is typed here for its own keyboard shortcuts.
  for (const type of ['keydown', 'keypress', 'keyup']) panel.addEventListener(type, (event) => event.stopPropagation());
  panel.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !event.isComposing) close(); });

  // -- opening and closing
  const narrow = matchMedia('(width < 480px)');
  const alone = () => { document.body.inert = shown && narrow.matches; };
  narrow.addEventListener('change', alone);
  const fitScreen = () => { // The keyboard of a phone covers the page without making it smaller.
    panel.style.setProperty('--tall', visualViewport.height + 'px');
    panel.style.setProperty('--top', visualViewport.offsetTop + 'px');
  };
  if (window.visualViewport) for (const type of ['resize', 'scroll']) visualViewport.addEventListener(type, fitScreen);
  const reveal = (yes) => {
    if (!root.host.isConnected) document.documentElement.append(root.host);
    const leftward = getComputedStyle(root.host).direction === 'rtl';
    root.host.dataset.edge = (app.option.side === 'start') === leftward ? 'right' : 'left';
    shown = yes;
    panel.hidden = !yes;
    launcher.ariaExpanded = String(yes);
    alone();
    wire.watch(yes);
    app.save({ open: yes });
    see();
    app.emit(yes ? 'opened' : 'closed');
    scroll();
  };
  const open = () => {
    if (!shown) {
      reveal(true);
      kept.opened();
    }
    field.focus();
  };
  const close = () => {
    if (!shown) return;
    reveal(false);
    launcher.focus();
  };
  const prefill = (text) => {
    open();
    field.value = String(text);
    fit();
  };
  document.addEventListener('visibilitychange', see);

  // -- what the wire tells
  const wire = openWire(app, {
    __proto__: null,
    link(now, attempts) {
      clearTimeout(slow);
      if (now === 'stopped') field.disabled = human.disabled = true;
      const show = () => {
        trouble = (now === 'connecting' && attempts > 1 ? words.link.lost : words.link[now]) ?? '';
        say(note, noteIsBad);
      };
      if (now === 'connecting' && attempts < 2) slow = setTimeout(show, SLOW);
      else show();
    },
    welcome({ owner, owner_name: who, wait_s, settings }) {
      own({ owner, name: who, wait_s });
      if (typeof settings?.name === 'string') title.textContent = settings.name;
      if (typeof settings?.greeting === 'string') hello.textContent = settings.greeting;
      askConsent();
      see();
    },
    /** Draws what is old: nothing to read aloud, and nothing moves under the reader's eyes. */
    history(fill, before) {
      log.ariaLive = 'off';
      const height = log.scrollHeight;
      if (before) stuck = false;
      filling = true;
      fill();
      filling = false;
      see();
      if (before) log.scrollTop += log.scrollHeight - height;
      requestAnimationFrame(() => requestAnimationFrame(() => { log.ariaLive = null; }));
    },
    message(message, isNew) {
      draw(message);
      if (message.from !== 'visitor') quiet();
      if (isNew) {
        if (message.from !== 'visitor' && !(shown && !document.hidden)) setUnread(unread + 1);
        app.emit('message', { seq: message.seq, from: message.from, text: message.text });
      }
      if (!filling) see();
      askConsent();
    },
    earlier(more) { earlier.hidden = !more; },
    acked(entry) {
      const { type, measure: yes, memory, what } = entry.frame;
      if (type === 'consent') app.save({ measure: yes, memory }, true);
      if (type === 'forget' && what === 'all') reset();
      else if (type === 'forget') wire.now({ type: 'memory' });
    },
    failed({ code }, entry) {
      if (['bad_signature', 'expired', 'other_customer'].includes(code)) return; // The shop's developer can mend these; visitors cannot.
      say(words.error[code] ?? words.error.other, true);
      if (entry?.frame.type === 'human') own({ owner: 'bot' });
      if (entry && code === 'not_allowed') remove(entry);
      else if (entry) drawPending(entry);
    },
    typing({ from }) {
      if (from === 'visitor') return; // Ourselves, in another tab.
      typed.textContent = words.typing(from === 'staff' ? person ?? words.from.staff : words.from.bot);
      clearTimeout(typing);
      typing = setTimeout(quiet, TYPING);
    },
    seen(seq) {
      seenTo = Math.max(seenTo, seq);
      for (const li of list.querySelectorAll('[data-state=sent]')) if (Number(li.dataset.seq) <= seenTo) mark(li, 'seen');
    },
    owner: own,
    memory: showMemory,
    agreed: askConsent,
    cleared() {
      items.clear();
      list.replaceChildren();
      lastOwn = seenTo = highest = 0;
      answered = false;
      hello.hidden = false;
      own({ owner: 'bot' });
      setUnread(0);
      for (const entry of wire?.pending() ?? []) drawPending(entry);
    },
  });
  for (const entry of wire.pending()) drawPending(entry);
  let jwt = app.jwt;
  Object.defineProperty(app, 'jwt', { __proto__: null, get: () => jwt, set(next) { jwt = next; wire.identify(); } });
  const reset = () => {
    app.forget();
    dismiss('memory');
    wire.reset();
  };

  return {
    __proto__: null, open, close, prefill, reset, consent,
    toggle: () => (shown ? close() : open()),
    /** On the next page of the site: as it was, without taking the focus. */
    resume: () => (state.open && !narrow.matches ? reveal(true) : wire.connect()),
    send(text) {
      open();
      const whole = tidy(text);
      if (whole && count(whole) <= LIMIT) speak(whole);
      else prefill(text);
    },
    requestHuman(reason) { open(); askForPerson(reason); },
    memory() { open(); wire.now({ type: 'memory' }); },
  };
};
