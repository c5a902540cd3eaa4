import { useCallback, useEffect, useRef, useState } from 'react';
import { loudness } from './levels';
import { closeStream, type MicrophoneTrouble, openMicrophone, troubleOf } from './microphone';

const SAMPLES = 1024;

/** Listens to a microphone only to show its level: nothing leaves the page. Null opens none. */
export function useMicrophoneTest(deviceId: string | null, onOpen: () => void) {
  const [trouble, setTrouble] = useState<MicrophoneTrouble | null>(null);
  const meter = useRef<AnalyserNode | null>(null);
  const opened = useRef(onOpen);

  useEffect(() => {
    if (deviceId === null) return;
    let stream: MediaStream | null = null;
    let context: AudioContext | null = null;
    let gone = false;
    openMicrophone(deviceId).then(
      (open) => {
        stream = open;
        if (gone) return closeStream(open);
        context = new AudioContext();
        const analyser = context.createAnalyser();
        analyser.fftSize = SAMPLES;
        context.createMediaStreamSource(open).connect(analyser);
        meter.current = analyser;
        setTrouble(null);
        opened.current();
      },
      (error: unknown) => {
        if (!gone) setTrouble(troubleOf(error));
      },
    );
    return () => {
      gone = true;
      meter.current = null;
      closeStream(stream);
      void context?.close();
    };
  }, [deviceId]);

  const level = useCallback(() => {
    if (!meter.current) return 0;
    const samples = new Float32Array(SAMPLES);
    meter.current.getFloatTimeDomainData(samples);
    return loudness(samples);
  }, []);

  return { level, trouble };
}
