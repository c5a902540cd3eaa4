/**
 * Story: an assistant that was killed in the middle of a sentence left its text stream open. LiveKit fails such a
 * stream, and the page died of an uncaught error.
 */
import { ParticipantKind, type RemoteParticipant, type Room } from 'livekit-client';
import { expect, test } from 'vitest';
import { readStream, speakerOf } from './use-room-texts';

async function* words(...parts: (string | Error)[]): AsyncGenerator<string> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}

test('grows as the words come and closes at the end', async () => {
  const seen: [string, boolean][] = [];
  await readStream(words('Open ', 'the page.'), (text, ended) => seen.push([text, ended]));
  expect(seen).toEqual([
    ['Open ', false],
    ['Open the page.', false],
    ['Open the page.', true],
  ]);
});

test('a sender that leaves in the middle closes the line with what had arrived', async () => {
  const seen: [string, boolean][] = [];
  await readStream(words('Open ', new Error('unexpectedly disconnected')), (text, ended) =>
    seen.push([text, ended]),
  );
  expect(seen.at(-1)).toEqual(['Open ', true]);
});

test.each([
  ['maya', 'caller'],
  ['assistant-job-1', 'assistant'],
  ['assistant-that-has-left', 'assistant'],
  ['assistant-in-name-only', 'staff'],
  ['maya#2', 'staff'],
  ['someone-who-has-left', 'staff'],
])('a text of %s is the words of: %s', (identity, speaker) => {
  const kinds: Record<string, ParticipantKind> = {
    'assistant-job-1': ParticipantKind.AGENT,
    'assistant-in-name-only': ParticipantKind.STANDARD,
    'maya#2': ParticipantKind.STANDARD,
  };
  const remote = Object.entries(kinds).map(([name, kind]) => [name, { kind } as RemoteParticipant] as const);
  const room = {
    localParticipant: { identity: 'maya' },
    remoteParticipants: new Map(remote),
  } as unknown as Room;
  expect(speakerOf(room, identity)).toBe(speaker);
});
