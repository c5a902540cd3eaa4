import { waitFor } from '@testing-library/react';
import { expect, vi } from 'vitest';

/** As much of a microphone's track as the page and LiveKit ask of it. */
class FakeTrack extends EventTarget {
  readonly kind = 'audio';
  readonly id = crypto.randomUUID();
  readonly label = 'Headset';
  readonly muted = false;
  enabled = true;
  readyState = 'live';
  getConstraints = () => ({});
  getSettings = () => ({ deviceId: 'headset' });
  stop = () => {
    this.readyState = 'ended';
  };
}

class FakeStream extends EventTarget {
  constructor(private readonly tracks: FakeTrack[] = []) {
    super();
  }
  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks;
  getVideoTracks = () => [];
}

/** A browser's microphone that answers when the test does, with a yes or the name of an error. */
export class FakeMicrophones {
  readonly #tracks: FakeTrack[] = [];
  readonly #asked: ((error?: string) => void)[] = [];
  readonly #permission = Object.assign(new EventTarget(), { state: 'prompt' as PermissionState });

  #before: EventTarget | undefined;

  /** Puts it into the browser, with the permission to use it or without. */
  plugIn(permission: PermissionState): void {
    vi.stubGlobal('MediaStream', FakeStream);
    this.#permission.state = permission;
    have('permissions', { query: async () => this.#before ?? this.#permission });
    have('mediaDevices', {
      enumerateDevices: async () => [],
      getUserMedia: async () => {
        const error = await new Promise<string | undefined>((answered) => this.#asked.push(answered));
        if (error) throw Object.assign(new Error(error), { name: error });
        const track = new FakeTrack();
        this.#tracks.push(track);
        return new FakeStream([track]);
      },
    });
  }

  /** Answers the question that is open, or the next one. */
  async answer(error?: string): Promise<void> {
    await waitFor(() => expect(this.#asked).toHaveLength(1));
    this.#asked.shift()?.(error);
  }

  /** In the address bar. Who asks at that moment is told what was before. */
  block(): void {
    this.#before = Object.assign(new EventTarget(), { state: this.#permission.state });
    this.#permission.state = 'denied';
    this.#permission.dispatchEvent(new Event('change'));
  }

  /** How many microphones were opened so far, and how many of them are on. */
  get opened(): number {
    return this.#tracks.length;
  }
  get on(): number {
    return this.#tracks.filter((track) => track.readyState === 'live').length;
  }

  unplug(): void {
    for (const name of ['permissions', 'mediaDevices']) have(name, undefined);
  }
}

const have = (name: string, value: unknown) =>
  Object.defineProperty(navigator, name, { value, configurable: true });
