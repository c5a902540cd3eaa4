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

test('a source of ours opens with its sentence marked, a foreign one as it is', () => {
  const source = { article_id: 'a b', title: 'T', quotes: ['One, two & three.', 'Four.'] };
  const own = new URL(sourceUrl({ ...source, url: '' }) ?? '');
  expect(own.pathname).toBe('/help/a%20b');
  expect(own.searchParams.get('quote')).toBe('One, two & three.\nFour.');
  expect(sourceUrl({ ...source, url: 'https://help.example/x#y' })).toBe('https://help.example/x#y');
  expect(sourceUrl({ ...source, url: 'javascript:alert(1)' })).toBeNull();
});
