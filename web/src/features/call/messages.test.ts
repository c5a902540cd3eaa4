import { expect, test } from 'vitest';
import { readEnd, readSources, readStandIn } from './messages';

const source = {
  article_id: 'a',
  title: 'Reset',
  url: '/help/a',
  quote: 'Open it.',
  heading: 'On the web',
  version: 3,
};

test('sources are read as the contract has them', () => {
  const json = JSON.stringify({
    turn: 4,
    sources: [{ ...source, extra: 1 }],
  });
  expect(readSources(json)).toEqual({ turn: 4, sources: [source] });
});

test.each([undefined, '3', 1.5, null])('a version that is %s is none, and the source stays', (version) => {
  const json = JSON.stringify({ turn: 4, sources: [{ ...source, heading: 7, version }] });
  const { version: _, ...rest } = source;
  expect(readSources(json)?.sources).toEqual([{ ...rest, heading: '' }]);
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

test('the end of the call is read with its reason', () => {
  expect(readEnd('{"state":"ended","reason":"You said goodbye."}')).toEqual({ reason: 'You said goodbye.' });
  expect(readEnd('{"state":"ended"}')).toEqual({ reason: null });
});

test.each(['{"state":"resumed"}', '{"state":"unheard of"}', 'no json'])('%s ends no call', (json) => {
  expect(readEnd(json)).toBeNull();
});

test.each([
  ['{"state":"stand_in"}', true],
  ['{"state":"restored"}', false],
  ['{"state":"resumed"}', false],
  ['{"state":"ended"}', null],
  ['no json', null],
])('%s says of a stand-in: %s', (json, standIn) => {
  expect(readStandIn(json)).toBe(standIn);
});
