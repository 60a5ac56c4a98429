/* Who comes by the link of a mail goes on with that conversation. */
import { keep } from './keep.js';

export const start = async (app) => {
  const { option, state, here } = app;
  const code = /#duologue=([\w-]+)/.exec(location.hash)?.[1];
  history.replaceState(history.state, '', location.href.split('#')[0]); // Good once; nobody else needs it.
  keep(app);
  const answer = await fetch(new URL('v1/resume', here), {
    __proto__: null, method: 'POST', body: JSON.stringify({ site: option.site, code, token: state.token ?? undefined }),
  });
  const { token, seq } = await answer.json();
  // What was not sent yet belongs to the conversation in which it was written.
  if (token && token !== state.token) app.save({ token, seq, queue: [], owner: undefined }, true);
  return { __proto__: null, open: () => app.ask('panel', token ? 'open' : 'resume') };
};
