import { DisconnectReason, type Room, RoomEvent } from 'livekit-client';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { JoinToken } from './api';
import { disconnected, type Ending, refused } from './endings';

type Options = {
  requestToken: () => Promise<JoinToken>;
  ended: boolean;
  onEnd: (ending: Ending) => void;
};

type Joined = { joined: boolean; callId: RefObject<string | null> };

/**
 * Joins the room once and leaves it at the end of the call, however it comes. A call that ends while its token or its
 * connection is still on the way must not begin afterwards: leaving a room that is not joined yet is nothing to LiveKit.
 */
export function useJoin(room: Room, { requestToken, ended, onEnd }: Options): Joined {
  const callId = useRef<string | null>(null);
  const [joined, setJoined] = useState(false);

  useEffect(() => {
    if (ended) return;
    let gone = false;
    const onDisconnected = (reason?: DisconnectReason) =>
      onEnd(disconnected(reason === undefined ? undefined : DisconnectReason[reason]));

    const join = async () => {
      try {
        const token = await requestToken();
        if (gone) return;
        callId.current = token.call_id;
        await room.connect(token.server_url, token.participant_token);
        if (gone) return void room.disconnect();
        // Not before: `connect` says itself what went wrong; the room would call it lost.
        room.on(RoomEvent.Disconnected, onDisconnected);
        setJoined(true);
      } catch (error) {
        if (!gone) onEnd(refused(error));
      }
    };
    // A tick later, so that a mount that is undone at once (React's strict mode) joins nothing.
    const timer = setTimeout(() => void join());
    return () => {
      gone = true;
      clearTimeout(timer);
      room.off(RoomEvent.Disconnected, onDisconnected);
      void room.disconnect();
    };
  }, [room, requestToken, ended, onEnd]);

  return { joined, callId };
}
