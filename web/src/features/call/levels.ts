/** Loudness now, 0 to 1. */
export type Levels = { caller: number; assistant: number };
export const SILENT: Levels = { caller: 0, assistant: 0 };

/** A quiet room stays below the first, speech close to a microphone reaches the second (dBFS, RMS). */
const QUIET_DB = -50;
const LOUD_DB = -14;

/** Loudness of samples (-1 to 1) on a scale that follows the ear. */
export function loudness(samples: Float32Array): number {
  const power = samples.reduce((sum, each) => sum + each * each, 0) / Math.max(1, samples.length);
  const db = 10 * Math.log10(power || Number.MIN_VALUE);
  return Math.min(1, Math.max(0, (db - QUIET_DB) / (LOUD_DB - QUIET_DB)));
}

/** Fast up, slow down: what makes a mark follow speech instead of flickering. */
export const follow = (shown: number, measured: number): number =>
  shown + (measured - shown) * (measured > shown ? 0.45 : 0.12);
