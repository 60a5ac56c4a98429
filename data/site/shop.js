// The shop's own script: the cart, the checkout and the question whether a visit may be counted.
// Nothing is stored in the browser before the visitor adds something or answers the question.

// The chat widget may load later or not at all: until then its calls wait in a queue.
window.duologue ??= (...call) => (window.duologue.q ??= []).push(call);

const MOST_OF_ONE = 20;
const WAIT_FOR_CHAT_MS = 1000;
const WAIT_FOR_SHOP_MS = 20000;

const find = (selector) => document.querySelector(selector);

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Browsers that refuse storage throw on the mere mention of it; the shop then works within one page.
function stored(kind, key) {
  try {
    return window[kind].getItem(key);
  } catch {
    return null;
  }
}

function store(kind, key, value) {
  try {
    if (value === null) window[kind].removeItem(key);
    else window[kind].setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

// --- The cart: a map of sku to quantity -------------------------------------------------------------------------

function wholeQuantity(text) {
  const number = Math.trunc(Number(text));
  return Number.isFinite(number) ? Math.min(Math.max(number, 0), MOST_OF_ONE) : 0;
}

function readCart() {
  try {
    const pairs = Object.entries(JSON.parse(stored('sessionStorage', 'cart')) ?? {});
    return new Map(pairs.map(([sku, quantity]) => [sku, wholeQuantity(quantity)]).filter(([, quantity]) => quantity > 0));
  } catch {
    return new Map();
  }
}

function writeCart(cart) {
  const kept = store('sessionStorage', 'cart', cart.size ? JSON.stringify(Object.fromEntries(cart)) : null);
  showCount();
  return kept;
}

function setQuantity(sku, quantity) {
  const cart = readCart();
  if (quantity > 0) cart.set(sku, quantity);
  else cart.delete(sku);
  return writeCart(cart);
}

function showCount() {
  const count = [...readCart().values()].reduce((sum, quantity) => sum + quantity, 0);
  const badge = find('.cart-count');
  badge.textContent = count;
  badge.hidden = count === 0;
  find('.cart-link').setAttribute('aria-label', `Cart, ${count} ${count === 1 ? 'item' : 'items'}`);
}

// --- Money: whole cents inside, euros on the screen -------------------------------------------------------------

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });
const shownPrice = (cents) => euros.format(cents / 100);
const cents = (price) => Math.round(Number(price) * 100);

async function cartLines() {
  const answer = await fetch('products.json');
  if (!answer.ok) throw new Error(`products.json answered ${answer.status}`);
  const products = new Map((await answer.json()).map((product) => [product.sku, product]));
  return [...readCart()]
    .filter(([sku]) => products.has(sku))
    .map(([sku, quantity]) => ({ ...products.get(sku), quantity, sum: cents(products.get(sku).price) * quantity }));
}

const totalOf = (lines) => lines.reduce((sum, line) => sum + line.sum, 0);

// --- Product pages ----------------------------------------------------------------------------------------------

function armProductPage(button) {
  const size = find('#size');
  const quantity = find('#quantity');
  // Each size is an article of its own. A browser that goes back restores the choice without an event, hence pageshow.
  const takeSize = () => size && (button.dataset.sku = size.value);
  size?.addEventListener('change', takeSize);
  addEventListener('pageshow', takeSize);

  button.addEventListener('click', () => {
    const sku = button.dataset.sku;
    const wanted = Math.max(wholeQuantity(quantity?.value ?? 1), 1);
    const before = readCart().get(sku) ?? 0;
    const now = Math.min(before + wanted, MOST_OF_ONE);
    const said = find('#said');
    if (!setQuantity(sku, now)) {
      said.textContent = 'Your browser does not let the shop keep a cart. Please call us to order.';
    } else if (now < before + wanted) {
      said.textContent = `The cart takes ${MOST_OF_ONE} of one article at most. `;
    } else {
      said.textContent = wanted === 1 ? 'Added to your cart. ' : `Added ${wanted} to your cart. `;
    }
    said.append(element('a', { href: 'cart.html', textContent: 'See your cart' }));
  });
}

// --- Cart page --------------------------------------------------------------------------------------------------

// A changed quantity is shown in place: drawing the list anew would take the focus away from who tabs through it.
function cartLine(line, showTotal) {
  const sum = element('span', { className: 'sum', textContent: shownPrice(line.sum) });
  const input = element('input', { type: 'number', min: 1, max: MOST_OF_ONE, value: line.quantity, id: `quantity-${line.sku}` });
  input.addEventListener('change', () => {
    line.quantity = wholeQuantity(input.value) || 1;
    line.sum = cents(line.price) * line.quantity;
    input.value = line.quantity;
    sum.textContent = shownPrice(line.sum);
    setQuantity(line.sku, line.quantity);
    showTotal();
  });
  const remove = element('button', { type: 'button', className: 'as-link', textContent: 'Remove' });
  remove.setAttribute('aria-label', `Remove ${line.title}`);
  remove.addEventListener('click', () => {
    setQuantity(line.sku, 0);
    drawCart();
    find('h1').focus();
  });
  return element('li', {},
    element('div', { className: 'name' },
      element('a', { href: line.page, textContent: line.title }),
      element('span', { textContent: `${shownPrice(cents(line.price))} each, article ${line.sku}` })),
    element('label', {}, 'Quantity', element('span', { className: 'seen-by-readers', textContent: ` of ${line.title}` }), input),
    remove,
    sum);
}

async function drawCart() {
  try {
    const lines = await cartLines();
    const showTotal = () => (find('#cart-total').textContent = shownPrice(totalOf(lines)));
    find('#cart-lines').replaceChildren(...lines.map((line) => cartLine(line, showTotal)));
    showTotal();
    find('#cart-full').hidden = lines.length === 0;
    find('#cart-empty').hidden = lines.length > 0;
  } catch {
    find('#problem').textContent = 'The cart could not be shown, because the price list did not load. Please load the page again.';
  }
}

// --- Checkout ---------------------------------------------------------------------------------------------------

async function drawSummary() {
  try {
    const lines = await cartLines();
    find('#summary-lines').replaceChildren(...lines.map((line) => element('li', {},
      element('span', { className: 'name', textContent: `${line.quantity} × ${line.title}` }),
      element('span', { className: 'sum', textContent: shownPrice(line.sum) }))));
    find('#summary-total').textContent = shownPrice(totalOf(lines));
    find('#summary-empty').hidden = lines.length > 0;
  } catch {
    find('#problem').textContent = 'Your cart could not be shown, because the price list did not load. Please load the page again.';
  }
}

// The visitor's public reference lets the shop tell its chat which visit led to the order; null without consent.
function askReference() {
  return new Promise((resolve) => {
    setTimeout(resolve, WAIT_FOR_CHAT_MS, null);
    window.duologue('visitor', (reference) => resolve(reference ?? null));
  }).catch(() => null);
}

async function placeOrder(form) {
  const lines = await cartLines().catch(() => {
    throw new Error('Your order was not placed, because the price list did not load. Your cart is kept; please try again.');
  });
  if (lines.length === 0) throw new Error('Your cart is empty. Add something before you place an order.');

  const order = {
    visitor: await askReference(),
    customer: { name: form.elements.name.value.trim(), email: form.elements.email.value.trim() },
    items: lines.map(({ sku, quantity }) => ({ sku, quantity })),
  };
  const answer = await fetch('/checkout', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(WAIT_FOR_SHOP_MS),
  }).catch(() => {
    throw new Error('The shop did not answer, so your order may not have been placed. Your cart is kept; please try again or call us.');
  });
  const reply = await answer.json().catch(() => null);
  if (answer.status !== 201 || !reply?.order) {
    throw new Error(`Your order was not placed: the shop answered with error ${answer.status}. Your cart is kept; please try again or call us.`);
  }
  return String(reply.order);
}

function armCheckout(form) {
  const problem = find('#problem');
  const button = form.querySelector('[type="submit"]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    button.disabled = true;
    try {
      const order = await placeOrder(form);
      writeCart(new Map());
      location.assign(`thanks.html?order=${encodeURIComponent(order)}`);
    } catch (error) {
      problem.textContent = error.message;
      button.disabled = false;
    }
  });
  // Coming back by the browser's back button finds the page as it was left: with the button still disabled.
  addEventListener('pageshow', () => (button.disabled = false));
}

function showOrderNumber(place) {
  const order = new URLSearchParams(location.search).get('order') ?? '';
  // The address bar is anybody's to write in, so only what looks like an order number is repeated on the page.
  const known = /^[\w.#:-]{1,64}$/.test(order);
  if (known) place.textContent = order;
  find('#order-known').hidden = !known;
  find('#order-unknown').hidden = known;
}

// --- May we count? ----------------------------------------------------------------------------------------------

function answerConsent(measure) {
  store('localStorage', 'count-my-visit', measure ? 'yes' : 'no');
  window.duologue('consent', { measure });
  find('#consent')?.remove();
}

function askConsent() {
  if (find('#consent')) return;
  const yes = element('button', { type: 'button', id: 'consent-yes', className: 'button second', textContent: 'Agree' });
  const no = element('button', { type: 'button', id: 'consent-no', className: 'button second', textContent: 'No thanks' });
  yes.addEventListener('click', () => answerConsent(true));
  no.addEventListener('click', () => answerConsent(false));
  const banner = element('section', { id: 'consent' },
    element('p', { textContent: 'May we count your visit to see what helps people?' }),
    element('div', {}, yes, no));
  banner.setAttribute('aria-label', 'Counting visits');
  document.body.append(banner);
}

// --- Start ------------------------------------------------------------------------------------------------------

const choice = stored('localStorage', 'count-my-visit');
if (choice === 'yes' || choice === 'no') window.duologue('consent', { measure: choice === 'yes' });
else askConsent();

const changeChoice = find('#change-choice');
changeChoice.hidden = false;
changeChoice.addEventListener('click', () => {
  askConsent();
  find('#consent-yes').focus();
});

addEventListener('pageshow', showCount);
const addButton = find('.add-to-cart');
const cartPage = find('#cart-lines');
const checkoutForm = find('#checkout-form');
const orderNumber = find('#order-number');
if (addButton) armProductPage(addButton);
if (cartPage) addEventListener('pageshow', drawCart);
if (checkoutForm) {
  armCheckout(checkoutForm);
  addEventListener('pageshow', drawSummary);
}
if (orderNumber) showOrderNumber(orderNumber);
