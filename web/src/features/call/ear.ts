import earUrl from './ear.worklet?worker&url';
import type { Side } from './listener';
import type { Onset } from './onsets';

const INPUTS: Record<Side, number> = { own: 0, theirs: 1 };

type Connected = { media: MediaStreamTrack; source: MediaStreamAudioSourceNode };

/** Listens to both sides of a call, whatever the page does meanwhile. */
export class Ear {
  readonly #connected: Partial<Record<Side, Connected>> = {};

  private constructor(
    readonly context: AudioContext,
    private readonly node: AudioWorkletNode,
  ) {}

  /**
   * `onOnset` is told of each beginning of the assistant, and how long ago it was. Rejects where the browser lets
   * nobody listen (a page without https, or an old one).
   */
  static async open(onOnset: (onset: Onset, agoMs: number) => void): Promise<Ear> {
    const context = new AudioContext();
    try {
      await context.audioWorklet.addModule(earUrl);
      const node = new AudioWorkletNode(context, 'ear', {
        numberOfInputs: 2,
        channelCount: 1,
        channelCountMode: 'explicit',
      });
      node.port.onmessage = ({ data }: MessageEvent<Onset>) =>
        onOnset(data, context.currentTime * 1000 - data.atMs);
      // It gives nothing but silence; what leads nowhere is not rendered.
      node.connect(context.destination);
      return new Ear(context, node);
    } catch (error) {
      void context.close();
      throw error;
    }
  }

  /** Listens to this from now on; a microphone that was changed goes on as the same track with other media. */
  follow(side: Side, media: MediaStreamTrack | undefined): void {
    const before = this.#connected[side];
    if (before?.media === media) return;
    before?.source.disconnect();
    delete this.#connected[side];
    if (!media) return;
    const source = this.context.createMediaStreamSource(new MediaStream([media]));
    source.connect(this.node, 0, INPUTS[side]);
    this.#connected[side] = { media, source };
  }

  close(): void {
    this.node.port.onmessage = null;
    void this.context.close();
  }
}
