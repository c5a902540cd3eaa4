import type { LocalTrack, Room } from 'livekit-client';
import { useEffect, useState } from 'react';
import { closeStream } from './microphone';

type Options = {
  /** How often the microphone was asked for; each time opens it anew, 0 closes it. */
  asked: number;
  /** A stream that was opened to ask for the permission; it is held until the call has its own. */
  held: MediaStream | null;
  onFailure: (error: unknown) => void;
};

/**
 * The microphone for a call, opened while the call is still connecting: a headset takes a second. It is the page's own
 * until it is published, because LiveKit keeps one that waits to be published on for 15 s after the end.
 */
export function useOpenedMicrophone(room: Room, { asked, held, onFailure }: Options): LocalTrack | null {
  const [microphone, setMicrophone] = useState<LocalTrack | null>(null);

  useEffect(() => {
    if (asked === 0) return;
    let gone = false;
    let opened: LocalTrack | undefined;
    const open = async () => {
      try {
        [opened] = await room.localParticipant.createTracks({ audio: true });
        if (gone) opened?.stop();
        else setMicrophone(opened ?? null);
      } catch (error) {
        if (!gone) onFailure(error);
      } finally {
        closeStream(held);
      }
    };
    // A tick later: a mount that is undone at once (React's strict mode) opens nothing.
    const timer = setTimeout(() => void open());
    return () => {
      gone = true;
      clearTimeout(timer);
      opened?.stop();
      setMicrophone(null);
    };
  }, [room, asked, held, onFailure]);

  return microphone;
}
