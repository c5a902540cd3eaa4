/** What counts as a sound, and that it does not matter in which pieces it comes. */
import { expect, test } from 'vitest';
import { Listener } from './listener';
import type { Onset } from './onsets';

const RATE = 48_000;
const PIECE = 128;

const tone = (decibels: number) => (at: number) =>
  Math.SQRT2 * 10 ** (decibels / 20) * Math.sin((at * Math.PI) / 12);

type Sound = { fromMs: number; toMs: number; decibels: number };

/** What is told of a second and a half in which each side sounds as given. */
function told(sounds: { own?: Sound; theirs?: Sound }, piece = PIECE): Onset[] {
  const listener = new Listener(RATE);
  const piecesOf = (sound: Sound | undefined, from: number) =>
    sound &&
    Float32Array.from({ length: piece }, (_, at) => {
      const ms = ((from + at) / RATE) * 1000;
      return ms >= sound.fromMs && ms < sound.toMs ? tone(sound.decibels)(from + at) : 0;
    });
  const onsets: Onset[] = [];
  for (let from = 0; from < RATE * 1.5; from += piece) {
    const pieces = { own: piecesOf(sounds.own, from), theirs: piecesOf(sounds.theirs, from) };
    const onset = listener.next(pieces, piece, (from / RATE) * 1000);
    if (onset) onsets.push(onset);
  }
  return onsets;
}

test.each([PIECE, 441, 1024])('the wait is from one voice to the other, in pieces of %d', (piece) => {
  const own = { fromMs: 100, toMs: 400, decibels: -20 };
  const [onset, ...more] = told({ own, theirs: { fromMs: 900, toMs: 1400, decibels: -20 } }, piece);
  expect(more).toEqual([]);
  const frameMs = ((Math.ceil(RATE / 100 / piece) * piece) / RATE) * 1000;
  expect(Math.abs((onset?.atMs ?? 0) - 900)).toBeLessThanOrEqual(frameMs);
  expect(Math.abs((onset?.silenceMs ?? 0) - 500)).toBeLessThanOrEqual(frameMs);
});

test.each([
  [-47, 0],
  [-43, 1],
])('speech is audible, the noise of a room and of a codec is not: %d dBFS', (decibels, onsets) => {
  expect(told({ theirs: { fromMs: 900, toMs: 1400, decibels } })).toHaveLength(onsets);
});

test('a click that is shorter than a sound does not begin anything', () => {
  expect(told({ theirs: { fromMs: 900, toMs: 900.5, decibels: -35 } })).toEqual([]);
});

test('what sounds when it begins to listen did not begin then', () => {
  expect(told({ theirs: { fromMs: 0, toMs: 1500, decibels: -20 } })).toEqual([]);
});
