/* Stars first, then words if the visitor likes: asked once, when a person has ended their part, or from the menu. */
import { card, dismiss } from './card.js';

const look = new CSSStyleSheet();
look.replaceSync(`
.stars{display:flex;gap:4px;margin-block-start:4px}
.stars button{width:40px;height:40px;padding:0;border:0;background:none;color:var(--muted)}
.stars button::before{content:"";display:block;width:24px;height:24px;margin:auto;
clip-path:polygon(50% 3%,62% 37%,98% 37%,69% 59%,80% 94%,50% 73%,20% 94%,31% 59%,2% 37%,38% 37%)}
.stars [data-on]{color:var(--link)}
#rating textarea{display:block;width:100%;margin-block-start:6px;padding:6px 10px;border:1px solid light-dark(#868e98,#7b838e);border-radius:12px;background:none;resize:none}
`);

export const start = (app) => {
  const { el, words, wire, state, root } = app;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, look];
  let stars = 0;
  const send = (text) => {
    wire.say({ type: 'rate', stars, words: text.trim().toWellFormed().slice(0, 2000) });
    app.save({ rated: true }, true);
    dismiss(app, 'rating');
    app.say(words.rated);
  };
  const show = () => {
    const why = el('textarea', { rows: 2, ariaLabel: words.why, placeholder: words.why, hidden: true, dir: 'auto' });
    const done = el('button', { hidden: true, onclick: () => send(why.value) }, words.send);
    const buttons = words.stars.map((label, index) => el('button', { ariaLabel: label, title: label, ariaPressed: 'false', onclick: () => choose(index) }));
    const choose = (index) => {
      stars = index + 1;
      buttons.forEach((one, at) => {
        one.toggleAttribute('data-on', at <= index);
        one.ariaPressed = String(at === index);
      });
      why.hidden = done.hidden = false;
    };
    const close = el('button', { onclick: () => { app.save({ rated: true }, true); dismiss(app, 'rating'); } }, words.close);
    card(app, 'rating', words.rating, el('p', {}, words.rating), el('div', { className: 'stars', role: 'group', ariaLabel: words.rating }, ...buttons), why,
      el('div', { className: 'pair' }, done, close));
    return buttons[0];
  };
  return {
    __proto__: null,
    show: () => show().focus(),
    offer() {
      if (!state.rated && app.settings?.rating !== false) show();
    },
  };
};
