/** When the assistant begins to be heard, and after how long a wait, from what both sides' sound is like. Pure. */

/** Shorter gaps are between words. */
const SILENCE_MS = 300;

/** A hundredth of a second: whether the caller's microphone and the assistant's voice were more than silent in it. */
export type Frame = { atMs: number; own: boolean; theirs: boolean };
/** When each side was last heard, on one clock; null before that. */
export type Ears = { ownMs: number | null; theirsMs: number | null };
/** The assistant begins: after how long since the caller's own last sound, and since the assistant's. */
export type Onset = { atMs: number; silenceMs: number | null; quietMs: number | null };

export const NOTHING_HEARD: Ears = { ownMs: null, theirsMs: null };

export function hear(before: Ears, { atMs, own, theirs }: Frame): { ears: Ears; onset: Onset | null } {
  const ears = { ownMs: own ? atMs : before.ownMs, theirsMs: theirs ? atMs : before.theirsMs };
  const quietMs = before.theirsMs === null ? null : atMs - before.theirsMs;
  if (!theirs || (quietMs !== null && quietMs < SILENCE_MS)) return { ears, onset: null };
  return { ears, onset: { atMs, silenceMs: ears.ownMs === null ? null : atMs - ears.ownMs, quietMs } };
}

/** Nobody listened until `untilMs`: what is heard next may have begun before. */
export const missed = (before: Ears, untilMs: number): Ears => ({ ...before, theirsMs: untilMs });

/** What the assistant is told of an onset that was `agoMs` ago (topic `insta.heard`, docs/contracts.md). */
export function report({ silenceMs, quietMs }: Onset, agoMs: number): string {
  const whole = (ms: number | null) => (ms === null ? null : Math.max(0, Math.round(ms)));
  return JSON.stringify({
    silence_ms: whole(silenceMs),
    quiet_ms: whole(quietMs),
    sent_after_ms: whole(agoMs),
  });
}
