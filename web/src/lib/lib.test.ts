// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { safeUrl, sourceUrl } from './safe-url';
import { lengthInWords, whenInWords } from './time';

const now = new Date('2026-11-22T12:00:00Z');

test('relative within a day, absolute after', () => {
  expect(whenInWords('2026-11-22T11:59:50Z', now)).toBe('just now');
  expect(whenInWords('2026-11-22T11:35:00Z', now)).toBe('25 minutes ago');
  expect(whenInWords('2026-11-22T01:00:00Z', now)).toBe('11 hours ago');
  expect(whenInWords('2026-11-12T12:00:00Z', now)).toBe('12 Nov 2026');
});

test('length of a call', () => {
  expect(lengthInWords('2026-11-22T12:00:00Z', '2026-11-22T12:02:05Z')).toBe('2 min 5 s');
  expect(lengthInWords('2026-11-22T12:00:00Z', null)).toBe('');
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'http://'])('%s is no link', (url) => {
  expect(safeUrl(url, 'https://page.example')).toBeNull();
});

test('a source opens at its sentence, on pages of ours and on foreign ones', () => {
  const cited = (...quotes: string[]) => quotes.map((quote) => ({ quotes: [quote] }));
  const source = { article_id: 'a b', title: 'T', passages: cited('One, two & three.', 'Four.') };
  const own = new URL(sourceUrl({ ...source, url: '' }) ?? '');
  expect(own.pathname).toBe('/help/a%20b');
  expect(own.searchParams.get('quote')).toBe('One, two & three.\nFour.');
  expect(sourceUrl({ ...source, url: 'https://help.example/x#y' })).toBe(
    'https://help.example/x#y:~:text=One%2C%20two%20%26%20three.&text=Four.',
  );
  expect(
    sourceUrl({ ...source, passages: cited('1 2 3 4 5 6 7 8 9 10 e-mail'), url: 'https://help.example/x' }),
  ).toBe('https://help.example/x#:~:text=1%202%203%204%205,7%208%209%2010%20e%2Dmail');
  expect(sourceUrl({ ...source, passages: [], url: 'https://help.example/x' })).toBe(
    'https://help.example/x',
  );
  expect(sourceUrl({ ...source, url: 'javascript:alert(1)' })).toBeNull();
});
