// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { contactHref } from './contact';
import { keptFor } from './privacy-note';

test('a contact is a link when it can be one', () => {
  expect(contactHref('help@acme.example')).toBe('mailto:help@acme.example');
  expect(contactHref('https://acme.example/help')).toBe('https://acme.example/help');
  expect(contactHref('+49 (30) 1234-5')).toBe('tel:+493012345');
  expect(contactHref('the desk in hall 3')).toBeNull();
  expect(contactHref('javascript:alert(1)')).toBeNull();
  expect(contactHref('help@acme.example?bcc=all@acme.example')).toBeNull();
});

test('how long calls are kept', () => {
  expect([90, 1, 0].map(keptFor)).toEqual([
    'for 90 days, then deleted',
    'for 1 day, then deleted',
    'until you delete it',
  ]);
});
