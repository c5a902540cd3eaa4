// @vitest-environment happy-dom
/** How a call ends that the caller does not end: each way has its own sentence, and the microphone goes off. */
import { waitFor } from '@testing-library/react';
import { DisconnectReason, RoomEvent } from 'livekit-client';
import { afterEach, expect, test, vi } from 'vitest';
import { Calling } from '../../../tests/calling';
import { rooms } from '../../../tests/room';

vi.mock('livekit-client', async (original) => {
  const { withoutServer } = await import('../../../tests/room');
  return withoutServer(await original());
});

const calling = new Calling();
afterEach(() => expect(calling.microphones.on).toBe(0));

test('a call server that cannot be reached', async () => {
  await calling.begin();
  await calling.connect();
  // LiveKit says both: that it is disconnected, and why.
  rooms[0]?.emit(RoomEvent.Disconnected, DisconnectReason.UNKNOWN_REASON);
  rooms[0]?.arrive(new Error('could not establish signal connection'));
  await calling.heading('The call could not be connected.');
});

test.each([
  [DisconnectReason.SERVER_SHUTDOWN, 'The call server is restarting.'],
  [DisconnectReason.DUPLICATE_IDENTITY, 'Your call was taken over in another window.'],
  [DisconnectReason.ROOM_DELETED, 'The assistant ended the call.'],
  [undefined, 'The connection to the call was lost.'],
])('a room that is closed because of %s', async (reason, sentence) => {
  await calling.begin();
  await calling.connect();
  rooms[0]?.arrive();
  await waitFor(() => expect(calling.asked).toEqual([['connect', 'publish']]));
  rooms[0]?.emit(RoomEvent.Disconnected, reason);
  await calling.heading(sentence);
});
