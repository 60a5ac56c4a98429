/* The wire by plain requests, where a network lets no WebSocket through. It looks like a socket to wire.js. */
const CODES = { __proto__: null, 401: 4401, 403: 4403, 404: 4404 };
const FIRST_LOOK = 60_000, LAST_LOOK = 16 * FIRST_LOOK, PATIENCE = 10_000;

export class Poll {
  #token; #next = ''; #turn = Promise.resolve(); #stop = new AbortController(); #here; #after; #back;
  /** `back` is called once WebSockets get through again. */
  constructor(app, after, back) {
    this.#back = back;
    this.#here = new URL('v1/chat', app.here);
    this.#after = after;
    queueMicrotask(() => this.#stop.signal.aborted || this.onopen());
  }
  send(text) {
    this.#turn = this.#turn.then(() => this.#post(text));
  }
  close() {
    this.onclose = null;
    this.#stop.abort();
  }
  async #post(body) {
    const told = await this.#call({ method: 'POST', body });
    // A frame that is refused whole would be refused again; a hello that is, ends it.
    if (told?.error) return this.#token ? this.#tell([{ type: 'error', code: told.error, id: JSON.parse(body).id }]) : this.#end();
    if (!told || this.#token) return this.#tell(told?.frames);
    this.#token = told.frames[0].token;
    this.#next = told.next;
    this.#tell(told.frames);
    this.#listen();
    this.#look(JSON.parse(body), FIRST_LOOK);
  }
  // The network may be another one by now. A socket that opens is not enough: what goes through it may be swallowed.
  #look(hello, wait) {
    const { signal } = this.#stop;
    let socket, late;
    const over = () => {
      clearTimeout(late);
      socket.onclose = socket.onmessage = null;
      socket.close();
    };
    const timer = setTimeout(() => {
      if (document.hidden) return this.#look(hello, wait);
      socket = new WebSocket(String(this.#here).replace(/^http/, 'ws'));
      late = setTimeout(() => socket.onclose(), PATIENCE);
      socket.onopen = () => socket.send(JSON.stringify({ ...hello, token: this.#token, last_seq: this.#after() }));
      socket.onmessage = () => { over(); this.#back(); };
      socket.onclose = () => { over(); this.#look(hello, Math.min(2 * wait, LAST_LOOK)); };
    }, wait);
    signal.addEventListener('abort', () => { clearTimeout(timer); if (socket) over(); });
  }
  async #listen() {
    for (let told; (told = await this.#call({}, `?after=${this.#after()}&wait=25&from=${this.#next}`)); ) {
      this.#tell(told.frames);
      this.#next = told.next; // An answer that got lost is given again.
    }
  }
  #tell(frames = []) {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
  }
  async #call(more, query = '') {
    const headers = this.#token ? { __proto__: null, Authorization: 'Bearer ' + this.#token } : {};
    const { signal } = this.#stop;
    try {
      signal.throwIfAborted();
      const told = await fetch(this.#here + query, { __proto__: null, credentials: 'omit', headers, signal, ...more });
      if (told.ok || told.status === 400 || told.status === 413) return { __proto__: null, ...(await told.json()) };
      this.#end(CODES[told.status]);
    } catch {
      this.#end();
    }
  }
  #end(code = 1006) {
    this.#stop.abort();
    const { onclose } = this;
    this.onclose = null;
    onclose?.({ code });
  }
}
