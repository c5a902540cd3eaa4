import { expect, test } from 'vitest';
import { spokenNow } from './sentences';

test.each([
  ['', '', ''],
  ['Open it.', '', 'Open it.'],
  ['Open it. Then choose', 'Open it. ', 'Then choose'],
  ['Open it. Then choose a plan. ', 'Open it. ', 'Then choose a plan. '],
  ['Same. Same.', 'Same. ', 'Same.'],
  ['It costs 4.99 a month', '', 'It costs 4.99 a month'],
])('%j: the last sentence is being said', (text, before, now) => {
  expect(spokenNow(text)).toEqual({ before, now });
  expect(before + now).toBe(text);
});
