import { useLocalParticipant } from '@livekit/components-react';
import { type Participant, type Room, RoomEvent, Track, type TrackPublication } from 'livekit-client';
import { useCallback, useEffect, useRef } from 'react';
import { closeStream, microphonePermission, troubleOf } from './microphone';
import { type CallNotice, callNotice } from './notices';

/** A switched-off headset gives exact zeros, a quiet room never does. */
const SOUNDLESS_AFTER_S = 8;

type Options = {
  /** Start with the microphone on. */
  wanted: boolean;
  /** A stream that was opened to ask for the permission; it is held until the call has its own. */
  held: MediaStream | null;
  soundless: () => boolean;
  tell: (notice: CallNotice | null) => void;
};

/** The caller's microphone during a call: on and off, and a word when it cannot be had or goes away. */
export function useMicrophone(room: Room, { wanted, held, soundless, tell }: Options) {
  const { isMicrophoneEnabled: on } = useLocalParticipant({ room });
  /** What the caller wants: a microphone that goes off against it was lost. */
  const wish = useRef(false);

  const turn = useCallback(
    async (up: boolean) => {
      wish.current = up;
      try {
        await room.localParticipant.setMicrophoneEnabled(up);
        tell(null);
      } catch (error) {
        wish.current = false;
        tell(callNotice(troubleOf(error)));
      }
    },
    [room, tell],
  );

  useEffect(() => {
    if (!wanted) return;
    // A tick later: a mount that is undone at once (React's strict mode) opens nothing.
    const timer = setTimeout(() => void turn(true).finally(() => closeStream(held)));
    return () => clearTimeout(timer);
  }, [wanted, held, turn]);

  useEffect(() => {
    const onMuted = async ({ source }: TrackPublication, { isLocal }: Participant) => {
      if (!isLocal || source !== Track.Source.Microphone || !wish.current) return;
      wish.current = false;
      tell(callNotice((await microphonePermission()) === 'denied' ? 'blocked' : 'lost'));
    };
    room.on(RoomEvent.TrackMuted, onMuted);
    return () => {
      room.off(RoomEvent.TrackMuted, onMuted);
    };
  }, [room, tell]);

  useEffect(() => {
    if (!on) return;
    let seconds = 0;
    const timer = setInterval(() => {
      seconds = soundless() ? seconds + 1 : 0;
      if (seconds === SOUNDLESS_AFTER_S) tell(callNotice('silent'));
    }, 1000);
    return () => clearInterval(timer);
  }, [on, soundless, tell]);

  return { on, toggle: useCallback(() => turn(!room.localParticipant.isMicrophoneEnabled), [room, turn]) };
}
