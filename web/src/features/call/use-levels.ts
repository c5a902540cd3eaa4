import { createAudioAnalyser, LocalAudioTrack, RemoteAudioTrack, type Room, Track } from 'livekit-client';
import { useCallback, useEffect, useRef } from 'react';
import { type Levels, loudness } from './levels';

/** 21 ms at 48 kHz: shorter than a syllable, longer than the period of a low voice. */
const SAMPLES = 1024;

type Side = 'caller' | 'assistant';
/** A microphone that was changed goes on as the same track with other media. */
type Meter = ReturnType<typeof createAudioAnalyser> & { media: MediaStreamTrack };

const samples = new Float32Array(SAMPLES);

/** Loudness of both sides now, 0 to 1, measured on the tracks themselves. */
export function useLevels(room: Room) {
  const meters = useRef<Record<Side, Meter | null>>({ caller: null, assistant: null });

  /** The samples of a side, in an array that the next call overwrites; null without a track. */
  const heard = useCallback((side: Side, track: Track | undefined): Float32Array | null => {
    const audio = track instanceof LocalAudioTrack || track instanceof RemoteAudioTrack ? track : null;
    const known = meters.current[side];
    if (known?.media !== audio?.mediaStreamTrack) {
      void known?.cleanup();
      meters.current[side] = audio
        ? { ...createAudioAnalyser(audio, { fftSize: SAMPLES }), media: audio.mediaStreamTrack }
        : null;
    }
    const meter = meters.current[side];
    if (!meter) return null;
    meter.analyser.getFloatTimeDomainData(samples);
    return samples;
  }, []);

  useEffect(() => {
    const held = meters.current;
    return () => {
      void held.caller?.cleanup();
      void held.assistant?.cleanup();
      meters.current = { caller: null, assistant: null };
    };
  }, []);

  const microphone = useCallback(() => {
    const own = room.localParticipant.getTrackPublication(Track.Source.Microphone);
    return own && !own.isMuted ? heard('caller', own.track) : null;
  }, [room, heard]);

  const levels = useCallback((): Levels => {
    const spoken = microphone();
    const caller = spoken ? loudness(spoken) : 0;
    const others = [...room.remoteParticipants.values()].flatMap((each) => [
      ...each.audioTrackPublications.values(),
    ]);
    const voice = heard('assistant', others.find((each) => each.track && !each.isMuted)?.track);
    return { caller, assistant: voice ? loudness(voice) : 0 };
  }, [room, heard, microphone]);

  /** The microphone is on and gives nothing at all. */
  const soundless = useCallback(() => microphone()?.every((sample) => sample === 0) ?? false, [microphone]);

  return { levels, soundless };
}
