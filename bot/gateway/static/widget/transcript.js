/* The whole chat as a text file, made in the browser. */
export const start = (app) => {
  const { words, wire, el } = app;
  const line = ({ from, name, text, at, sources = [], files = [] }) =>
    [`[${at ? new Date(at).toLocaleString(app.locale) : ''}] ${from === 'visitor' ? words.visitor : name || words[from]}: ${text}`,
      ...files.map((file) => '  📎 ' + file.name), ...sources.map((source) => `  ${source.title} ${source.url.replace(/#?:~:.*/, '')}`)].join('\n');
  const all = async () => {
    for (let tries = 0; wire.earlier() && tries < 200; tries++) {
      wire.askEarlier();
      await new Promise((soon) => setTimeout(soon, 50));
    }
    return [...wire.messages.values()].sort((a, b) => a.seq - b.seq);
  };
  return {
    __proto__: null,
    async save() {
      const lines = (await all()).map(line);
      const head = `${app.settings?.name ?? words.title}\n${location.origin}\n${new Date().toLocaleString(app.locale)}`;
      const href = URL.createObjectURL(new Blob([[head, ...lines].join('\n\n') + '\n'], { type: 'text/plain;charset=utf-8' }));
      el('a', { href, download: `chat-${new Date().toISOString().slice(0, 10)}.txt` }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
      app.say(words.saved);
    },
  };
};
