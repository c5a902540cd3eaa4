// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { actionFor, keysOf, SHORTCUTS, takesText } from './shortcuts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  actionFor({ ...new KeyboardEvent('keydown', { key }), key, shiftKey: false, ...more } as KeyboardEvent);

test('each key does one thing', () => {
  expect(press('m')).toBe('microphone');
  expect(press('?', { shiftKey: true })).toBe('help');
  expect(press('?')).toBe('help');
  expect(new Set(SHORTCUTS.map(({ key }) => key)).size).toBe(SHORTCUTS.length);
});

test('a stray key does not end the call, and capital letters do nothing else', () => {
  expect(press('e')).toBeNull();
  expect(press('E', { shiftKey: true })).toBe('end');
  expect(press('M', { shiftKey: true })).toBeNull();
});

test.each([{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }, { isComposing: true }])(
  'with %o the key is not ours',
  (held) => {
    expect(press('m', held)).toBeNull();
  },
);

test('what is typed into a field or pressed in a dialog is not a shortcut', () => {
  document.body.innerHTML =
    '<input id="a"><dialog><button id="b">x</button></dialog><button id="c">x</button>';
  const at = (id: string) => takesText(document.getElementById(id));
  expect([at('a'), at('b'), at('c')]).toEqual([true, true, false]);
});

test('assistive technology is told of a key only while it works', () => {
  expect(keysOf('end', true)).toBe('Shift+E');
  expect(keysOf('microphone', true)).toBe('M');
  expect(keysOf('microphone', false)).toBeUndefined();
});
