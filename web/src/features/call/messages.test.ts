import { expect, test } from 'vitest';
import { readCall, readSources } from './messages';

test('sources are read as the contract has them', () => {
  const json = JSON.stringify({
    turn: 4,
    sources: [{ article_id: 'a', title: 'Reset', url: '/help/a', quote: 'Open it.', extra: 1 }],
  });
  expect(readSources(json)).toEqual({
    turn: 4,
    sources: [{ article_id: 'a', title: 'Reset', url: '/help/a', quote: 'Open it.' }],
  });
});

test.each(['', 'null', '[]', '{}', '{"turn":"4","sources":[]}', '{"turn":4}'])(
  '%s is no sources message',
  (json) => {
    expect(readSources(json)).toBeNull();
  },
);

test('a source without title or address is left out, the others stay', () => {
  const json = JSON.stringify({ turn: 1, sources: [null, { title: 'x' }, { title: 'y', article_id: 'b' }] });
  expect(readSources(json)?.sources.map((each) => each.title)).toEqual(['y']);
});

test('what the room says about the call', () => {
  expect(readCall('{"state":"ended","reason":"You said goodbye."}')).toEqual({
    ended: true,
    told: null,
    reason: 'You said goodbye.',
  });
  expect(readCall('{"state":"warming_up"}')).toEqual({ ended: false, told: 'warming_up', reason: null });
  expect(readCall('{"state":"unheard of"}')).toBeNull();
  expect(readCall('no json')).toBeNull();
});
