/**
 * The ear of a call, in the thread that renders the sound: there it hears also while the page is busy, and while its
 * tab is hidden, where timers come once a second. It posts each `Onset`, on the clock of its audio context.
 */
import { Listener } from './listener';

// Of the audio thread, which TypeScript's libraries do not describe.
declare const sampleRate: number;
declare const currentTime: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** What Web Audio renders at a time, in samples. */
const QUANTUM = 128;

class Ear extends AudioWorkletProcessor {
  #listener = new Listener(sampleRate);

  /** `own` and `theirs` are its two inputs, each of one channel, or of none while nothing is connected. */
  process([own, theirs]: Float32Array[][]): boolean {
    const onset = this.#listener.next({ own: own?.[0], theirs: theirs?.[0] }, QUANTUM, currentTime * 1000);
    if (onset) this.port.postMessage(onset);
    return true;
  }
}

registerProcessor('ear', Ear);
