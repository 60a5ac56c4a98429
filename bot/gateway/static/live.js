// Makes the console live. Every page and every act works without it.
const asis = { createHTML: (html) => html };
const policy = globalThis.trustedTypes?.createPolicy('duologue', asis) ?? asis;
const parse = (html) => new DOMParser().parseFromString(policy.createHTML(html), 'text/html');
const $ = (id) => document.getElementById(id);
const say = (words) => { $('line').textContent = words; };
const { body } = document;
// Not `.id`: a form that has a field of that name gives the field.
const id = (node) => node?.getAttribute?.('id');

// Makes `old` look like `now` and leaves alone what a person does there: focus, what is typed, what is unfolded.
function morph(old, now) {
  if (old.nodeType !== 1) { if (old.data !== now.data) old.data = now.data; return; }
  if ('keep' in old.dataset || +now.dataset.seq < +old.dataset.seq || old.isEqualNode(now)) return;
  for (const { name } of [...old.attributes]) if (name !== 'open' && !now.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of now.attributes) if (name !== 'open' && old.getAttribute(name) !== value) old.setAttribute(name, value);
  let at = old.firstChild;
  for (const one of [...now.childNodes]) {
    const twin = id(one) ? [...old.children].find((its) => id(its) === id(one)) : at;
    if (twin?.nodeName !== one.nodeName || id(twin) != id(one)) { old.insertBefore(document.adoptNode(one), at); continue; }
    const stays = (node) => id(node) && [...now.children].some((its) => id(its) === id(node));
    while (at && at !== twin && !stays(at)) { const gone = at; at = at.nextSibling; gone.remove(); }
    if (at === twin) at = at.nextSibling; else old.insertBefore(twin, at);
    morph(twin, one);
  }
  while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
}

// How far the last message is below the composer that would hide it; whoever is at the end stays there.
const hidden = () => $('said')?.lastElementChild ? $('said').getBoundingClientRect().bottom - $('end').getBoundingClientRect().top : -1;
const toEnd = () => { if (hidden() > 0) scrollBy(0, hidden() + 8); };
const follow = (change) => {
  const atEnd = hidden() < 40, kind = $('end')?.elements.kind?.value, { activeElement } = document;
  change();
  // A note that is being written stays one, also when a reply has become possible.
  const same = $('text')?.value && $('kinds').querySelector(`[type=radio][value=${kind}]`);
  if (same) same.checked = true;
  if (activeElement !== body && !activeElement.isConnected) $('content').focus({ preventScroll: true });
  if (atEnd) toEnd();
};

function put({ html, into }) {
  let last;
  for (const one of [...parse(html).body.children]) {
    const there = $(id(one));
    if (there) morph(there, one);
    else if (!into || !$(into)) continue;
    else if (last) last.after(one); else $(into).append(one);
    last = there ?? one;
  }
}

// Pages, fetched: those of others are left to the browser.
async function ask(url, more) {
  const told = await fetch(url, { cache: 'no-store', ...more }), { pathname } = new URL(told.url);
  if (told.status > 499) throw told.status;
  if (pathname === '/console/sign-in') { location.reload(); throw pathname; }
  return { ok: told.ok, url: told.url, page: parse(await told.text()) };
}
function show({ page, url }, { whole, push } = {}) {
  document.title = page.title;
  head();
  ticket = page.body.dataset.ticket ?? ticket;
  if (whole) {
    if (push) { history.replaceState({ y: scrollY }, ''); history.pushState(null, '', url); }
    $('content').replaceChildren(...page.getElementById('content').childNodes);
    morph(document.querySelector('.bar'), page.querySelector('.bar'));
    body.className = page.body.className;
    start();
  } else follow(() => morph($('content'), page.getElementById('content')));
  // What was pushed while the page was on its way may be newer: the end of the transcript comes once more.
  tell({ look: here() });
  dress();
}
const here = () => location.pathname + location.search;
let going = 0;
async function go(url, { push = true, y = 0 } = {}) {
  const turn = ++going;
  try {
    const found = await ask(url);
    if (turn !== going) return;
    show({ ...found, url }, { whole: true, push });
    const goal = new URL(url, location).hash.slice(1);
    // The composer is always in sight: what it names is the end of what was said.
    if (goal === 'end') toEnd(); else if (goal && $(goal)) $(goal).scrollIntoView(); else scrollTo(0, y);
    $('content').focus({ preventScroll: true });
  } catch { location.assign(url); }
}
let shown = here();
addEventListener('popstate', ({ state }) => {
  if (here() !== shown) go(location.href, { push: false, y: state?.y });
});
addEventListener('click', (event) => {
  const link = event.target.closest('a[href]'), { detail, button, ctrlKey, metaKey, shiftKey, altKey } = event;
  // The second press of a double click would meet the button that took the first one's place.
  if (detail > 1 && event.target.closest('[data-live] button')) event.preventDefault();
  if (link === $('help') && !button && !ctrlKey && !metaKey && !shiftKey) { event.preventDefault(); help(link.href); return; }
  if (!link || button || ctrlKey || metaKey || shiftKey || altKey || link.target || link.hasAttribute('download')) return;
  if (link.origin !== location.origin || !/^\/console(\/conversations\/[\w-]+)?$/.test(link.pathname)) return;
  if (link.pathname + link.search === here() && link.hash) return;
  event.preventDefault();
  go(link.href);
});

let busy, done;
addEventListener('submit', async (event) => {
  const form = event.target;
  if (form === $('notices') && Notification.permission === 'default') {
    event.preventDefault();
    const { submitter } = event;
    if (await Notification.requestPermission() === 'granted') form.requestSubmit(submitter);
    else say('Your browser does not allow it: see what it says of this address.');
    return;
  }
  if (!('live' in form.dataset) || event.submitter?.hasAttribute('formaction')) return;
  event.preventDefault();
  const text = $('text'), sent = text.value, { action } = form, fields = new FormData(form, event.submitter);
  // What is pressed while something else is on its way has its turn; the same once more has none.
  while (busy) { if (busy === form) return; await done; }
  busy = form;
  let over;
  done = new Promise((tell) => { over = tell; });
  try {
    const told = await ask(action, { method: 'POST', body: new URLSearchParams(fields) });
    if (told.ok && form === $('end')) {
      if (text.value === sent) text.value = '';
      $('frame').value = told.page.getElementById('frame').value;
      keep();
      typed = 0;
      tell({ typing: '' });
    }
    show(told);
    // Whoever answers from further up sees that it was said.
    if (form === $('end')) { text.focus(); if (told.ok) toEnd(); }
    say('');
  } catch { say('That did not get through. Please try again: what you wrote is still here.'); }
  busy = null;
  over();
});

// What is being written is kept in this tab, by member and conversation, until it is sent.
const name = () => `draft ${body.dataset.me} ${location.pathname}`;
function keep() {
  const { value } = $('text'), { kind } = $('end').elements;
  if (value) sessionStorage[name()] = JSON.stringify([value, kind.value, $('frame').value]); else sessionStorage.removeItem(name());
}
let typed = 0;
addEventListener('input', ({ target }) => {
  if (!target.form || target.form !== $('end')) return;
  keep();
  if (target !== $('text') || Date.now() - typed < 3000) return;
  typed = Date.now();
  tell({ typing: target.form.elements.kind.value });
});
function start() {
  shown = here();
  beside();
  dress();
  const kept = sessionStorage[name()], text = $('text');
  if (text) import($('end').dataset.module);
  if (!kept || !text || text.value) return;
  let kind;
  [text.value, kind, $('frame').value] = JSON.parse(kept);
  const same = $('kinds').querySelector(`[type=radio][value=${kind}]`);
  if (same) same.checked = true;
}

// Keys: each is shown on what it presses, and none is one while somebody writes.
let keys = false, notices = false;
function dress() {
  document.documentElement.toggleAttribute('data-keys', keys);
  for (const one of document.querySelectorAll('[data-key]'))
    if (keys) one.setAttribute('aria-keyshortcuts', one.dataset.key); else one.removeAttribute('aria-keyshortcuts');
}
const rows = () => [...document.querySelectorAll('.list .who a')];
// The next conversation is the next one of the list that was open before.
function beside() {
  if (location.pathname === '/console') sessionStorage.list = JSON.stringify([here(), rows().map(({ pathname }) => pathname)]);
  const [list, all] = JSON.parse(sessionStorage.list ?? '["",[]]'), now = all.indexOf(location.pathname);
  if (now < 0 || !$('back')) return;
  $('back').href = list;
  for (const [name, path] of [['next', all[now + 1]], ['previous', all[now - 1]]])
    if (path) { $(name).href = `${path}#end`; $(name).hidden = false; }
}
addEventListener('keydown', (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (key === 'Enter' && (ctrlKey || metaKey) && target === $('text')) $('end').requestSubmit($('send'));
  if (!keys || ctrlKey || metaKey || altKey || event.isComposing || document.querySelector('dialog[open]')) return;
  if (target.closest('select,textarea,input:not([type=radio],[type=checkbox])')) return;
  const all = rows(), step = { j: 1, k: -1 }[key];
  const found = step && all.length ? all[Math.max(0, all.indexOf(document.activeElement) + step)] : document.querySelector(`[data-key="${CSS.escape(key)}"]:not([hidden])`);
  if (!found) return;
  event.preventDefault();
  (found.querySelector('select,[type=search]') ?? found).focus();
  if (!step || !all.length) found.click();
  if (found.closest('#kinds')) $('text').focus();
});
async function help(url) {
  const dialog = document.createElement('dialog');
  dialog.ariaLabel = 'Keys';
  dialog.append(...(await ask(url)).page.getElementById('content').childNodes);
  dialog.onclose = () => dialog.remove();
  body.append(dialog);
  dialog.showModal();
}

// The socket. It never gives up, and what was missed meanwhile is in the page, which is fetched before it is back.
let socket, tries = 0, { ticket } = body.dataset;
const tell = (frame) => { if (socket?.readyState === 1) socket.send(JSON.stringify(frame)); };
const later = () => setTimeout(again, Math.min(30, 2 ** tries++) * (250 + Math.random() * 250));
async function again() {
  try { show(await ask(location.href)); connect(); } catch { later(); }
}
function read() {
  if (!document.hidden && $('said')) tell({ read: +[...$('said').querySelectorAll('[data-seq]')].at(-1)?.dataset.seq || 0 });
}
// A list is fetched anew while somebody can see it: what is ticked or being written, and where one is, stays.
let old;
const held = () => busy || document.querySelector('.list :checked, .people details[open]');
const renew = async () => { if (!document.hidden && /^\/console(\/visitors)?$/.test(location.pathname) && !held()) show(await ask(location.href)); };
const late = () => { clearTimeout(old); old = setTimeout(renew, 200 + Math.random() * 1500); };
// Rows that have changed, each at its place; while something is ticked none moves, comes or goes.
function sort({ html, gone, first }) {
  const list = document.querySelector('.rows'), place = (row) => BigInt(row.dataset.place);
  if (!list) { if (html) late(); return; }
  const still = held();
  if (!still) for (const one of gone) $(`c${one}`)?.remove();
  for (const row of [...parse(html).body.children]) {
    const there = $(id(row)), moves = !there || place(there) !== place(row);
    if (there) morph(there, row);
    if (!moves || still || !(there || first)) continue;
    const next = [...list.children].find((one) => one !== there && place(one) > place(row));
    if (next) next.before(there ?? row); else if (there || list.children.length < 50) list.append(there ?? row);
  }
  while (list.children.length > 50) list.lastElementChild.remove();
  if (still || !list.firstElementChild || first && list.children.length < 50 && $('older')) late();
  beside();
  dress();
}
let waiting = 0;
function wait({ count, more }) {
  waiting = count;
  head();
  if (more && notices && document.hidden && globalThis.Notification?.permission === 'granted') new Notification('Duologue', { body: 'Somebody waits for a person.', tag: 'waiting' });
}
const head = () => { document.title = (waiting ? `(${waiting}) ` : '') + document.title.replace(/^\(\d+\) | \(\d+ waiting\)/g, ''); };
function connect() {
  socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/console/live`);
  socket.onopen = () => tell({ ticket, look: here() });
  socket.onmessage = async ({ data }) => {
    const frame = JSON.parse(data);
    if (frame.type === 'welcome') { tries = 0; say(''); body.dataset.live = ''; ({ keys, notices } = frame); follow(dress); }
    if (frame.type === 'again') show(await ask(location.href));
    if (frame.type === 'list') late();
    if (frame.type === 'rows') { sort(frame); return; }
    if (frame.count >= 0) wait(frame);
    if (frame.html) { follow(() => put(frame)); dress(); }
    if (frame.seq) read();
  };
  socket.onclose = ({ code }) => {
    if (code === 4401) { location.reload(); return; }
    say('Reconnecting… What you see may be old.');
    later();
  };
}
// What only time changes: who waits how long, who is awake again, who has left.
setInterval(renew, 30000);
addEventListener('visibilitychange', read);
addEventListener('online', () => { tries = 0; });
start();
if (location.hash === '#end') toEnd();
connect();
