// @vitest-environment happy-dom
/** The caller's microphone, from the button to the end of the call. */
import { screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { Calling } from '../../../tests/calling';
import { rooms, withoutServer } from '../../../tests/room';

vi.mock('livekit-client', async (original) => withoutServer(await original()));

const calling = new Calling();

test('is opened while it connects, given to it, and off at its end', async () => {
  await calling.begin();
  await calling.connect();
  rooms[0]?.arrive();
  await waitFor(() => expect(calling.asked).toEqual([['connect', 'publish']]));
  expect(calling.microphones.on).toBe(1);
  await calling.press('End');
  await calling.heading('You ended the call.');
  expect(calling.microphones.on).toBe(0);
  expect(calling.asked).toEqual([['connect', 'publish', 'disconnect']]);
});

test('that was opened to ask is kept until the call has its own', async () => {
  calling.open('prompt');
  await calling.press('Talk to support');
  await calling.press('Continue');
  await calling.microphones.answer();
  await waitFor(() => expect(calling.microphones.on).toBe(1));
  await calling.microphones.answer();
  await waitFor(() => expect([calling.microphones.opened, calling.microphones.on]).toEqual([2, 1]));
});

test('that is busy is said to be, and is asked for again with the next tap', async () => {
  calling.open();
  await calling.press('Talk to support');
  await calling.microphones.answer('NotReadableError');
  await screen.findByText(/Another program is using your microphone/);
  await waitFor(() => expect(calling.tokens).toHaveLength(1));
  await calling.connect();
  rooms[0]?.arrive();
  await calling.press('Unmute');
  await calling.microphones.answer();
  await waitFor(() => expect(calling.asked).toEqual([['connect', 'publish']]));
  await waitFor(() => expect(screen.queryByText(/Another program/)).toBeNull());
});

test('that goes away is said to be blocked also when the browser says so a moment later', async () => {
  await calling.begin();
  await calling.connect();
  rooms[0]?.arrive();
  await waitFor(() => expect(calling.asked).toEqual([['connect', 'publish']]));
  rooms[0]?.loseMicrophone();
  await screen.findByText(/Your microphone was disconnected/);
  calling.microphones.block();
  await screen.findByText(/Your microphone is blocked/);
});

test('that goes away is said to be blocked also when the browser has said so a moment before', async () => {
  await calling.begin();
  await calling.connect();
  rooms[0]?.arrive();
  await waitFor(() => expect(calling.asked).toEqual([['connect', 'publish']]));
  calling.microphones.block();
  rooms[0]?.loseMicrophone();
  await screen.findByText(/Your microphone is blocked/);
});
