// @vitest-environment happy-dom
/** Who hears a simpler answer than before is told that another mind stands in, by the assistant alone. */
import { renderHook, screen } from '@testing-library/react';
import { ParticipantKind, type Room, type TextStreamHandler } from 'livekit-client';
import { expect, test, vi } from 'vitest';
import { show } from '../../../tests/show';
import { NO_DEVICES } from './devices';
import { During } from './during';
import { type CallEvent, type CallState, newCall, reduce } from './machine';
import { emptyTranscript } from './transcript';
import { useRoomTexts } from './use-room-texts';

const PEOPLE = { 'assistant-1': ParticipantKind.AGENT, 'from-support': ParticipantKind.STANDARD };

/** The handler of a topic, as LiveKit would call it. */
function listening(topic: string, onStandIn: (standIn: boolean) => void): TextStreamHandler | undefined {
  const handlers = new Map<string, TextStreamHandler>();
  const room = {
    localParticipant: { identity: 'maya' },
    remoteParticipants: new Map(Object.entries(PEOPLE).map(([name, kind]) => [name, { kind }])),
    registerTextStreamHandler: (name: string, handler: TextStreamHandler) => handlers.set(name, handler),
    unregisterTextStreamHandler: () => undefined,
  } as unknown as Room;
  const nothing = () => undefined;
  renderHook(() => useRoomTexts(room, { onCaption: nothing, onSources: nothing, onStandIn, onEnd: nothing }));
  return handlers.get(topic);
}

test('the assistant says that another mind stands in, and that its own is back; nobody else does', async () => {
  const onStandIn = vi.fn();
  const handler = listening('insta.call', onStandIn);
  const says = async (state: string, identity: string) => {
    const reader = { readAll: async () => JSON.stringify({ state }) };
    await handler?.(reader as Parameters<TextStreamHandler>[0], { identity });
  };
  await says('stand_in', 'from-support');
  await says('stand_in', 'assistant-1');
  await says('restored', 'assistant-1');
  expect(onStandIn.mock.calls).toEqual([[true], [false]]);
});

const connected: CallEvent[] = [
  { type: 'connection', connection: 'connected' },
  { type: 'agent', agent: 'speaking' },
];

function during(...events: CallEvent[]): void {
  const state: CallState = [...connected, ...events].reduce(
    (state, event) => reduce(state, event, 0),
    newCall(0),
  );
  const nothing = () => undefined;
  show(
    <During
      state={state}
      transcript={emptyTranscript}
      levels={() => ({ caller: 0, assistant: 0 })}
      notice={null}
      microphoneOn
      byTyping={false}
      voiceOn
      sound={{
        devices: NO_DEVICES,
        choice: { audioinput: null, audiooutput: null },
        onChoose: nothing,
      }}
      onSound={null}
      onVoice={nothing}
      onMicrophone={nothing}
      onSend={async () => undefined}
      onEnd={nothing}
    />,
  );
}

const standIn = (standIn: boolean): CallEvent => ({ type: 'stand_in', standIn });

test('a small word beside the state says so', async () => {
  during(standIn(true));
  expect((await screen.findByText(/stands in/)).parentElement?.textContent).toMatch(/^Speaking · a simpler/);
});

test.each([
  ['who was never replaced', []],
  ['who is back', [standIn(true), standIn(false)]],
  ['while a person is here', [standIn(true), { type: 'people', people: 1 } as CallEvent]],
])('nothing is said of %s', async (_, events) => {
  during(...events);
  await screen.findByRole('heading', { name: 'Call with support' });
  expect(screen.queryByText(/stands in/)).toBeNull();
});
