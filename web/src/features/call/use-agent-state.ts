import { ParticipantKind, type Room, RoomEvent } from 'livekit-client';
import { useEffect } from 'react';
import type { AgentState } from './machine';

const STATE_ATTRIBUTE = 'lk.agent.state';

/** `useAgent` stays `failed` once an agent has left; here the next one that the server sends counts. */
export function agentStateOf(room: Pick<Room, 'remoteParticipants'>): AgentState {
  const agents = [...room.remoteParticipants.values()].filter(
    (each) => each.kind === ParticipantKind.AGENT && !('lk.publish_on_behalf' in each.attributes),
  );
  if (agents.length === 0) return 'absent';
  const state = agents[agents.length - 1]?.attributes[STATE_ATTRIBUTE];
  return state === 'listening' || state === 'thinking' || state === 'speaking' ? state : 'preparing';
}

export function useAgentState(room: Room, onChange: (agent: AgentState) => void): void {
  useEffect(() => {
    const look = () => onChange(agentStateOf(room));
    const events = [
      RoomEvent.Connected,
      RoomEvent.Reconnected,
      RoomEvent.ParticipantConnected,
      RoomEvent.ParticipantDisconnected,
      RoomEvent.ParticipantAttributesChanged,
    ] as const;
    for (const event of events) room.on(event, look);
    return () => {
      for (const event of events) room.off(event, look);
    };
  }, [room, onChange]);
}
