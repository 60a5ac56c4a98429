/* The question whether we may remember: asked once, after the first answer, with equal buttons; chat works without an answer. */
import { card, dismiss } from './card.js';

export const start = (app) => {
  const { state, option, words, wire, el } = app;
  let asked = state.asked, since = 0;
  const never = navigator.globalPrivacyControl || navigator.doNotTrack === '1';
  const measured = () => state.measure ?? (option.consent === 'not_needed' || undefined);
  const decide = (yes, both) => {
    app.ask('calls', 'decide', { measure: both ? yes && !never : Boolean(measured()), memory: yes });
    asked = true;
    app.save({ asked, ...(yes ? {} : { memory: false }) }, true);
    for (const id of ['consent', 'memory']) dismiss(app, id);
    app.say(yes ? words.agreed : words.declined);
  };
  const pair = (both, pressed) => [true, false].map((yes) =>
    el('button', { id: yes ? 'agree' : 'decline', ariaPressed: pressed === undefined ? null : String(pressed === yes), onclick: () => decide(yes, both) }, yes ? words.agree : words.decline));
  addEventListener('storage', () => state.memory !== undefined && dismiss(app, 'consent')); // Chosen in another tab.

  return {
    __proto__: null, pair,
    offer() {
      const own = [...wire.messages.values()].filter((one) => one.from === 'visitor' && one.seq > since).map((one) => one.seq);
      if (app.root.getElementById('consent')) {
        // Who writes on twice without a choice has passed it over; it stays among what is kept.
        if (own.length > 1) app.save({ asked: (asked = true) }, true), dismiss(app, 'consent');
        return;
      }
      if (asked || never || state.measure === false || (measured() && state.memory !== undefined)) return;
      since = Math.max(since, ...own);
      const text = measured() ? words.remember : words.consent;
      card(app, 'consent', text, el('p', {}, text), el('div', { className: 'pair' }, ...pair(!measured())));
    },
  };
};
