/**
 * The state of one call, without React and without LiveKit: what happened goes in, what the page shows comes out.
 */
import { AGENT_GONE, CONNECTION_LOST, type Ending, NO_AGENT } from './endings';

export type AgentState = 'absent' | 'preparing' | 'listening' | 'thinking' | 'speaking';
export type Connection = 'connecting' | 'connected' | 'reconnecting';

export type CallState = {
  connection: Connection;
  agent: AgentState;
  /** An assistant has been in this call: a missing one has been lost, not late. */
  agentSeen: boolean;
  /** How many people from support are in the room. */
  people: number;
  /** Since when (ms) nobody has been there to talk to. */
  waitingSinceMs: number | null;
  late: boolean;
  /** Another mind answers in the place of the call's own. */
  standIn: boolean;
  /** Since when (ms) the connection has been away. */
  awaySinceMs: number | null;
  ending: Ending | null;
};

export type CallEvent =
  | { type: 'connection'; connection: Connection }
  | { type: 'agent'; agent: AgentState }
  | { type: 'people'; people: number }
  | { type: 'stand_in'; standIn: boolean }
  | { type: 'clock' }
  | { type: 'ended'; ending: Ending };

export type Phase =
  | 'connecting'
  | 'waiting'
  | 'agent_lost'
  | 'listening'
  | 'thinking'
  | 'speaking'
  | 'human'
  | 'reconnecting'
  | 'ended';

/** After this long without an assistant the page says that it takes longer; the server tries again meanwhile. */
export const LATE_AFTER_MS = 8_000;
/** The server dispatches again every 8 s; after the third time in vain the page stops pretending. */
export const GIVE_UP_AFTER_MS = 35_000;

/** The server keeps a lost caller's place for 15 s; a connection that comes back later finds no call. */
export const AWAY_FOR_MS = 25_000;

export function newCall(nowMs: number): CallState {
  return {
    connection: 'connecting',
    agent: 'absent',
    agentSeen: false,
    people: 0,
    waitingSinceMs: nowMs,
    late: false,
    standIn: false,
    awaySinceMs: null,
    ending: null,
  };
}

const present = (agent: AgentState): boolean => agent !== 'absent' && agent !== 'preparing';
const someone = (state: CallState): boolean => present(state.agent) || state.people > 0;

/** The first ending stays: what follows it (a room that closes, an agent that leaves) is its consequence. */
export function reduce(state: CallState, event: CallEvent, nowMs: number): CallState {
  if (state.ending) return state;
  switch (event.type) {
    case 'ended':
      return { ...state, ending: event.ending };
    case 'connection': {
      const away = event.connection === 'reconnecting';
      const awaySinceMs = away ? (state.awaySinceMs ?? nowMs) : null;
      return waiting({ ...state, connection: event.connection, awaySinceMs }, nowMs);
    }
    case 'agent':
      return waiting(
        {
          ...state,
          agent: event.agent,
          agentSeen: state.agentSeen || present(event.agent),
        },
        nowMs,
      );
    case 'people':
      return waiting({ ...state, people: event.people }, nowMs);
    case 'stand_in':
      return { ...state, standIn: event.standIn };
    case 'clock':
      if (state.awaySinceMs !== null && nowMs - state.awaySinceMs >= AWAY_FOR_MS) {
        return { ...state, ending: CONNECTION_LOST };
      }
      return waiting(state, nowMs);
  }
}

function waiting(state: CallState, nowMs: number): CallState {
  if (someone(state)) return { ...state, waitingSinceMs: null, late: false };
  const since = state.waitingSinceMs ?? nowMs;
  const late = nowMs - since >= LATE_AFTER_MS;
  if (nowMs - since >= GIVE_UP_AFTER_MS && state.connection === 'connected') {
    return { ...state, waitingSinceMs: since, late, ending: state.agentSeen ? AGENT_GONE : NO_AGENT };
  }
  return state.waitingSinceMs === since && state.late === late
    ? state
    : { ...state, waitingSinceMs: since, late };
}

export function phase(state: CallState): Phase {
  if (state.ending) return 'ended';
  if (state.connection !== 'connected') return state.connection;
  if (state.people > 0) return 'human';
  if (present(state.agent)) return state.agent as 'listening' | 'thinking' | 'speaking';
  return state.agentSeen ? 'agent_lost' : 'waiting';
}
