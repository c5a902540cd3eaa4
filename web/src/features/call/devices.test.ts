// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { chosenAmong, listDevices, rememberChoice, rememberedChoice } from './devices';

const headset = { id: 'h', label: 'Headset' };
const standard = { id: 'default', label: 'Default' };

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

test('what was chosen holds while it is plugged in', () => {
  expect(chosenAmong([standard, headset], 'h')).toBe('h');
  expect(chosenAmong([headset, standard], 'unplugged')).toBe('default');
  expect(chosenAmong([headset], null)).toBe('h');
  expect(chosenAmong([], 'h')).toBe('');
});

test('a choice is remembered, each kind by itself', () => {
  rememberChoice('audioinput', 'h');
  expect(rememberedChoice()).toEqual({ audioinput: 'h', audiooutput: null });
});

test('devices without a name and doubles are left out', async () => {
  vi.stubGlobal('navigator', {
    mediaDevices: {
      enumerateDevices: async () => [
        { kind: 'audioinput', deviceId: 'h', label: 'Headset' },
        { kind: 'audioinput', deviceId: 'communications', label: 'Communications – Headset' },
        { kind: 'audioinput', deviceId: 'x', label: '' },
        { kind: 'videoinput', deviceId: 'c', label: 'Camera' },
      ],
    },
  });
  expect((await listDevices()).audioinput).toEqual([headset]);
});

test('a browser without media devices has none', async () => {
  vi.stubGlobal('navigator', {});
  expect(await listDevices()).toEqual({ audioinput: [], audiooutput: [] });
});
