/** The caller's mouth and ear inside the page, put there by the test: the page itself has no hooks. */
import type { Page } from 'playwright-core';

type WithSound = {
  __say: (wav: string) => Promise<void>;
  __echo: (gain: number) => void;
  __heard: () => number[];
};

/** A microphone that plays what it is given, over a noise floor of about -60 dBFS: digital silence confuses turn detection. */
function microphone(): void {
  let context: AudioContext | undefined;
  let out: MediaStreamAudioDestinationNode | undefined;
  const open = () => {
    context ??= new AudioContext({ sampleRate: 48_000 });
    if (!out) {
      out = context.createMediaStreamDestination();
      const noise = context.createBuffer(1, context.sampleRate * 2, context.sampleRate);
      const samples = noise.getChannelData(0);
      for (let at = 0; at < samples.length; at += 1) samples[at] = (Math.random() * 2 - 1) * 0.0017;
      const floor = context.createBufferSource();
      floor.buffer = noise;
      floor.loop = true;
      floor.connect(out);
      floor.start();
    }
    void context.resume();
    return { context, out };
  };
  navigator.mediaDevices.getUserMedia = async () => open().out.stream.clone();
  (window as unknown as WithSound).__say = async (wav) => {
    const { context: at, out: into } = open();
    const bytes = Uint8Array.from(atob(wav), (character) => character.charCodeAt(0));
    const source = at.createBufferSource();
    source.buffer = await at.decodeAudioData(bytes.buffer);
    source.connect(into);
    source.start();
    await new Promise((done) => {
      source.onended = done;
    });
  };
  (window as unknown as WithSound).__echo = (gain) => {
    const { context: at, out: into } = open();
    const echoed = new Set<string>();
    setInterval(() => {
      for (const element of document.querySelectorAll('audio')) {
        const stream = element.srcObject;
        if (!(stream instanceof MediaStream) || echoed.has(stream.id)) continue;
        echoed.add(stream.id);
        const softer = at.createGain();
        softer.gain.value = gain;
        const later = at.createDelay();
        later.delayTime.value = 0.06;
        at.createMediaStreamSource(stream).connect(softer).connect(later).connect(into);
      }
    }, 50);
  };
}

/** Loudness (RMS) of what the page plays, in windows of 50 ms, from the streams of its audio elements. */
function ear(): void {
  const windows: number[] = [];
  const meters = new Map<string, AnalyserNode>();
  let context: AudioContext | undefined;
  setInterval(() => {
    let loudest = 0;
    for (const element of document.querySelectorAll('audio')) {
      const stream = element.srcObject;
      if (!(stream instanceof MediaStream)) continue;
      if (element.muted || element.paused || element.volume === 0) continue;
      let meter = meters.get(stream.id);
      if (!meter) {
        context ??= new AudioContext();
        meter = context.createAnalyser();
        meter.fftSize = 2048;
        context.createMediaStreamSource(stream).connect(meter);
        meters.set(stream.id, meter);
      }
      const samples = new Float32Array(meter.fftSize);
      meter.getFloatTimeDomainData(samples);
      loudest = Math.max(
        loudest,
        Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length),
      );
    }
    windows.push(loudest);
  }, 50);
  (window as unknown as WithSound).__heard = () => windows.splice(0);
}

export async function giveMouthAndEar(page: Page): Promise<void> {
  await page.addInitScript(microphone);
  await page.addInitScript(ear);
}

export const say = (page: Page, wav: string): Promise<void> =>
  page.evaluate((spoken) => (window as unknown as WithSound).__say(spoken), wav);

/** From now on the microphone hears the loudspeaker, as without headphones and echo cancellation; 0.05 is 26 dB softer. */
export const echo = (page: Page, gain: number): Promise<void> =>
  page.evaluate((by) => (window as unknown as WithSound).__echo(by), gain);

/** Speech is far above -46 dBFS; comfort noise is far below. */
const AUDIBLE_RMS = 0.005;

/** Seconds of audible sound since this was asked last. */
export async function secondsHeard(page: Page): Promise<number> {
  const windows = await page.evaluate(() => (window as unknown as WithSound).__heard());
  return windows.filter((each) => each > AUDIBLE_RMS).length * 0.05;
}
