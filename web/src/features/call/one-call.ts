/**
 * One call a person in this browser: the tab that holds the lock has the call, and a tab that dies gives it up with
 * its last breath. Another browser, or one without Web Locks, is refused by the token service instead.
 */

/** How long a tab that was asked to leave gets to hang up. */
const LEAVE_WITHIN_MS = 4000;

type Word = 'leave' | 'changed';
type Said = { word: Word; tab: number };

export class OneCall {
  readonly #name: string;
  /** A tab hears its own words too, but does not ask itself to leave. */
  readonly #tab = Math.random();
  #left = 0;
  #release: (() => void) | null = null;

  constructor(userId: string) {
    this.#name = `insta-voice-call:${userId}`;
  }

  /** Takes the call for this tab, unless another one has it. */
  async take(): Promise<boolean> {
    return this.#release !== null || this.#request({ ifAvailable: true });
  }

  /** Asks the other tab to hang up, then takes the call. False when that tab does not answer. */
  async takeOver(): Promise<boolean> {
    this.#say('leave');
    return this.#request({ signal: AbortSignal.timeout(LEAVE_WITHIN_MS) });
  }

  /** Another tab of this browser is in a call of this person. */
  async elsewhere(): Promise<boolean> {
    const held = (await navigator.locks?.query())?.held ?? [];
    return this.#release === null && held.some((lock) => lock.name === this.#name);
  }

  /** Gives the call up, also one whose lock is still on its way. */
  leave(): void {
    this.#left += 1;
    this.#release?.();
    this.#release = null;
  }

  /** Tells this tab when another one begins or ends a call (`changed`) or wants this one's (`leave`). */
  listen(heard: (word: Word) => void): () => void {
    const channel = new BroadcastChannel(this.#name);
    channel.onmessage = ({ data: { word, tab } }: MessageEvent<Said>) => {
      if (word !== 'leave' || tab !== this.#tab) heard(word);
    };
    return () => channel.close();
  }

  #say(word: Word): void {
    const channel = new BroadcastChannel(this.#name);
    channel.postMessage({ word, tab: this.#tab } satisfies Said);
    channel.close();
  }

  #request(options: LockOptions): Promise<boolean> {
    // Without a secure context there are no locks.
    if (!navigator.locks) return Promise.resolve(true);
    const left = this.#left;
    return new Promise((taken) => {
      navigator.locks
        .request(this.#name, options, (lock) => {
          if (!lock || left !== this.#left) return taken(false);
          const held = new Promise<void>((release) => {
            this.#release = release;
          });
          taken(true);
          this.#say('changed');
          return held;
        })
        .then(
          () => this.#say('changed'),
          () => taken(false),
        );
    });
  }
}
