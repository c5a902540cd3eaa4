import { createAudioAnalyser, LocalAudioTrack, RemoteAudioTrack, type Room, Track } from 'livekit-client';
import { useCallback, useEffect, useRef } from 'react';
import { type Levels, loudness } from './levels';

/** 21 ms at 48 kHz: shorter than a syllable, longer than the period of a low voice. */
const SAMPLES = 1024;

type Meter = ReturnType<typeof createAudioAnalyser> & { track: LocalAudioTrack | RemoteAudioTrack };

const samples = new Float32Array(SAMPLES);

function measured(analyser: AnalyserNode | undefined): number {
  if (!analyser) return 0;
  analyser.getFloatTimeDomainData(samples);
  return loudness(samples);
}

/** Loudness of both sides now, 0 to 1, measured on the tracks themselves. */
export function useLevels(room: Room): () => Levels {
  const meters = useRef<{ caller: Meter | null; assistant: Meter | null }>({ caller: null, assistant: null });

  const meter = useCallback((side: 'caller' | 'assistant', track: Track | undefined): number => {
    const audio = track instanceof LocalAudioTrack || track instanceof RemoteAudioTrack ? track : null;
    const known = meters.current[side];
    if (known?.track !== audio) {
      void known?.cleanup();
      meters.current[side] = audio
        ? { ...createAudioAnalyser(audio, { fftSize: SAMPLES }), track: audio }
        : null;
    }
    return measured(meters.current[side]?.analyser);
  }, []);

  useEffect(() => {
    const held = meters.current;
    return () => {
      void held.caller?.cleanup();
      void held.assistant?.cleanup();
      meters.current = { caller: null, assistant: null };
    };
  }, []);

  return useCallback(() => {
    const own = room.localParticipant.getTrackPublication(Track.Source.Microphone);
    const others = [...room.remoteParticipants.values()].flatMap((each) => [
      ...each.audioTrackPublications.values(),
    ]);
    const speaking = others.find((each) => each.track && !each.isMuted);
    return {
      caller: own && !own.isMuted ? meter('caller', own.track) : 0,
      assistant: meter('assistant', speaking?.track),
    };
  }, [room, meter]);
}
