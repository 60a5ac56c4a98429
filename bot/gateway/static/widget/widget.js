if (window.duologue?.loaded) await new Promise(() => {});
const here = import.meta.url;
const option = { __proto__: null, ...document.querySelector('script[data-site][src*="/widget.js"]').dataset };
const host = document.createElement('duologue-widget');
const root = host.attachShadow({ __proto__: null, mode: 'open' });
const launcher = document.createElement('button');
const early = window.duologue?.q ?? [];
const state = { __proto__: null };
const app = { __proto__: null, here, option, root, launcher, state, key: 'duologue:' + option.site };
try {
  app.box = window[(option.storage ?? 'local') + 'Storage'];
  app.stored = app.box.getItem(app.key);
  Object.assign(state, JSON.parse(app.stored));
} catch {}
const agreed = (app.agreed = () => !navigator.globalPrivacyControl && navigator.doNotTrack !== '1' &&
  (state.measure ?? option.consent === 'not_needed'));

const sheet = new CSSStyleSheet();
sheet.replaceSync(`:host{all:initial!important;position:fixed!important;z-index:2147483000!important;color-scheme:light dark!important;
inset-block-end:20px!important;inset-inline-${(option.side ?? state.side) === 'start' ? 'start' : 'end'}:20px!important}
#launcher{display:flex;align-items:center;min-width:56px;height:56px;padding:0 13px;border:1px solid #0000;border-radius:28px;outline-offset:3px;
cursor:pointer;background:var(--a);color:oklch(from var(--a) calc((.56 - l)*999) 0 0);box-shadow:0 4px 16px #0004}
::before{background:currentColor;forced-color-adjust:preserve-parent-color}
#launcher::before{content:"";padding:14px;clip-path:path("M5 3h18l3 3v11l-3 3h-9l-7 6v-6h-2l-3-3v-11z")}
@media print{:host{display:none!important}}`);
root.adoptedStyleSheets = [sheet];
const colour = (option.colour ??= option.color) ?? state.colour;
host.style.setProperty('--a', CSS.supports('color', colour) ? colour : '#2453c9');
host.role = 'region';
host.ariaLabel = launcher.ariaLabel = 'Chat';
launcher.ariaExpanded = 'false';
launcher.id = 'launcher';
root.append(launcher);

app.fail = () => (launcher.ariaLabel = launcher.textContent = 'Chat did not load. Try again.');
const ask = (app.ask = async (name, command, ...args) => {
  app[name] ??= import(`./widget/${name}.js`).then((module) => module.start(app)).catch(() => {
    app[name] = null;
    app.fail(name);
  });
  return (await app[name])?.[command]?.(...args);
});
const duologue = (window.duologue = (name, given, tell) => {
  try {
    if (name === 'on') addEventListener('duologue:' + given, tell);
    else if (name === 'off') removeEventListener('duologue:' + given, tell);
    else if (name === 'identify' && !app.panel) app.jwt = given;
    else if (name === 'consent' ? JSON.stringify(given) !== state.said : agreed() || !/^(page|track|trigger)$/.test(name)) ask('calls', name, given, tell);
  } catch {}
});
duologue.loaded = true;
launcher.onclick = () => ask('panel', 'toggle');
launcher.onpointerenter = launcher.onfocus = () => ask('panel');

app.view = (type) => ({ id: app.uuid(), type, url: location.href, title: document.title, referrer: document.referrer, at: new Date() });
app.uuid = () => URL.createObjectURL(new Blob()).slice(-36);
app.first = agreed() && option.track !== 'off' && fetch(new URL('v1/events', here), {
  __proto__: null, method: 'POST', keepalive: true,
  body: JSON.stringify({ site: option.site, visitor: state.visitor, consent: { measure: true }, events: [app.view('page_view'), app.view('exposed')] }),
}).then((answer) => answer.json()).catch(() => {});
if (app.first) window.navigation?.addEventListener('navigatesuccess', () => ask('calls', 'moved'));
for (const call of early) duologue(...call);
const first = app.calls ? ask('calls', 'first') : app.first;
const told = (app.told = await Promise.race([first, new Promise((late) => setTimeout(late, 3000))]));
if (told?.show !== false || state.token || state.queue) host.isConnected || document.documentElement.append(host);
if (told) setTimeout(() => ask('calls'), told.invite || told.visitor !== state.visitor ? 0 : 3e4);
if (/#duologue=/.test(location)) ask('resume', 'open');
else if (state.queue?.length || (state.open && innerWidth >= 480)) ask('panel', 'resume');
dispatchEvent(new CustomEvent('duologue:ready'));
