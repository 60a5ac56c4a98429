/* Asking for a person: who answers now, and the truth about the wait. */
export const start = (app) => {
  const { words, wire, banner, human, subtitle, field } = app;
  app.locale ??= navigator.languages.find((one) => one.startsWith(words.lang)) ?? words.lang;
  let before = app.state.owner ?? 'bot'; // A handover is told once, not on each page.
  const time = (at) => {
    const day = { __proto__: null, weekday: 'long' }, clock = { __proto__: null, hour: 'numeric', minute: '2-digit' };
    const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 864e5);
    if (days > 1) return new Date(at).toLocaleString(app.locale, { ...day, ...clock });
    return `${new Intl.RelativeTimeFormat(app.locale, { __proto__: null, numeric: 'auto' }).format(days, 'day')}, ${new Date(at).toLocaleTimeString(app.locale, clock)}`;
  };
  const waiting = ({ wait_s: wait, open, opens_at: opens }) =>
    open === false ? (opens ? words.opens.replace('{}', time(opens)) : words.closed)
    : wait ? words.wait.replace('{}', Math.max(1, Math.round(wait / 60)))
    : words.waiting;
  const owner = (frame) => {
    const { owner: now, name } = frame;
    const staffed = now === 'staff';
    const asked = wire.pending().some((entry) => entry.frame.type === 'human'); // Not told yet.
    app.who = staffed ? name : null;
    subtitle.textContent = staffed ? words.staffed : words.subtitle;
    human.hidden = staffed;
    human.disabled = now === 'nobody' || asked;
    banner.textContent =
      staffed ? (name ? words.here.replace('{}', () => name) : words.staffed) : now === 'nobody' ? waiting(frame) : asked ? words.asked : '';
    if (now === before) return;
    app.emit('handover', { owner: now, name: name ?? null });
    if (before === 'staff' && now === 'bot' && wire.messages.size) app.ask('rating', 'offer');
    before = now;
    app.save({ owner: now });
  };
  return {
    __proto__: null, owner,
    ask(reason) {
      wire.say({ type: 'human', reason: reason ? String(reason).slice(0, 500) : '' });
      human.disabled = true;
      if (!human.hidden) banner.textContent = words.asked;
      field.focus();
    },
  };
};
