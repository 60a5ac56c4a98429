/* What is kept of the visitor: shown, changed and erased. */
import { card, dismiss } from './card.js';

export const start = (app) => {
  const { words, wire, el, state, box, key } = app;
  const again = () => wire.now({ type: 'memory' }, true);
  const forget = (what) => {
    wire.say({ type: 'forget', what }).done = what === 'all' ? reset : again;
    if (what === 'all') dismiss(app, 'memory');
  };
  const reset = () => {
    try { box.removeItem(key); } catch {}
    app.stored = null;
    for (const name of Object.keys(state)) delete state[name];
    dismiss(app, 'memory');
    wire.reset();
  };
  return {
    __proto__: null, reset,
    async show(facts) {
      await app.ask('choice');
      const { pair } = await app.choice;
      const had = app.root.getElementById('memory')?.contains(app.root.activeElement);
      const row = ({ text, id }) => el('li', {}, text, el('button', { className: 'link', onclick: () => forget(id) }, words.forget));
      const close = el('button', { onclick: () => dismiss(app, 'memory') }, words.close);
      card(app, 'memory', words.memory, el('p', {}, facts.length ? words.memory + ':' : words.nothing), el('ul', {}, ...facts.map(row)),
        el('p', {}, words.consent), el('div', { className: 'pair' }, ...pair(true, state.memory)),
        el('div', { className: 'pair' }, el('button', { id: 'forget-all', onclick: () => forget('all') }, words.forgetAll), close));
      if (had) close.focus();
    },
  };
};
