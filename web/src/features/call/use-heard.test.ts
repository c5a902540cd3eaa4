// @vitest-environment happy-dom
/** What the page tells of its caller's ear, with sound that is made up and time that the test moves. */
import { renderHook } from '@testing-library/react';
import { ParticipantKind, type Room } from 'livekit-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Listener } from './listener';
import { useHeard } from './use-heard';

const RATE = 48_000;
const PIECE = 480;
const PIECE_MS = 10;
type Sound = { fromMs: number; toMs: number };
/** When each track sounds, in milliseconds of the page's clock. */
const sounds = new Map<string, Sound[]>();
let open = 0;
/** How long the page is too busy to take what the audio thread has posted. */
let busyMs = 0;
let load: () => Promise<void> = async () => undefined;

class FakeContext {
  sampleRate = RATE;
  destination = 'loudspeaker';
  audioWorklet = { addModule: () => load() };
  #beganMs = performance.now();
  constructor() {
    open += 1;
  }
  get currentTime() {
    return (performance.now() - this.#beganMs) / 1000;
  }
  createMediaStreamSource = ({ id }: { id: string }) => ({
    connect: (node: FakeNode, _: number, input: number) => {
      node.inputs[input] = id;
    },
    disconnect: () => undefined,
  });
  close = async () => {
    open -= 1;
  };
}

/** The audio thread: it listens on, whatever the page does. */
class FakeNode {
  inputs: (string | undefined)[] = [];
  port: { onmessage: ((event: { data: unknown }) => void) | null } = { onmessage: null };
  #listener = new Listener(RATE);
  constructor(context: FakeContext) {
    setInterval(() => {
      const [own, theirs] = this.inputs.map((id) => this.#piece(id));
      const onset = this.#listener.next({ own, theirs }, PIECE, context.currentTime * 1000 - PIECE_MS);
      if (onset) setTimeout(() => this.port.onmessage?.({ data: onset }), busyMs);
    }, PIECE_MS);
  }
  connect = () => undefined;
  #piece(id = '') {
    const now = performance.now();
    const sounding = sounds.get(id)?.some(({ fromMs, toMs }) => now > fromMs && now <= toMs);
    return new Float32Array(PIECE).fill(sounding ? 0.1 : 0.001);
  }
}

const sent: {
  text: string;
  options: { topic: string; destinationIdentities: string[]; compress: boolean };
}[] = [];
let microphone = 'own';

function aRoom(kind = ParticipantKind.AGENT): Room {
  const theirs = { id: 'theirs' };
  const own = new Map([
    ['own', { id: 'own' }],
    ['headset', { id: 'headset' }],
  ]);
  const assistant = {
    identity: 'assistant-1',
    kind,
    audioTrackPublications: new Map([['t', { track: { mediaStreamTrack: theirs } }]]),
  };
  return {
    remoteParticipants: new Map([['assistant-1', assistant]]),
    localParticipant: {
      getTrackPublication: () => ({ track: { mediaStreamTrack: own.get(microphone) } }),
      sendText: async (text: string, options: (typeof sent)[number]['options']) => {
        sent.push({ text, options });
        throw new Error('the room is gone');
      },
    },
  } as unknown as Room;
}

const listening = (room = aRoom(), hearing = true) => renderHook(() => useHeard(room, hearing));
const told = () => sent.map(({ text }) => JSON.parse(text));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('AudioContext', FakeContext);
  vi.stubGlobal('AudioWorkletNode', FakeNode);
  vi.stubGlobal(
    'MediaStream',
    class {
      id: string;
      constructor([track]: { id: string }[]) {
        this.id = track?.id ?? '';
      }
    },
  );
  sounds.clear();
  sent.length = 0;
  busyMs = 0;
  load = async () => undefined;
  microphone = 'own';
  const now = performance.now();
  sounds.set('own', [{ fromMs: now + 1000, toMs: now + 2000 }]);
  sounds.set('theirs', [{ fromMs: now + 2700, toMs: now + 4000 }]);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  expect(open, 'audio contexts left open').toBe(0);
});

test('the assistant is told after how long it was heard, and a message that is lost is no fault', async () => {
  const { unmount } = listening();
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent.map(({ options }) => options)).toEqual([
    { topic: 'insta.heard', destinationIdentities: ['assistant-1'], compress: false },
  ]);
  const [{ silence_ms, quiet_ms, sent_after_ms }] = told();
  expect(silence_ms).toBeGreaterThan(680);
  expect(silence_ms).toBeLessThan(720);
  expect(quiet_ms).toBeGreaterThan(2500);
  expect(sent_after_ms).toBeLessThanOrEqual(20);
  unmount();
});

test('a page that is busy, or hidden, tells it later, and of the same moment', async () => {
  const { unmount } = listening();
  busyMs = 1500;
  await vi.advanceTimersByTimeAsync(5000);
  const [{ silence_ms, sent_after_ms }] = told();
  expect(silence_ms).toBeGreaterThan(680);
  expect(silence_ms).toBeLessThan(720);
  expect(sent_after_ms).toBeGreaterThanOrEqual(1500);
  expect(sent_after_ms).toBeLessThanOrEqual(1520);
  unmount();
});

test('the microphone that is chosen in the call is the one that is listened to', async () => {
  const { unmount } = listening();
  const now = performance.now();
  sounds.set('headset', [{ fromMs: now + 2300, toMs: now + 2500 }]);
  await vi.advanceTimersByTimeAsync(2100);
  microphone = 'headset';
  await vi.advanceTimersByTimeAsync(3000);
  expect(told()[0].silence_ms).toBeGreaterThan(180);
  expect(told()[0].silence_ms).toBeLessThan(220);
  unmount();
});

test.each([
  ['the voice is off', ParticipantKind.AGENT, false],
  ['it is a person from support', ParticipantKind.STANDARD, true],
])('nobody is told when %s', async (_, kind, hearing) => {
  const { unmount } = listening(aRoom(kind), hearing);
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toEqual([]);
  unmount();
});

test('a browser in which nobody can listen tells nothing, and keeps nothing open', async () => {
  load = () => Promise.reject(new DOMException('Unable to load a worklet module.', 'AbortError'));
  const { unmount } = listening();
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toEqual([]);
  expect(open).toBe(0);
  unmount();
});

test('after the call nothing listens, also when it ended while the ear was opened', async () => {
  const { unmount } = listening();
  await vi.advanceTimersByTimeAsync(1000);
  unmount();
  let loaded: () => void = () => undefined;
  load = () =>
    new Promise((done) => {
      loaded = done;
    });
  const second = listening();
  await vi.advanceTimersByTimeAsync(1000);
  second.unmount();
  loaded();
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toEqual([]);
});
