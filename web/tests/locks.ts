type Held = { name: string; release: () => void };

/** The part of the Web Locks API that the page uses; Node has none. One of these is one browser. */
export class FakeLocks {
  #held: Held[] = [];
  #waiting: (() => void)[] = [];

  async request(name: string, options: LockOptions, use: (lock: Lock | null) => unknown): Promise<unknown> {
    while (this.#held.some((each) => each.name === name)) {
      if (options.ifAvailable) return use(null);
      options.signal?.throwIfAborted();
      await new Promise<void>((go, stop) => {
        this.#waiting.push(go);
        options.signal?.addEventListener('abort', () => stop(options.signal?.reason));
      });
    }
    const held = { name, release: () => undefined };
    this.#held.push(held);
    try {
      return await use({ name, mode: 'exclusive' } as Lock);
    } finally {
      this.#held = this.#held.filter((each) => each !== held);
      for (const go of this.#waiting.splice(0)) go();
    }
  }

  async query(): Promise<LockManagerSnapshot> {
    return { held: this.#held.map(({ name }) => ({ name })), pending: [] };
  }
}
