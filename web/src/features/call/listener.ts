/** Both sides' sound goes in, in pieces of any length; what comes out is when the assistant begins to be heard. */
import { type Ears, hear, missed, NOTHING_HEARD, type Onset } from './onsets';

/** Speech is well above it, comfort noise and codec residue well below (dBFS, RMS). */
const AUDIBLE_DB = -45;
const AUDIBLE_POWER = 10 ** (AUDIBLE_DB / 10);
/** As long as a period of the lowest voice; what arrives in pieces is a piece more at most. */
const FRAMES_A_SECOND = 100;

export type Side = 'own' | 'theirs';

/** Listens from its first piece on: what sounds by then is taken to have begun before. */
export class Listener {
  #ears: Ears | null = null;
  #energy: Record<Side, number> = { own: 0, theirs: 0 };
  #samples = 0;

  constructor(private readonly sampleRate: number) {}

  /** The next `length` samples of each side (-1 to 1; a side without a track has none), from `fromMs` on. */
  next(pieces: Partial<Record<Side, Float32Array>>, length: number, fromMs: number): Onset | null {
    this.#ears ??= missed(NOTHING_HEARD, fromMs);
    this.#energy.own += energyOf(pieces.own);
    this.#energy.theirs += energyOf(pieces.theirs);
    this.#samples += length;
    if (this.#samples < this.sampleRate / FRAMES_A_SECOND) return null;

    const audible = (side: Side) => this.#energy[side] / this.#samples > AUDIBLE_POWER;
    const atMs = fromMs - ((this.#samples - length) / this.sampleRate) * 1000;
    const { ears, onset } = hear(this.#ears, { atMs, own: audible('own'), theirs: audible('theirs') });
    this.#ears = ears;
    this.#energy = { own: 0, theirs: 0 };
    this.#samples = 0;
    return onset;
  }
}

function energyOf(samples: Float32Array | undefined): number {
  let energy = 0;
  for (const sample of samples ?? []) energy += sample ** 2;
  return energy;
}
