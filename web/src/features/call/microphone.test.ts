// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { microphonePermission, onPermissionChange, troubleOf } from './microphone';
import { callNotice } from './notices';
import { ASKING, MICROPHONE } from './wording';

const named = (name: string) => Object.assign(new Error('x'), { name });
const devices = (...found: object[]) =>
  vi.stubGlobal('navigator', {
    mediaDevices: { getUserMedia: () => undefined, enumerateDevices: async () => found },
  });
const asked = (answer: object | Error) =>
  vi.stubGlobal('navigator', {
    mediaDevices: { getUserMedia: () => undefined, enumerateDevices: async () => [] },
    permissions: { query: async () => (answer instanceof Error ? Promise.reject(answer) : answer) },
  });
afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  ['NotAllowedError', 'blocked'],
  ['SecurityError', 'blocked'],
  ['NotFoundError', 'none'],
  ['OverconstrainedError', 'none'],
  ['NotReadableError', 'busy'],
  ['Other', 'failed'],
])('%s is %s, and says that typing goes on', (name, trouble) => {
  devices();
  expect(troubleOf(named(name))).toBe(trouble);
  expect(MICROPHONE[troubleOf(named(name))]).toMatch(/type/);
  expect(ASKING[troubleOf(named(name))].next).not.toBe('');
});

test('a page without https has no microphone, whatever the error says', () => {
  vi.stubGlobal('navigator', {});
  expect(troubleOf(named('TypeError'))).toBe('insecure');
});

test('another device is offered where it may be the mend', () => {
  expect(callNotice('lost').offersSound).toBe(true);
  expect(callNotice('blocked').offersSound).toBe(false);
});

test('the permission is what the browser says', async () => {
  asked({ state: 'denied' });
  expect(await microphonePermission()).toBe('denied');
});

test('a browser that does not know the question shows names only once it was allowed', async () => {
  asked(new TypeError('microphone is not a valid name'));
  expect(await microphonePermission()).toBe('prompt');
  devices({ kind: 'audioinput', label: '' });
  expect(await microphonePermission()).toBe('prompt');
  devices({ kind: 'audioinput', label: 'Headset' });
  expect(await microphonePermission()).toBe('granted');
});

test('a page without https is asked nothing, even where it was granted once', async () => {
  vi.stubGlobal('navigator', { permissions: { query: async () => ({ state: 'granted' }) } });
  expect(await microphonePermission()).toBe('prompt');
});

test('a permission that is given in the address bar is noticed, until nobody listens', async () => {
  const status = Object.assign(new EventTarget(), { state: 'denied' });
  asked(status);
  const changed = vi.fn();
  const stop = onPermissionChange(changed);
  await Promise.resolve().then(() => undefined);
  await new Promise((done) => setImmediate(done));
  status.state = 'granted';
  status.dispatchEvent(new Event('change'));
  stop();
  status.dispatchEvent(new Event('change'));
  expect(changed.mock.calls).toEqual([['granted']]);
});
