import { useLocalParticipant } from '@livekit/components-react';
import { type Participant, type Room, RoomEvent, Track, type TrackPublication } from 'livekit-client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { microphonePermission, onPermissionChange, troubleOf } from './microphone';
import { type CallNotice, callNotice } from './notices';
import { useLateRefusal } from './use-late-refusal';
import { useOpenedMicrophone } from './use-opened-microphone';

/** A switched-off headset gives exact zeros, a quiet room never does. */
const SOUNDLESS_AFTER_S = 8;

type Options = {
  /** Start with the microphone on. */
  wanted: boolean;
  joined: boolean;
  ended: boolean;
  /** A stream that was opened to ask for the permission; it is held until the call has its own. */
  held: MediaStream | null;
  soundless: () => boolean;
  tell: (notice: CallNotice | null) => void;
};

/** The caller's microphone during a call: on and off, and a word when it cannot be had or goes away. */
export function useMicrophone(
  room: Room,
  { wanted, joined, ended, held, soundless, tell }: Options,
): { on: boolean; toggle: () => Promise<void> } {
  const { isMicrophoneEnabled: on } = useLocalParticipant({ room });
  /** What the caller wants: a microphone that goes off against it was lost. */
  const wish = useRef(wanted);
  /** It went away by itself, and the caller has not asked for it since. */
  const lost = useRef(false);
  /** The browser has said so; whoever asks it at that moment may still be told what was before. */
  const blocked = useRef(false);
  const [asked, setAsked] = useState(wanted ? 1 : 0);

  const failed = useCallback(
    (error: unknown) => {
      wish.current = false;
      tell(callNotice(troubleOf(error)));
    },
    [tell],
  );
  useLateRefusal(failed);
  const opened = useOpenedMicrophone(room, { asked: ended ? 0 : asked, held, onFailure: failed });
  useEffect(() => {
    if (!joined || !opened) return;
    room.localParticipant.publishTrack(opened).then(
      () => tell(null),
      (error: unknown) => {
        opened.stop();
        failed(error);
      },
    );
  }, [room, joined, opened, tell, failed]);

  const toggle = useCallback(async () => {
    const { localParticipant: caller } = room;
    lost.current = false;
    if (!caller.getTrackPublication(Track.Source.Microphone)) {
      // One that is wanted already is being opened.
      if (!wish.current) setAsked((times) => times + 1);
      wish.current = true;
      return;
    }
    wish.current = !caller.isMicrophoneEnabled;
    try {
      await caller.setMicrophoneEnabled(wish.current);
      tell(null);
    } catch (error) {
      failed(error);
    }
  }, [room, tell, failed]);

  useEffect(() => {
    const onMuted = async ({ source }: TrackPublication, { isLocal }: Participant) => {
      if (!isLocal || source !== Track.Source.Microphone || !wish.current) return;
      wish.current = false;
      lost.current = true;
      const denied = (await microphonePermission()) === 'denied';
      tell(callNotice(denied || blocked.current ? 'blocked' : 'lost'));
    };
    room.on(RoomEvent.TrackMuted, onMuted);
    return () => {
      room.off(RoomEvent.TrackMuted, onMuted);
    };
  }, [room, tell]);

  // A browser may take the microphone away a moment before it says that it is blocked.
  useEffect(
    () =>
      onPermissionChange((permission) => {
        blocked.current = permission === 'denied';
        if (blocked.current && lost.current) tell(callNotice('blocked'));
      }),
    [tell],
  );

  useEffect(() => {
    if (!on) return;
    let seconds = 0;
    const timer = setInterval(() => {
      seconds = soundless() ? seconds + 1 : 0;
      if (seconds === SOUNDLESS_AFTER_S) tell(callNotice('silent'));
    }, 1000);
    return () => clearInterval(timer);
  }, [on, soundless, tell]);

  return { on, toggle };
}
