// What helps to write an answer: ready replies by "/". Without it they are chosen below the field.
const $ = (id) => document.getElementById(id);
const look = new CSSStyleSheet();
look.replaceSync(`
#end:has(#pick) { z-index: 2; }
#pick { display: grid; gap: .375rem; padding: .625rem; border: 1px solid var(--line); border-radius: 12px; background: var(--card); box-shadow: 0 6px 20px #0002; }
#pick ul { max-block-size: min(16rem, 25vh); overflow-y: auto; list-style: none; margin: 0; padding: 0; }
#pick li { padding: .375rem .625rem; border-radius: 8px; cursor: pointer; overflow-wrap: anywhere; }
#pick li[aria-selected=true] { background: var(--accent-tint); outline: 2px solid var(--accent); outline-offset: -2px; }
#pick li span { display: block; font-size: .8667rem; color: var(--soft); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
#attach { flex: none; white-space: nowrap; }
#attached { margin-block: .375rem .5rem; }
#attached input { flex: none; }
#pick p { font-size: .8667rem; color: var(--soft); }
`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, look];
const make = (tag, props, ...children) => { const node = Object.assign(document.createElement(tag), props); node.append(...children); return node; };
const told = (words) => { $('problem').textContent = words; };
const base = () => new URL($('end').action).pathname.replace(/messages$/, '');

// -- what there is: asked for once in a conversation
let known, of;
async function replies() {
  if (of !== location.pathname || !known) {
    const answer = await fetch(`${base()}ready-replies`, { cache: 'no-store' });
    if (answer.redirected) { location.reload(); throw answer; }
    if (!answer.ok) throw answer;
    known = await answer.json();
    of = location.pathname;
  }
  return known;
}

// Puts it where the caret is; live.js keeps the draft by the input event. What is missing is marked: it is selected.
function insert({ id, text, problem }) {
  const field = $('text'), at = field.selectionStart;
  field.focus();
  field.setRangeText(text, at, field.selectionEnd, 'end');
  $('ready').value = id;
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText' }));
  told(problem);
  const missing = /\{\{[^{}]*\}\}/.exec(text);
  if (problem && missing) field.setSelectionRange(at + missing.index, at + missing.index + missing[0].length);
}

// -- the list
const plain = (text) => text.toLowerCase().replaceAll('ß', 'ss').normalize('NFKD').replace(/\p{M}/gu, '');
async function open() {
  let all;
  try { all = await replies(); } catch { told('The ready replies could not be fetched. Please try again.'); return; }
  if ($('pick') || !$('text')) return;
  for (const one of [$('replies'), $('attaching')]) if (one) one.open = false;
  const field = $('text');
  let shown = [], now = 0;
  const list = make('ul', { id: 'picks', role: 'listbox', ariaLabel: 'Ready replies' });
  const count = make('p', { role: 'status' });
  const input = make('input', { id: 'seek', role: 'combobox', type: 'text', autocomplete: 'off', ariaLabel: 'Search ready replies', ariaAutoComplete: 'list', ariaExpanded: 'true', placeholder: 'Search ready replies' });
  input.setAttribute('aria-controls', 'picks');
  const box = make('div', { id: 'pick' }, input, list, count);
  const close = (words = '') => {
    box.remove();
    field.focus();
    if (words) field.setRangeText(words, field.selectionStart, field.selectionEnd, 'end');
  };
  const choose = (one) => { if (one) { close(); insert(one); } };
  const mark = (to) => {
    now = shown.length ? (to + shown.length) % shown.length : 0;
    [...list.children].forEach((item, at) => { item.ariaSelected = String(at === now); });
    const item = list.children[now];
    if (item) input.setAttribute('aria-activedescendant', item.id); else input.removeAttribute('aria-activedescendant');
    item?.scrollIntoView({ block: 'nearest' });
  };
  const draw = () => {
    const words = plain(input.value).split(/\s+/);
    shown = all.filter(({ name, text }) => words.every((word) => plain(`${name} ${text}`).includes(word)));
    list.replaceChildren(...shown.map((one, at) => make('li', { id: `pick${at}`, role: 'option', onclick: () => choose(one), dir: 'auto' }, one.name, make('span', {}, one.text))));
    list.hidden = !shown.length;
    count.textContent = all.length ? shown.length ? `${shown.length} of ${all.length}. Arrow keys, Enter; Escape leaves.` : 'No ready reply has these words.' : 'There is no ready reply yet.';
    mark(0);
  };
  input.addEventListener('input', (event) => { event.stopPropagation(); draw(); });
  input.addEventListener('keydown', (event) => {
    const { key } = event, step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (event.isComposing) return;
    if (step) mark(now + step);
    else if (key === 'Enter') choose(shown[now]);
    else if (key === 'Escape') close('/');
    else if (key === 'Backspace' && !input.value) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  box.addEventListener('focusout', ({ relatedTarget }) => { if (relatedTarget && !box.contains(relatedTarget)) box.remove(); });
  field.before(box);
  draw();
  input.focus();
}
// Typed, alone, at the very beginning: what is pasted, or stands in the middle, is text.
document.addEventListener('input', (event) => {
  const field = event.target;
  if (field !== $('text') || event.inputType !== 'insertText' || event.data !== '/' || field.selectionStart !== 1 || field.value[0] !== '/') return;
  field.setRangeText('', 0, 1);
  open();
}, true);
document.addEventListener('submit', async (event) => {
  if (event.submitter !== $('insert') || !event.submitter) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { value } = $('choice');
  try {
    const one = (await replies()).find(({ id }) => id === value);
    if (one) { insert(one); $('replies').open = false; } else told('This ready reply is gone. Choose another.');
  } catch { told('The ready replies could not be fetched. Please try again.'); }
}, true);

// -- files: chosen, dropped or pasted, they are sent at once and go with the answer
async function attach(chosen) {
  const list = $('attached');
  if (!chosen.length || !list) return;
  const body = new FormData();
  body.append('id', $('frame').value);
  for (const one of chosen) body.append('upload', one);
  told('');
  try {
    const answer = await fetch(`${base()}attach`, { method: 'POST', body, headers: { Accept: 'application/json' } });
    const { problem, files } = await answer.json();
    told(problem);
    list.replaceChildren(...files.map(({ id, name, told: words }) => make('li', {},
      make('label', {}, make('input', { type: 'checkbox', name: `file-${id}`, checked: true }), ' ', make('bdi', {}, name)),
      ' ', make('span', { className: 'muted' }, words))));
    $('attaching').open = true;
    $('text').required = !files.length;
  } catch { told('The files did not get through. Please try again.'); }
  $('upload').value = '';
}
addEventListener('change', ({ target }) => { if (target === $('upload')) attach([...target.files]); });
for (const type of ['dragover', 'drop', 'paste'])
  addEventListener(type, (event) => {
    const { files, types } = event.dataTransfer ?? event.clipboardData ?? {};
    // A cell of a spreadsheet comes as text and as a picture of it.
    if (!event.target.closest?.('#end') || !$('attaching') || !types?.includes('Files') || (type === 'paste' && types.includes('text/plain'))) return;
    event.preventDefault();
    if (type !== 'dragover') attach([...files]);
  });
