// The link of a mail: changes what is behind the # for the site's page, and goes there.
const told = document.getElementById('told');
const say = (text) => { told.textContent = text; };

const open = async () => {
  const link = location.hash.slice(1);
  // Not in the history, where the next one at this computer would find it.
  history.replaceState(null, '', location.pathname);
  const answer = await fetch('/v1/resume/link', { method: 'POST', body: JSON.stringify({ link }) });
  if (answer.ok) return location.replace((await answer.json()).to);
  say(answer.status < 500 ? 'This link has ended. If you have a newer mail, take the link in that one; or begin a new conversation on the site.' : 'The chat can’t be reached just now. Please open the link again in a minute.');
};

say('Opening it …');
open().catch(() => say('The chat can’t be reached just now. Please open the link again in a minute.'));
