/* Every sentence of the widget, in one place. Short and plain: people read this in a hurry. */
const minutes = (seconds) => Math.max(1, Math.round(seconds / 60));
const amount = (number) => number.toLocaleString('en');

export const words = {
  __proto__: null,
  lang: 'en',
  dir: 'ltr',
  title: 'Chat',
  subtitle: 'Automatic answers from this website',
  staffed: 'You are talking to a person',
  hello: 'Hello! What would you like to know? I look it up on this website and show you the page.',
  log: 'Messages',
  field: 'Your message',
  placeholder: 'Ask a question…',
  send: 'Send',
  close: 'Close chat',
  human: 'Ask for a person',
  kept: 'What is kept',
  earlier: 'Show earlier messages',
  newer: 'New messages',
  from: { __proto__: null, visitor: 'You', bot: 'Assistant', staff: 'Staff' },
  sources: 'From this website:',
  state: { __proto__: null, sending: 'Sending…', sent: 'Sent', seen: 'Seen', failed: 'Not sent' },
  again: 'Try again',
  edit: 'Edit',
  typing: (name) => `${name} is typing…`,
  unread: (count) => (count === 1 ? '1 new message' : `${count} new messages`),
  left: (length, limit) => `${amount(length)} of ${amount(limit)}`,
  over: (by) => `Too long by ${amount(by)} ${by === 1 ? 'letter' : 'letters'}`,

  link: {
    __proto__: null,
    connecting: 'Connecting…',
    lost: 'No connection. We keep trying. Your messages are safe.',
    offline: 'You are offline. Your messages go out when you are back.',
    stopped: 'Chat is not available on this page.',
  },
  owner: {
    __proto__: null,
    here: (name) => `${name} is here.`,
    someone: 'A person is here.',
    asked: 'We are asking for a person…',
    waiting: 'We have asked for a person. You can keep writing.',
    wait: (seconds) =>
      seconds < 3300
        ? `A person will answer in about ${minutes(seconds)} ${minutes(seconds) === 1 ? 'minute' : 'minutes'}.`
        : 'A person will answer. It may take more than an hour.',
  },
  error: {
    __proto__: null,
    rate_limited: 'That was a lot at once. Wait a moment, then try again.',
    too_long: 'That was too long. Please make it shorter.',
    not_allowed: 'That choice is no longer open. Please write instead.',
    unavailable: 'We could not take that just now. Please try again.',
    other: 'That did not work. Please try again.',
  },

  consent: 'May we remember what you tell us and which pages you visit here?',
  agree: 'Yes, you may',
  decline: 'No, thanks',
  agreed: 'Thank you. We will remember.',
  declined: 'All right. We will not.',

  memory: 'What we remember about you',
  nothing: 'We remember nothing about you.',
  forget: 'Forget',
  forgetAll: 'Forget everything',
  done: 'Close',
};
