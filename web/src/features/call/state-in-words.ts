import { type CallState, type Phase, phase } from './machine';
import { MORE, STATES } from './wording';

type Circumstances = { online?: boolean; byTyping?: boolean };

/** The state of the call in words, as shown beneath the mark. */
export function stateInWords(
  state: CallState,
  { online = true, byTyping = false }: Circumstances = {},
): string {
  const now = phase(state);
  if (now === 'ended' && state.ending) return state.ending.what;
  if (now === 'reconnecting' && !online) return MORE.offline;
  if (state.late && now === 'waiting') return MORE.late;
  if (byTyping && now === 'listening') return MORE.typing;
  if (byTyping && now === 'speaking') return MORE.writing;
  return STATES[now];
}

/** The mark is amber while the caller cannot be heard. */
export const isTroubled = (now: Phase): boolean => now === 'reconnecting' || now === 'agent_lost';

/** Someone is there to hear what is said or typed. */
export const someoneHears = (now: Phase): boolean =>
  now === 'listening' || now === 'thinking' || now === 'speaking' || now === 'human';

/**
 * What a screen reader is told of the state. Who hears the assistant speak is not talked over with "Speaking" and
 * "Listening"; who types learns that an answer is being thought of.
 */
export function worthSaying(now: Phase, byTyping: boolean): boolean {
  if (now === 'speaking') return false;
  return byTyping || !['listening', 'thinking'].includes(now);
}
