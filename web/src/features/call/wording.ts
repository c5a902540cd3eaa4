import type { CallState, Phase } from './machine';
import { phase } from './machine';

const WORDS: Record<Phase, string> = {
  connecting: 'Connecting…',
  warming_up: 'The assistant is warming up…',
  waiting: 'Waiting for the assistant…',
  agent_lost: 'The assistant dropped out. Getting it back…',
  listening: 'Listening',
  thinking: 'Thinking…',
  speaking: 'Speaking',
  human: 'A person from support is here',
  reconnecting: 'Reconnecting… stay on the line.',
  ended: 'The call has ended.',
};

/** The state of the call in words, as shown beneath the mark. */
export function stateInWords(state: CallState): string {
  const now = phase(state);
  if (now === 'ended' && state.ending) return state.ending.what;
  if (state.late && (now === 'waiting' || now === 'warming_up')) {
    return 'This takes longer than usual. We are still trying to reach the assistant.';
  }
  if ((now === 'waiting' || now === 'warming_up' || now === 'agent_lost') && state.toldReason && state.told) {
    return state.toldReason;
  }
  return WORDS[now];
}

/** The mark is amber while the caller cannot be heard. */
export const isTroubled = (now: Phase): boolean => now === 'reconnecting' || now === 'agent_lost';
