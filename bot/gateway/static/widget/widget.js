/* One request, nothing stored, no socket until the visitor acts or agrees. Below 2,000 bytes of gzip.
   `__proto__: null` is for pages that change Object.prototype. */
const here = import.meta.url;
const tags = [...document.querySelectorAll('script[data-site][src]')];
const option = { __proto__: null, ...(tags.find((tag) => tag.src === here) ?? tags[0]).dataset };
const host = document.createElement('duologue-widget');
const root = host.attachShadow({ __proto__: null, mode: 'open' });
const launcher = document.createElement('button');
const early = window.duologue?.q ?? [];
const state = { __proto__: null };
const app = { __proto__: null, here, option, root, launcher, early, state, key: 'duologue:' + option.site };
try {
  app.box = option.storage === 'none' ? null : option.storage === 'session' ? sessionStorage : localStorage;
  app.stored = app.box.getItem(app.key);
  Object.assign(state, JSON.parse(app.stored));
} catch {} // Storage is off or spoiled: memory will do.
const agreed = (app.agreed = () => !navigator.globalPrivacyControl && navigator.doNotTrack !== '1' &&
  (state.measure ?? option.consent === 'not_needed') === true);

const sheet = new CSSStyleSheet();
sheet.replaceSync(`:host{all:initial!important;position:fixed!important;z-index:2147483000!important;color-scheme:light dark!important;
inset-block-end:20px!important;inset-inline-${option.side === 'start' ? 'start' : 'end'}:20px!important}
#launcher{display:grid;place-items:center;width:56px;height:56px;border:1px solid #0000;border-radius:50%;outline-offset:3px;cursor:pointer;
background:var(--a);color:oklch(from var(--a) calc((.56 - l)*999) 0 0);box-shadow:0 4px 16px #0004}
svg{width:28px;fill:currentColor;stroke:currentColor;stroke-width:3;stroke-linejoin:round}@media print{:host{display:none!important}}`);
root.adoptedStyleSheets = [sheet];
host.style.setProperty('--a', CSS.supports('color', option.color) ? option.color : '#2453c9');
host.role = 'region';
host.ariaLabel = launcher.ariaLabel = 'Chat';
launcher.ariaExpanded = 'false';
launcher.id = 'launcher';
const [svg, path] = ['svg', 'path'].map((name) => document.createElementNS('http://www.w3.org/2000/svg', name));
svg.setAttribute('viewBox', '0 0 24 24');
path.setAttribute('d', 'M4 5h16v11h-8l-5 4v-4H4z');
svg.append(path);
launcher.append(svg);
root.append(launcher);

const part = (name) => import(new URL(`widget/${name}.js`, here));
const ask = (app.ask = async (name, command, ...args) => {
  app[name] ??= part(name).then((module) => module.start(app)).catch(() => {
    app[name] = null;
    launcher.title = 'Chat did not load. Please try again.';
  });
  return (await app[name])?.[command]?.(...args);
});
const duologue = (window.duologue = (name, ...args) => {
  const [given, tell] = args;
  if (name === 'on') addEventListener('duologue:' + given, tell);
  else if (name === 'off') removeEventListener('duologue:' + given, tell);
  else if (name === 'visitor' && (state.visitor || !agreed())) given((agreed() && state.visitor) || null);
  else if (/^(visitor|page|track)$/.test(name)) agreed() && ask('kept', name, ...args);
  else if (name === 'consent') ask('kept', name, given);
  else if (name === 'identify') app.jwt = given;
  else if (app.panel || /^(open|toggle|send|prefill|requestHuman|memory|reset)$/.test(name)) ask('panel', name, ...args);
});
launcher.onclick = () => duologue('toggle');
launcher.onpointerenter = launcher.onfocus = () => part('panel').catch(() => {});

const measured = (agreed() && option.track !== 'off') || early.some((call) => call[0] === 'consent');
const first = measured && ask('kept', 'first');
for (const call of early) duologue(...call);
const answer = await Promise.race([first, new Promise((late) => setTimeout(late, 3000))]);
// Beside body: last in tab order, and it stays when a page swaps its body.
if (answer?.show !== false || state.token || state.queue) host.isConnected || document.documentElement.append(host);
if (state.queue?.length || (state.open && innerWidth >= 480)) ask('panel', 'resume');
dispatchEvent(new CustomEvent('duologue:ready'));
