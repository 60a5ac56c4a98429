/* What the browser keeps: one entry of the site's own storage, shared by its tabs. */
export const keep = (app) => {
  const { key, box, state, option } = app;
  const fill = (values) => {
    for (const name of Object.keys(state)) delete state[name];
    Object.assign(state, values);
  };
  app.read ??= () => {
    try {
      const text = box.getItem(key);
      if (text || app.stored) fill(JSON.parse(text));
      app.stored = text;
    } catch {}
  };
  /** Before the visitor's first act (`acted`) only into memory. */
  app.save ??= (change, acted) => {
    app.read();
    const text = JSON.stringify(Object.assign(state, change));
    try {
      if (app.stored || acted) box.setItem(key, text);
      if (app.stored || acted) app.stored = text;
    } catch {
      app.read = () => {}; // Memory will do.
    }
  };
  app.emit ??= (type, detail) => {
    if (option.datalayer === 'on') (window.dataLayer ??= []).push({ event: 'duologue_' + type, ...detail, text: undefined, customer: undefined });
    dispatchEvent(new CustomEvent('duologue:' + type, { __proto__: null, detail }));
  };
  app.page ??= () => ({ url: location.href.slice(0, 2000).toWellFormed(), title: document.title.slice(0, 300).toWellFormed() });
  app.agree ??= (given) => {
    const { measure, memory } = state;
    app.save(given, given.measure || given.memory);
    if (measure !== state.measure || memory !== state.memory) app.emit('consent', { measure: state.measure, memory: state.memory });
    if (app.agreed()) app.ask('calls', 'begin');
  };
  app.read();
};
