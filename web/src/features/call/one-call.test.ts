/** Story: a second tab took the call's token, and both tabs showed half of the conversation. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeLocks } from '../../../tests/locks';
import { OneCall } from './one-call';

const tabs: OneCall[] = [];
const deaf: (() => void)[] = [];
const tab = (user = 'maya') => {
  const opened = new OneCall(user);
  tabs.push(opened);
  return opened;
};

beforeEach(() => {
  vi.stubGlobal('navigator', { locks: new FakeLocks() });
});
afterEach(() => {
  for (const stop of deaf.splice(0)) stop();
  for (const each of tabs.splice(0)) each.leave();
  vi.unstubAllGlobals();
});

test('one tab has the call, another one sees it and cannot take it', async () => {
  const [first, second] = [tab(), tab()];
  expect(await first.take()).toBe(true);
  expect(await first.elsewhere()).toBe(false);
  expect(await second.elsewhere()).toBe(true);
  expect(await second.take()).toBe(false);
  first.leave();
  await vi.waitFor(async () => expect(await second.elsewhere()).toBe(false));
  expect(await second.take()).toBe(true);
});

test('who has it may take it again: the step that asks for the microphone lies between', async () => {
  const only = tab();
  await only.take();
  expect(await only.take()).toBe(true);
});

test('another person at the same browser is not kept out', async () => {
  await tab('maya').take();
  expect(await tab('leo').take()).toBe(true);
});

test('a tab that is asked to leave hangs up, and the other one takes over', async () => {
  const [first, second] = [tab(), tab()];
  await first.take();
  deaf.push(first.listen((word) => word === 'leave' && first.leave()));
  expect(await second.takeOver()).toBe(true);
  expect(await first.elsewhere()).toBe(true);
});

test('a tab that does not answer keeps the call', async () => {
  vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
  const [first, second] = [tab(), tab()];
  await first.take();
  const asked = second.takeOver();
  expect(await asked).toBe(false);
});

test('a browser without locks leaves it to the server', async () => {
  vi.stubGlobal('navigator', {});
  const [first, second] = [tab(), tab()];
  expect([await first.take(), await second.take()]).toEqual([true, true]);
  expect(await second.elsewhere()).toBe(false);
});
