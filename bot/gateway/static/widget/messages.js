/* Draws the conversation. Loads with its first word. */
const TYPING = 8000;
const look = new CSSStyleSheet();
look.replaceSync(`
#hello{margin-block-end:10px}
#list{display:flex;flex-direction:column;gap:4px}
#list>li{display:flex;flex-direction:column;align-items:flex-start;min-width:0}
#list>li[data-from=visitor]{align-items:flex-end}
li[data-from=visitor]+li:not([data-from=visitor]),li:not([data-from=visitor])+li[data-from=visitor],li[data-from=bot]+li[data-from=staff],li[data-from=staff]+li[data-from=bot]{margin-block-start:10px}
li[data-day]::before{content:attr(data-day) / "";align-self:center;margin:6px 0 10px;padding:0 10px;font-size:13px;background:none;color:var(--muted)}
.sender{margin-inline-start:2px;font-size:13px;color:var(--muted)}
.hush,li[data-from=visitor] .sender,li[data-from=bot]+li[data-from=bot]:not([data-day]) .sender{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.bubble{white-space:pre-wrap;overflow-wrap:anywhere}
.bubble:empty{display:none}
li[data-from=visitor] .bubble{background:var(--a);color:var(--on)}
li[data-from=visitor] .bubble a{color:inherit}
li[data-from=staff] .bubble{box-shadow:inset 3px 0 var(--link)}
li[data-from=staff] .bubble:dir(rtl){box-shadow:inset -3px 0 var(--link)}
.sources{display:flex;flex-direction:column;gap:4px;margin-block-start:4px}
.source{display:block;padding:6px 12px;border:1px solid var(--line);border-radius:12px;font-size:14px;line-height:1.4;text-decoration:none;overflow-wrap:anywhere}
a.source:hover b{text-decoration:underline}
.source span{display:block;color:var(--muted);font-size:13px}
.source .quote{display:block}
.source img{float:inline-end;width:64px;height:64px;margin-inline-start:10px;border-radius:8px;object-fit:cover}
.source .price{color:var(--text)}
.file{display:block;font-size:14px;overflow-wrap:anywhere;text-align:start}
.choices{display:flex;flex-wrap:wrap;gap:8px;margin-block-start:8px}
.choice{min-height:36px;padding:4px 14px;border:1px solid var(--link);border-radius:12px;background:none;color:var(--link);text-align:start}
.choice:hover{background:var(--soft)}
.state{font-size:13px;color:var(--muted)}
li[data-from=visitor] .state{align-self:stretch;text-align:end}
li:not(:last-child):not([data-state=failed]) .state{display:none}
li[data-state=failed] .state{color:var(--bad)}
#counter{float:inline-end;padding:6px 4px;font-size:13px;color:var(--muted)}
#counter.bad{color:var(--bad)}
#earlier{display:block;margin:0 auto 8px}
#newer{display:block;position:sticky;inset-block-end:0;margin:8px auto 0;padding:4px 14px;min-height:32px;border:1px solid var(--line);border-radius:16px;
background:var(--surface);color:var(--link);font-size:14px;box-shadow:0 2px 8px #0002}
#badge{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-width:22px;padding:0 6px;border-radius:11px;
font:600 13px/22px system-ui,sans-serif;background:#c5221f;color:#fff;text-align:center}
@media (forced-colors:active){#badge,.choice{border:1px solid}}
`);
const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?')\]])/;

export const start = (app) => {
  const { el, words, wire, root, launcher, dialog: panel, log, list, hello, typed, field } = app;
  app.locale ??= navigator.languages.find((one) => one.startsWith(words.lang)) ?? words.lang;
  const items = new Map(); // an own message's id, or a seq -> its list item
  let lastOwn = 0, seenTo = 0, highest = 0, unread = 0, stuck = true, moving = false, shape = '', filling = false, hush;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, look];
  const earlier = el('button', { id: 'earlier', className: 'link', hidden: true, onclick: () => wire.askEarlier() }, words.earlier);
  const newer = el('button', { id: 'newer', hidden: true, onclick: () => { stuck = true; scroll(); } }, words.unread.replace(/[:\s]*\{\}/, ''));
  const badge = el('span', { id: 'badge', hidden: true });
  const aloud = (app.aloud = el('div', { className: 'hush', role: 'status' }));
  hello.before(earlier);
  log.append(newer);
  launcher.append(badge);
  root.append(aloud);
  const counter = el('span', { id: 'counter', role: 'status' });
  app.foot.append(counter);

  /** A link when the address is one that a click may safely follow, else null. */
  const link = (address, props, ...children) => {
    if (!URL.canParse(address)) return null;
    const url = new URL(address);
    if (!['http:', 'https:', 'mailto:'].includes(url.protocol)) return null;
    const away = url.protocol !== 'mailto:' && url.origin !== location.origin;
    return el('a', { href: url.href, rel: 'noopener', target: away ? '_blank' : '', ...props }, ...children);
  };
  const linked = (text) => text.split(ADDRESS).map((part, index) => (index % 2 && link(part, {}, part)) || part);

  // Measured once a frame, never once a message.
  const scroll = () => {
    if (moving) return;
    moving = true;
    requestAnimationFrame(() => {
      moving = false;
      shape = log.scrollHeight + '/' + log.clientHeight;
      newer.hidden = stuck || !app.shown;
      if (!stuck) return;
      const last = list.lastElementChild;
      // The beginning of a long answer matters more than its end.
      log.scrollTop = last && last.offsetHeight > log.clientHeight ? last.offsetTop - 8 : log.scrollHeight;
    });
  };
  log.addEventListener('scroll', () => {
    const now = log.scrollHeight + '/' + log.clientHeight;
    if (moving || now !== shape) return void (shape = now); // Not the visitor's doing.
    stuck = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
    if (stuck) newer.hidden = true;
  }, { __proto__: null, passive: true });
  new ResizeObserver(scroll).observe(log);
  const fitScreen = () => { // The keyboard of a phone covers the page without making it smaller.
    panel.style.setProperty('--tall', visualViewport.height + 'px');
    panel.style.setProperty('--top', visualViewport.offsetTop + 'px');
  };
  for (const type of ['resize', 'scroll']) window.visualViewport?.addEventListener(type, fitScreen);
  for (const type of ['dragover', 'drop', 'paste'])
    panel.addEventListener(type, (event) => {
      const { files, types } = event.dataTransfer ?? event.clipboardData;
      // A cell of a spreadsheet comes as text and as a picture of it.
      if (app.settings?.files === false || !types.includes('Files') || (event.type === 'paste' && types.includes('text/plain'))) return;
      event.preventDefault();
      if (files.length) app.ask('files', 'add', [...files]);
    });

  let typedAt = -Infinity;
  field.addEventListener('input', () => {
    if (field.value.trim() && performance.now() - typedAt > 3000 && wire.now({ type: 'typing' })) typedAt = performance.now();
  });

  // -- one message
  const clock = (at) => new Date(at).toLocaleTimeString(app.locale, { __proto__: null, hour: 'numeric', minute: '2-digit' });
  const mark = (li, now) => {
    if (li.dataset.state === now && now !== 'failed') return;
    li.dataset.state = now;
    // A new text: one that is changed counts as moved, since it ends where the old one did.
    li.querySelector('.state').replaceChildren((li.at ? clock(li.at) + ' · ' : '') + words[now]);
  };
  const span = (className, text) => (text ? [el('span', { className }, text)] : []);
  /** Without the site's own name, with which most titles end. */
  const short = (title = '', name = app.settings?.name) => (name && title.endsWith(name) ? title.slice(0, -name.length).replace(/\s*[·|:–—-]?\s*$/, '') : '') || title;
  const source = ({ title, url, quote }, text) => {
    // An answer often is the quote; nobody wants to read it twice.
    const inside = [el('b', {}, short(title) || url), ...span('quote', text.includes(quote) ? '' : quote)];
    const anchor = link(url, { className: 'source', dir: 'auto' }, ...inside);
    if (!anchor) return el('div', { className: 'source', dir: 'auto' }, ...inside);
    anchor.append(el('span', {}, (anchor.target ? anchor.host : '') + anchor.pathname));
    return anchor;
  };
  const card = ({ title, text, url, image, price }) => {
    const inside = [el('b', {}, title), ...span('price', price), ...span('', text)];
    if (link(image, {})) inside.unshift(el('img', { alt: '', loading: 'lazy', referrerPolicy: 'no-referrer', src: image, onerror() { this.remove(); } }));
    return link(url, { className: 'source', dir: 'auto' }, ...inside) ?? el('div', { className: 'source', dir: 'auto' }, ...inside);
  };
  const sized = ({ size }) => {
    if (!size) return '';
    const large = size >= 2 ** 20, unit = large ? 'megabyte' : 'kilobyte';
    return ' (' + (large ? size / 2 ** 20 : Math.ceil(size / 1024)).toLocaleString(app.locale, { __proto__: null, style: 'unit', unit, maximumFractionDigits: 1 }) + ')';
  };
  const build = ({ from, name, text, sources = [], cards = [], files = [], buttons = [], at, seq }) => {
    const own = from === 'visitor';
    const bubble = el('div', { className: 'bubble', dir: 'auto' }, ...linked(text));
    const li = el('li', {}, el('span', { className: 'sender' }, (own ? words.visitor : name || words[from] || '') + ': '), bubble);
    li.dataset.from = from;
    li.said = text;
    if (at) dated(li, at);
    for (const file of files) bubble.append(el(own ? 'span' : 'button', { className: own ? 'file' : 'file link', onclick: () => own || app.ask('files', 'save', file) }, '📎 ', el('bdi', {}, file.name), sized(file)));
    if (sources.length + cards.length)
      li.append(el('div', { className: 'sources' }, ...cards.map(card), ...sources.map((one) => source(one, text))));
    if (buttons.length && seq > lastOwn)
      li.append(el('div', { className: 'choices' }, ...buttons.map((one) => el('button', { className: 'choice', onclick: () => press(one) }, one.title))));
    if (own || at) li.append(el('span', { className: 'state' }, own ? '' : clock(at)));
    return li;
  };
  const dated = (li, at) => {
    li.at = at;
    li.title = new Date(at).toLocaleString(app.locale);
  };
  const day = (at) => new Date(at ?? Date.now()).toDateString();
  const separate = (li) => {
    const before = li.previousElementSibling;
    if (day(li.at) === day(before?.at)) delete li.dataset.day;
    else li.dataset.day = new Date(li.at ?? Date.now()).toLocaleDateString(app.locale, { __proto__: null, weekday: 'long', day: 'numeric', month: 'long' });
  };
  const place = (li, seq) => {
    let after = list.lastElementChild;
    while (after && (after === li || !after.dataset.seq || Number(after.dataset.seq) > seq)) after = after.previousElementSibling;
    const next = after ? after.nextElementSibling : list.firstElementChild;
    if (next !== li) list.insertBefore(li, next);
    separate(li);
    if (li.nextElementSibling) separate(li.nextElementSibling);
  };
  const press = ({ id, title }) => {
    app.speak({ type: 'press', button: id }, title);
    field.focus();
  };
  /** A choice is open until the visitor says something else. */
  const closeChoices = () => { for (const choices of list.querySelectorAll('.choices')) choices.remove(); };

  const draw = (message) => {
    const { seq, id, from, at, fresh } = message;
    const own = from === 'visitor';
    const text = String(message.text ?? '');
    let li = (own && items.get(id)) || items.get(seq);
    if (!li || (own && at && li.said !== text)) {
      // What is kept may be less than what was typed: the number of a card is not.
      const kept = build({ ...message, text });
      li?.replaceWith(kept);
      li = kept;
    }
    items.set(seq, li);
    if (own && id) items.set(id, li);
    if (own && seq > lastOwn) {
      lastOwn = seq;
      closeChoices();
    }
    li.dataset.seq = seq;
    if (at) dated(li, at);
    if (own) mark(li, seq <= seenTo ? 'seen' : 'sent');
    place(li, seq);
    hello.hidden = true;
    if (!own) {
      highest = Math.max(highest, seq);
      quiet();
      if (fresh && !isSeen()) setUnread(unread + 1);
      if (lastOwn && seq > lastOwn) app.ask('choice', 'offer');
    }
    if (!filling) see();
    scroll();
  };
  const pending = (entry) => {
    if (!entry.text) return;
    const { id } = entry.frame;
    const li = items.get(id) ?? build({ from: 'visitor', text: entry.frame.text ?? entry.text, files: entry.files });
    items.set(id, li);
    mark(li, entry.failed ? 'failed' : 'sending');
    if (entry.failed) {
      const edit = /too_long|not_allowed/.test(entry.failed);
      li.lastElementChild.append(' · ', el('button', { className: 'link', onclick: () => (edit ? rewrite(entry) : retry(entry)) }, edit ? words.edit : words.again));
    }
    closeChoices();
    hello.hidden = true;
    list.append(li);
    separate(li);
    stuck = true;
    scroll();
  };
  const remove = (entry) => {
    items.get(entry.frame.id)?.remove();
    items.delete(entry.frame.id);
  };
  const retry = (entry) => {
    wire.submit(entry);
    app.say('');
    pending(entry);
    field.focus();
  };
  const rewrite = (entry) => {
    wire.discard(entry);
    remove(entry);
    app.prefill(entry.frame.text ?? entry.text);
  };

  // -- what was read, and what is new
  const isSeen = () => app.shown && !document.hidden;
  let told = 0;
  const see = () => {
    if (!isSeen()) return;
    if (highest > told && wire.now({ type: 'seen', seq: highest })) told = highest;
    setUnread(0);
  };
  document.addEventListener('visibilitychange', see);
  const setUnread = (number) => {
    if (number === unread) return;
    unread = number;
    const text = number ? words.unread.replace('{}', number) : '';
    badge.hidden = !number;
    badge.textContent = number;
    launcher.ariaLabel = words.title + (text && ', ' + text);
    aloud.textContent = text;
    document.title = (number ? `(${number}) ` : '') + document.title.replace(/^\(\d+\) /, '');
    app.emit('unread', { count: number });
  };
  const quiet = () => {
    clearTimeout(hush);
    typed.textContent = '';
  };

  /** Draws what is old: nothing to read aloud, and nothing moves under the reader's eyes. */
  const history = (fill, before) => {
    log.ariaLive = 'off';
    const height = log.scrollHeight;
    if (before) stuck = false;
    filling = true;
    fill();
    filling = false;
    see();
    if (before) log.scrollTop += log.scrollHeight - height;
    earlier.hidden = !wire.earlier();
    requestAnimationFrame(() => requestAnimationFrame(() => { log.ariaLive = null; }));
  };
  const drawPending = () => { for (const entry of wire.pending()) pending(entry); };
  history(() => { for (const message of [...wire.messages.values()].sort((a, b) => a.seq - b.seq)) draw(message); });
  drawPending();

  return {
    __proto__: null, draw, pending, history, see, scroll,
    /** Why the gateway ended it. */
    forgotten: () => app.ask('memory', 'reset'),
    failed(entry, code) {
      if (entry?.frame.type === 'human') app.ask('person', 'owner', { owner: 'bot' });
      if (entry && code === 'not_allowed' && !entry.files?.length) remove(entry);
      else if (entry) pending(entry);
    },
    count(length, limit) {
      counter.className = length > limit ? 'bad' : '';
      counter.textContent = length > limit * 0.9 ? words.length.replace('{}', length) : '';
    },
    typing({ from }) {
      if (from === 'visitor') return; // Ourselves, in another tab.
      typed.textContent = words.typing.replace('{}', () => (from === 'staff' && app.who) || words[from]);
      clearTimeout(hush);
      hush = setTimeout(quiet, TYPING);
    },
    seen({ seq }) {
      seenTo = Math.max(seenTo, seq ?? 0);
      for (const li of list.querySelectorAll('[data-state=sent]')) if (Number(li.dataset.seq) <= seenTo) mark(li, 'seen');
    },
    cleared() {
      if (app.attached?.splice(0).length) app.ask('files', 'draw'); // They were the other conversation's.
      items.clear();
      list.replaceChildren();
      lastOwn = seenTo = highest = told = 0;
      hello.hidden = false;
      setUnread(0);
      drawPending();
    },
  };
};
