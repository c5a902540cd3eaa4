/** The newest samples of a track, whenever they are asked for. */
export type Meter = {
  media: MediaStreamTrack;
  /** The last `count` samples, oldest first, at most `SAMPLES`. */
  newest: (count: number) => Float32Array;
  close: () => void;
};

/** A third of a second at 48 kHz: whoever asks ten times a second misses nothing when a timer is late. */
export const SAMPLES = 16_384;

export function meterOf(context: AudioContext, media: MediaStreamTrack): Meter {
  const source = context.createMediaStreamSource(new MediaStream([media]));
  const analyser = context.createAnalyser();
  analyser.fftSize = SAMPLES;
  source.connect(analyser);
  const samples = new Float32Array(SAMPLES);
  return {
    media,
    newest: (count) => {
      analyser.getFloatTimeDomainData(samples);
      return samples.subarray(SAMPLES - Math.min(count, SAMPLES));
    },
    close: () => source.disconnect(),
  };
}
