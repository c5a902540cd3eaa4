import { ParticipantKind, type Room, Track } from 'livekit-client';
import { useEffect } from 'react';
import { Ear } from './ear';
import { TOPIC } from './messages';
import { type Onset, report } from './onsets';

/** How often it is looked whether there is another voice or microphone. */
const LOOKS_EVERY_MS = 100;

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
function listen(room: Room, tell: (onset: Onset, agoMs: number, identity: string) => void): () => void {
  let ear: Ear | null = null;
  let opening = false;
  let over = false;

  const open = async () => {
    const opened = await Ear.open((onset, agoMs) => {
      const voice = voiceOf(room);
      if (voice) tell(onset, agoMs, voice.identity);
    });
    if (over) opened.close();
    else ear = opened;
  };

  const look = () => {
    const voice = voiceOf(room);
    if (voice && !opening) {
      opening = true;
      void open().catch(() => undefined); // nobody can listen, and the record goes without
    }
    ear?.follow('own', microphoneOf(room));
    ear?.follow('theirs', voice?.media);
  };

  const timer = setInterval(look, LOOKS_EVERY_MS);
  return () => {
    over = true;
    clearInterval(timer);
    ear?.close();
  };
}

/**
 * Tells the assistant when it is heard, so that the latency in the company's record is the caller's. `hearing`: its
 * voice is on, and the browser plays it.
 */
export function useHeard(room: Room, hearing: boolean): void {
  useEffect(() => {
    if (!hearing) return;
    return listen(room, (onset, agoMs, identity) => {
      // Sent in this very task: compressing takes more of them, and a busy page comes to the next one late.
      const options = { topic: TOPIC.heard, destinationIdentities: [identity], compress: false };
      // The record goes without; the call does not.
      void room.localParticipant.sendText(report(onset, agoMs), options).catch(() => undefined);
    });
  }, [room, hearing]);
}
