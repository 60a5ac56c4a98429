// The developers' page: makes each call of the chat as its code says, and lists what the chat tells the page.

const EVENTS = ['ready', 'opened', 'closed', 'message', 'unread', 'handover', 'identified', 'consent', 'error'];
const MOST_LINES = 100;

const find = (selector) => document.querySelector(selector);
const tried = find('#tried');
const events = find('#events');

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Only ever as text: what visitors write is in it.
function list(name, detail) {
  const time = new Date().toLocaleTimeString('en-IE');
  const told = detail === undefined || detail === null ? '' : ' ' + JSON.stringify(detail);
  events.append(element('li', {}, element('span', { className: 'time' }, time), ' ', element('code', {}, name), told));
  while (events.children.length > MOST_LINES) events.firstElementChild.remove();
  find('#told').scrollTop = find('#told').scrollHeight;
}

for (const name of EVENTS) addEventListener('duologue:' + name, ({ detail }) => list('duologue:' + name, detail));

// --- The calls ---------------------------------------------------------------------------------------------------

async function fromShop(path, body) {
  const answer = await fetch(path, { method: 'POST', body });
  if (!answer.ok) throw new Error(`The shop answered with error ${answer.status}.`);
  return answer.json();
}

const reference = () => new Promise((resolve) => window.duologue('visitor', resolve));
const show = ({ detail }) => list('your function', { from: detail.from });

const own = {
  async identify() {
    const { jwt } = await fromShop('/demo/proof');
    window.duologue('identify', jwt);
  },
  async visitor() {
    list('reference', { visitor: await reference() });
  },
  async purchase() {
    const { body, signature } = await fromShop('/demo/purchase', JSON.stringify({ visitor: await reference() }));
    window.duologue('purchase', body, signature);
    list('order', { id: JSON.parse(body).id });
  },
  on: () => window.duologue('on', 'message', show),
  off: () => window.duologue('off', 'message', show),
};

// What is shown is what is called. The shop's policy runs no text as code, so the call is read: a name and plain values.
function asShown(code) {
  const [, name, values] = /^duologue\('(\w+)'(?:, (.*))?\)$/.exec(code);
  window.duologue(name, ...JSON.parse(`[${(values ?? '').replaceAll("'", '"')}]`));
}

for (const row of document.querySelectorAll('[data-call]')) {
  const { call } = row.dataset;
  const code = row.querySelector('pre').textContent;
  row.querySelector('.try').addEventListener('click', async () => {
    try {
      await (own[call] ?? asShown)(code);
      tried.textContent = `Called: ${call}.`;
    } catch (error) {
      tried.textContent = error.message;
    }
  });
  const copy = row.querySelector('.copy');
  copy.hidden = !navigator.clipboard;
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(code).then(
      () => (tried.textContent = `Copied: ${call}.`),
      () => (tried.textContent = 'Your browser does not let this page copy; please select the text.'),
    );
  });
}
