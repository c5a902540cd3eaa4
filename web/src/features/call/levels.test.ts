import { expect, test } from 'vitest';
import { follow, loudness } from './levels';

const tone = (amplitude: number) =>
  Float32Array.from({ length: 480 }, (_, at) => amplitude * Math.sin(at / 3));

test('silence and the noise of a room do not move the mark, speech does', () => {
  expect(loudness(new Float32Array(256))).toBe(0);
  expect(loudness(new Float32Array(0))).toBe(0);
  expect(loudness(tone(0.002))).toBe(0);
  expect(loudness(tone(0.1))).toBeGreaterThan(0.5);
  expect(loudness(tone(1))).toBe(1);
});

test('the mark rises faster than it falls', () => {
  expect(follow(0, 1)).toBeGreaterThan(1 - follow(1, 0));
});
