/* Files that go with the next message. The server looks at their first bytes and decides. */
const MOST = 5, BYTES = 10 * 1024 * 1024;
const REFUSED = { __proto__: null, 413: 'size', 415: 'kind', 429: 'rate_limited' };
const look = new CSSStyleSheet();
look.replaceSync(`
#files{display:flex;flex-wrap:wrap;gap:4px;margin:0 0 4px;padding:0;list-style:none;font-size:14px}
#files li{display:flex;align-items:center;gap:4px;max-width:100%;padding-inline-start:10px;border:1px solid var(--line);border-radius:12px;overflow-wrap:anywhere}
#files .icon{width:32px;height:32px}
#files .icon::before{clip-path:path("M7 6l5 5 5-5 1 1-5 5 5 5-1 1-5-5-5 5-1-1 5-5-5-5z")}
`);

export const start = (app) => {
  const { el, words, wire, form, field, fit, root, here } = app;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, look];
  const input = el('input', { type: 'file', multiple: true, hidden: true, accept: '.png,.jpg,.jpeg,.webp,.pdf,.txt', onchange: () => { add([...input.files]); input.value = ''; } });
  const list = el('ul', { id: 'files', ariaLabel: words.attach, hidden: true });
  const files = (app.attached = []);
  app.uploading = 0;
  form.before(list);
  form.append(input);

  const draw = () => {
    list.hidden = !files.length;
    list.replaceChildren(...files.map((file) => el('li', {}, file.name, el('button', {
      className: 'icon', type: 'button', ariaLabel: words.remove.replace('{}', () => file.name), onclick: () => { files.splice(files.indexOf(file), 1); draw(); field.focus(); },
    }))));
    fit();
  };
  const token = async () => {
    wire.connect();
    for (let tries = 0; !wire.token() && tries < 200; tries++) await new Promise((soon) => setTimeout(soon, 50));
    return wire.token();
  };
  const upload = async (file) => {
    if (files.length + app.uploading >= MOST) return app.say(words.many, true);
    if (file.size > BYTES) return app.say(words.size, true);
    app.say(words.adding.replace('{}', () => file.name));
    app.uploading++;
    fit();
    try {
      const url = new URL('v1/files', here);
      url.searchParams.set('name', file.name);
      const told = await fetch(url, {
        __proto__: null, method: 'POST', credentials: 'omit', body: file,
        headers: { __proto__: null, Authorization: 'Bearer ' + (await token()), 'Content-Type': file.type || 'application/octet-stream' },
      });
      if (told.ok) files.push({ name: file.name, ...(await told.json()) });
      app.say(told.ok ? '' : words[REFUSED[told.status] ?? 'other'], !told.ok);
    } catch {
      app.say(words.other, true);
    }
    app.uploading--;
    draw();
  };
  const add = async (chosen) => {
    field.focus();
    const room = MOST - files.length - app.uploading;
    for (const file of chosen.slice(0, room)) await upload(file);
    if (chosen.length > room) app.say(words.many, true);
  };
  /** What staff have sent: fetched with the token, since its address alone opens nothing. */
  const save = async ({ id, name }) => {
    try {
      const told = await fetch(new URL('v1/files/' + id, here), { __proto__: null, credentials: 'omit', headers: { __proto__: null, Authorization: 'Bearer ' + (await token()) } });
      if (!told.ok) throw told;
      const href = URL.createObjectURL(await told.blob());
      el('a', { href, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
    } catch {
      app.say(words.other, true);
    }
  };
  return { __proto__: null, add, draw, save, choose: () => input.click() };
};
