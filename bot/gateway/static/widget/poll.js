/* The wire by plain requests, where a network lets no WebSocket through. It looks like a socket to wire.js. */
const CODES = { __proto__: null, 401: 4401, 403: 4403, 404: 4404 };

export class Poll {
  #token; #turn = Promise.resolve(); #stop = new AbortController(); #here; #after;
  constructor(app, after) {
    this.#here = new URL('v1/chat', app.here);
    this.#after = after;
    queueMicrotask(() => this.onopen());
  }
  send(text) {
    this.#turn = this.#turn.then(() => this.#call({ method: 'POST', body: text }));
  }
  close() {
    this.onclose = null;
    this.#stop.abort();
  }
  async #call(more, query = '') {
    const headers = this.#token ? { __proto__: null, Authorization: 'Bearer ' + this.#token } : {};
    try {
      const told = await fetch(this.#here + query, { __proto__: null, credentials: 'omit', headers, signal: this.#stop.signal, ...more });
      if (!told.ok) return this.#end(CODES[told.status] ?? 1006);
      const { frames } = await told.json();
      for (const frame of frames) {
        if (frame.type === 'welcome' && !this.#token) {
          this.#token = frame.token;
          setTimeout(() => this.#listen());
        }
        if (!this.#stop.signal.aborted) this.onmessage?.({ data: JSON.stringify(frame) });
      }
      return true;
    } catch {
      this.#end(1006);
    }
  }
  async #listen() {
    while (!this.#stop.signal.aborted && (await this.#call({}, `?after=${this.#after()}&wait=25`)));
  }
  #end(code) {
    this.#stop.abort();
    const { onclose } = this;
    this.onclose = null;
    onclose?.({ code });
  }
}
