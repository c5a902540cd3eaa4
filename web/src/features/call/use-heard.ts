import { ParticipantKind, type Room, Track } from 'livekit-client';
import { useEffect } from 'react';
import { TOPIC } from './messages';
import { type Meter, meterOf, SAMPLES } from './meter';
import { audible, type Ears, hear, missed, NOTHING_HEARD, type Onset, report } from './onsets';

/** Ten times a second, whatever is drawn: what it costs is a few thousand multiplications. */
const LOOKS_EVERY_MS = 100;
const FRAMES_A_SECOND = 100;

type Voice = { identity: string; media: MediaStreamTrack };

/** The assistant's voice, of which there is one; a person from support is nobody whose answers are measured. */
function voiceOf(room: Room): Voice | null {
  for (const { identity, kind, audioTrackPublications } of room.remoteParticipants.values()) {
    if (kind !== ParticipantKind.AGENT) continue;
    for (const { track } of audioTrackPublications.values())
      if (track) return { identity, media: track.mediaStreamTrack };
  }
  return null;
}

const microphoneOf = (room: Room): MediaStreamTrack | undefined =>
  room.localParticipant.getTrackPublication(Track.Source.Microphone)?.track?.mediaStreamTrack;

/** Listens to both sides of a call and calls back when the assistant begins to be heard; returns how to stop. */
function listen(room: Room, onOnset: (onset: Onset, identity: string) => void): () => void {
  let context: AudioContext | undefined;
  let heardUntilS = 0;
  let ears: Ears = missed(NOTHING_HEARD, performance.now());
  let own: Meter | null = null;
  let theirs: Meter | null = null;

  /** A microphone that was changed goes on as the same track with other media. */
  const follow = (meter: Meter | null, media: MediaStreamTrack | undefined, at: AudioContext) => {
    if (meter?.media === media) return meter;
    meter?.close();
    return media ? meterOf(at, media) : null;
  };

  const look = () => {
    const voice = voiceOf(room);
    if (!voice && !context) return;
    context ??= new AudioContext();
    own = follow(own, microphoneOf(room), context);
    theirs = follow(theirs, voice?.media, context);

    const nowMs = performance.now();
    const { currentTime, sampleRate } = context;
    const length = Math.round(sampleRate / FRAMES_A_SECOND);
    const msOf = (s: number) => nowMs - (currentTime - s) * 1000;
    const reachesToS = currentTime - SAMPLES / sampleRate;
    if (heardUntilS < reachesToS) {
      ears = missed(ears, msOf(reachesToS));
      heardUntilS = reachesToS;
    }
    const frames = Math.floor(((currentTime - heardUntilS) * sampleRate) / length);
    const count = frames * length;
    const [spoken, heard] = [own, theirs].map((meter) => (meter ? audible(meter.newest(count), length) : []));
    for (let frame = 0; frame < frames; frame += 1) {
      const atMs = msOf(heardUntilS + frame / FRAMES_A_SECOND);
      const next = hear(ears, { atMs, own: spoken?.[frame] ?? false, theirs: heard?.[frame] ?? false });
      ears = next.ears;
      if (next.onset && voice) onOnset(next.onset, voice.identity);
    }
    heardUntilS += count / sampleRate;
  };

  const timer = setInterval(look, LOOKS_EVERY_MS);
  return () => {
    clearInterval(timer);
    own?.close();
    theirs?.close();
    void context?.close();
  };
}

/**
 * Tells the assistant when it is heard, so that the latency in the company's record is the caller's. `hearing`: its
 * voice is on, and the browser plays it.
 */
export function useHeard(room: Room, hearing: boolean): void {
  useEffect(() => {
    if (!hearing) return;
    return listen(room, (onset, identity) => {
      const told = report(onset, performance.now());
      // The record goes without; the call does not.
      const options = { topic: TOPIC.heard, destinationIdentities: [identity] };
      void room.localParticipant.sendText(told, options).catch(() => undefined);
    });
  }, [room, hearing]);
}
