// @vitest-environment happy-dom
/** What the page tells of its caller's ear, with sound that is made up and time that the test moves. */
import { renderHook } from '@testing-library/react';
import { ParticipantKind, type Room } from 'livekit-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useHeard } from './use-heard';

const RATE = 48_000;
type Sound = { fromMs: number; toMs: number };
/** When each track sounds, in milliseconds of the audio context. */
const sounds = new Map<string, Sound[]>();
let open = 0;

class FakeContext {
  sampleRate = RATE;
  #beganMs = performance.now();
  constructor() {
    open += 1;
  }
  get currentTime() {
    return (performance.now() - this.#beganMs) / 1000;
  }
  createMediaStreamSource = ({ id }: { id: string }) => ({
    connect: (analyser: { id: string }) => {
      analyser.id = id;
    },
    disconnect: () => undefined,
  });
  createAnalyser = () => ({
    id: '',
    fftSize: 0,
    getFloatTimeDomainData(into: Float32Array) {
      const endMs = performance.now();
      for (let at = 0; at < into.length; at += 1) {
        const atMs = endMs - ((into.length - at) / RATE) * 1000;
        const sounding = sounds.get(this.id)?.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
        into[at] = sounding ? 0.1 : 0.001;
      }
    },
  });
  close = async () => {
    open -= 1;
  };
}

const sent: { text: string; options: { topic: string; destinationIdentities: string[] } }[] = [];

function aRoom(kind = ParticipantKind.AGENT): Room {
  const assistant = {
    identity: 'assistant-1',
    kind,
    audioTrackPublications: new Map([['t', { track: { mediaStreamTrack: { id: 'theirs' } } }]]),
  };
  return {
    remoteParticipants: new Map([['assistant-1', assistant]]),
    localParticipant: {
      getTrackPublication: () => ({ track: { mediaStreamTrack: { id: 'own' } } }),
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
  const now = performance.now();
  sounds.set('own', [{ fromMs: now + 1000, toMs: now + 2000 }]);
  sounds.set('theirs', [{ fromMs: now + 2700, toMs: now + 4000 }]);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  expect(open, 'audio contexts left open').toBe(0);
});

test('the assistant is told after how long it was heard, and a message that is lost is no fault', async () => {
  const { unmount } = listening();
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent.map(({ options }) => options)).toEqual([
    { topic: 'insta.heard', destinationIdentities: ['assistant-1'] },
  ]);
  const [{ silence_ms, quiet_ms, sent_after_ms }] = told();
  expect(silence_ms).toBeGreaterThan(680);
  expect(silence_ms).toBeLessThan(720);
  expect(quiet_ms).toBeGreaterThan(2600);
  expect(sent_after_ms).toBeLessThanOrEqual(110);
  unmount();
});

/** The page is busy: a timer comes `lateMs` late, a tenth of a second before the answer at the soonest. */
async function busy(lateMs: number) {
  await vi.advanceTimersByTimeAsync(2600);
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + lateMs);
  await vi.advanceTimersByTimeAsync(1500);
}

test('a timer that comes late moves nothing', async () => {
  const { unmount } = listening();
  await busy(200);
  const [{ silence_ms, sent_after_ms }] = told();
  expect(silence_ms).toBeGreaterThan(680);
  expect(silence_ms).toBeLessThan(720);
  expect(sent_after_ms).toBeGreaterThan(180);
  unmount();
});

test('of what began while nobody could listen nothing is told', async () => {
  const { unmount } = listening();
  await busy(600);
  expect(sent).toEqual([]);
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

test('after the call nothing listens', async () => {
  const { unmount } = listening();
  await vi.advanceTimersByTimeAsync(1000);
  unmount();
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toEqual([]);
});
