import { expect, test } from 'vitest';
import { mindOf } from './minds';

test.each([
  ['gpt-realtime', { words: 'language model', model: 'gpt-realtime' }],
  ['grounded', { words: 'without a language model' }],
  ['app', { words: 'prepared words' }],
  ['', null],
])('%s in words', (mind, told) => {
  expect(mindOf(mind)).toEqual(told);
});
