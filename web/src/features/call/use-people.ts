import { ParticipantKind, type Room, RoomEvent } from 'livekit-client';
import { useEffect } from 'react';

/** People from support in the room: participants who are neither the caller nor an agent. */
export const peopleIn = (room: Pick<Room, 'remoteParticipants'>): number =>
  [...room.remoteParticipants.values()].filter((each) => each.kind === ParticipantKind.STANDARD).length;

export function usePeople(room: Room, onChange: (people: number) => void): void {
  useEffect(() => {
    const look = () => onChange(peopleIn(room));
    const events = [
      RoomEvent.Connected,
      RoomEvent.Reconnected,
      RoomEvent.ParticipantConnected,
      RoomEvent.ParticipantDisconnected,
    ] as const;
    for (const event of events) room.on(event, look);
    return () => {
      for (const event of events) room.off(event, look);
    };
  }, [room, onChange]);
}
