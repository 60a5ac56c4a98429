/* A dialog beside the page. What opening does not need loads on use. All text is set as text. */
import { keep } from './keep.js';
import { look } from './look.js';
import { openWire } from './wire.js';

const LIMIT = 4000; // code points

const el = (tag, props, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

export const start = async (app) => {
  keep(app);
  const { root, launcher, state, option, ask } = app;
  app.language = (option.language || state.language || document.documentElement.lang || navigator.language).slice(0, 35);
  const { words } = await import(`./words/${/^(de|ar)\b/i.exec(app.language)?.[0].toLowerCase() ?? 'en'}.js`);
  let shown, view, slow, trouble = '', note = '', noteIsBad; // `trouble`: the connection's

  const line = (id) => el('div', { id, role: 'status' });
  const button = (id, onclick, type = 'button') => el('button', { id, type, onclick, className: 'icon', ariaLabel: words[id], title: words[id] });
  const [banner, status, typed] = ['banner', 'status', 'typing'].map(line);
  const title = el('h2', {}, words.title);
  const subtitle = el('p', {}, words.subtitle);
  const contact = el('p');
  const hello = el('p', { id: 'hello', dir: 'auto' }, option.greeting ?? words.hello);
  const list = el('ol', { id: 'list' });
  const log = el('div', { id: 'log', role: 'log', ariaLabel: words.log, tabIndex: 0 }, hello, list);
  const field = el('textarea', { id: 'field', rows: 1, ariaLabel: words.field, placeholder: words.placeholder, enterKeyHint: 'send', dir: 'auto' });
  const attach = button('attach', () => ask('files', 'choose'));
  const send = button('send', null, 'submit');
  const human = el('button', { id: 'human', className: 'link', onclick: () => ask('person', 'ask') }, words.human);
  const more = button('more', () => ask('more', 'toggle'));
  const form = el('form', { onsubmit: (event) => { event.preventDefault(); submit(); } }, attach, field, send);
  const foot = el('div', { className: 'foot' }, typed, form, human);
  const panel = el('div', { id: 'panel', role: 'dialog', ariaLabel: words.title, lang: words.lang, dir: words.dir, hidden: true },
    el('div', { className: 'head' }, el('div', {}, title, subtitle), more, button('close', () => close()), contact), banner, log, status, foot);
  send.disabled = true;
  launcher.textContent = '';
  launcher.ariaLabel = root.host.ariaLabel = words.title;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, look];
  root.prepend(panel);

  const say = (text, bad) => {
    [note, noteIsBad] = [text, bad];
    status.textContent = trouble || note;
    status.className = !trouble && noteIsBad ? 'bad' : '';
  };

  const written = () => field.value.trim().toWellFormed().normalize();
  const fit = () => {
    const length = [...written()].length;
    field.style.height = 'auto';
    field.style.height = field.scrollHeight + 'px';
    send.disabled = length > LIMIT || app.uploading > 0 || !(length || app.attached?.length);
    view?.count(length, LIMIT);
  };
  const load = async () => {
    ask('messages');
    view ??= await app.messages;
    if (view) fit();
    else say(words.other, true);
  };
  const speak = (frame, text, files) => {
    say('');
    const entry = wire.say(frame, text, files);
    if (view) view.pending(entry);
    else load();
  };
  const submit = () => {
    fit();
    if (send.disabled) return;
    const [text, files] = [written(), app.attached?.splice(0)];
    speak({ type: 'message', text, page: app.page(), files: files?.map((file) => file.id) }, text || files[0].name, files);
    field.value = '';
    fit();
    field.focus();
    if (files) ask('files', 'draw');
  };
  field.oninput = () => {
    fit();
    load();
  };
  panel.ondragenter = load; // It takes files.
  panel.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') close();
    if (event.key !== 'Enter' || event.shiftKey || event.target !== field) return;
    event.preventDefault();
    submit();
  });
  for (const type of ['keydown', 'keypress', 'keyup']) panel.addEventListener(type, (event) => event.stopPropagation());

  const narrow = matchMedia('(width < 480px)');
  const alone = () => { document.body.inert = shown && narrow.matches; };
  narrow.onchange = alone;
  const reveal = (yes) => {
    if (!root.host.isConnected) document.documentElement.append(root.host);
    const leftward = getComputedStyle(root.host).direction === 'rtl';
    root.host.dataset.edge = (option.side === 'start') === leftward ? 'right' : 'left';
    shown = app.shown = yes;
    panel.hidden = !yes;
    launcher.ariaExpanded = String(yes);
    alone();
    wire.watch(yes);
    app.save({ open: yes });
    view?.see();
    app.emit(yes ? 'opened' : 'closed');
  };
  const open = () => {
    if (!shown) {
      reveal(true);
      if (narrow.matches) load(); // It makes room for the phone's keyboard.
      if (app.agreed()) ask('calls', 'opened');
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
    field.value = String(text ?? '');
    fit();
  };

  // What the wire tells; the rest is the view's.
  const on = {
    __proto__: null,
    link(now, attempts) {
      clearTimeout(slow);
      if (now === 'stopped') field.disabled = human.disabled = true;
      slow = setTimeout(() => {
        trouble = now === 'ready' ? '' : words[attempts > 1 ? 'lost' : now];
        say(note, noteIsBad);
      }, now === 'connecting' && attempts < 2 ? 1500 : 0);
    },
    welcome(frame) {
      const { name, greeting, phone, mail, colour, side, language, files } = (app.settings = { __proto__: null, ...frame.settings });
      on.owner({ ...frame, name: frame.owner_name });
      title.textContent = name || words.title;
      if (greeting && !option.greeting) hello.textContent = greeting[words.lang] ?? greeting;
      if (colour && !option.colour) root.host.style.setProperty('--a', colour);
      app.save({ colour, side, language: language?.replace('auto', '') });
      attach.hidden = files === false;
      contact.replaceChildren(...(phone ? [el('a', { href: 'tel:' + phone }, phone)] : []), ...(mail ? [el('a', { href: 'mailto:' + mail }, mail)] : []));
      view?.seen({ seq: frame.seen });
    },
    history(fill, before) {
      if (view) return view.history(fill, before);
      fill();
      load();
    },
    message(message) {
      if (view) view.draw(message);
      else load();
      if (message.fresh) app.emit('message', { seq: message.seq, from: message.from, text: message.text });
    },
    owner: (frame) => (app.person || frame.owner !== 'bot' || (state.owner ?? 'bot') !== 'bot') && ask('person', 'owner', frame),
    memory: ({ facts }) => ask('memory', 'show', facts),
    failed({ code }, entry) {
      if (/^(bad_signature|expired|other_customer)$/.test(code)) return; // no visitor can mend these
      say(words[code] ?? words.other, true);
      view?.failed(entry, code);
    },
    cleared() {
      on.owner({ owner: 'bot' });
      view?.cleared();
    },
  };
  app.fail = (name) => /choice|calls/.test(name) || say(words.other, true);
  const wire = openWire(app, (what, ...given) => (on[what] ?? view?.[what])?.(...given));
  Object.assign(app, { el, words, wire, say, fit, speak, submit, prefill, open, dialog: panel, banner, log, hello, list, typed, foot, form, field, human, subtitle, menuButton: more });
  if (wire.pending().length) load();

  return {
    __proto__: null, open, close, prefill,
    toggle: () => (shown ? close() : open()),
    /** On the next page: as it was, focus left alone. */
    resume: () => (state.open && !narrow.matches ? reveal(true) : wire.connect()),
  };
};
