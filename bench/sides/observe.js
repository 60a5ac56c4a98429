/* Runs before anything of the page: notes what a visitor would feel of it, and uses its chat as a script does. */
(() => {
  const seen = { blocking: 0, shift: 0 };
  const observe = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  observe('longtask', ({ duration }) => { seen.blocking += Math.max(0, duration - 50); });
  // All of it: the usual measure leaves out what moves just after a click.
  observe('layout-shift', ({ value }) => { seen.shift += value; });

  const all = (selector, root = document) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll('*')].flatMap((one) => (one.shadowRoot ? all(selector, one.shadowRoot) : [])),
  ];
  const isReady = (selector) => all(selector).some((one) => !one.disabled && one.getClientRects().length > 0 && one.checkVisibility());
  /** The first frame in which `look` is true. */
  const frame = (look) => new Promise((done) => {
    const turn = () => (look() ? done(performance.now()) : requestAnimationFrame(turn));
    requestAnimationFrame(turn);
  });
  const press = (selector) => all(selector)[0].click();

  window.bench = {
    seen: () => seen,
    count: (selector) => all(selector).length,
    shown: (field) => frame(() => isReady(field)),
    /** Milliseconds from a press that no pointer announced until the field can be typed in. */
    async open(launcher, field) {
      const began = performance.now();
      press(launcher);
      return (await frame(() => isReady(field))) - began;
    },
    async close(launcher, field) {
      press(launcher);
      await frame(() => !isReady(field));
    },
    /** Milliseconds from a press until so many messages are in our list. */
    async listed(count) {
      const list = () => document.querySelector('duologue-widget').shadowRoot.querySelectorAll('#list li').length;
      const began = performance.now();
      press('#launcher');
      return (await frame(() => list() >= count)) - began;
    },
  };
})();
