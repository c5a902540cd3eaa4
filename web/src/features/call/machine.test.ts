import { describe, expect, test } from 'vitest';
import { endedByAssistant, HUNG_UP } from './endings';
import {
  AWAY_FOR_MS,
  type CallEvent,
  type CallState,
  GIVE_UP_AFTER_MS,
  LATE_AFTER_MS,
  newCall,
  phase,
  reduce,
} from './machine';
import { stateInWords, worthSaying } from './state-in-words';

const connected: CallEvent = { type: 'connection', connection: 'connected' };
const agent = (state: CallState['agent']): CallEvent => ({ type: 'agent', agent: state });

/** Plays events at their times (ms) from a new call on. */
function play(...steps: [number, CallEvent][]): CallState {
  return steps.reduce((state, [at, event]) => reduce(state, event, at), newCall(0));
}

describe('a call that goes well', () => {
  test('connects, waits, listens, thinks, speaks', () => {
    expect(phase(newCall(0))).toBe('connecting');
    expect(phase(play([1, connected]))).toBe('waiting');
    expect(phase(play([1, connected], [2, agent('preparing')]))).toBe('waiting');
    for (const state of ['listening', 'thinking', 'speaking'] as const) {
      expect(phase(play([1, connected], [2, agent(state)]))).toBe(state);
    }
  });

  test('the microphone alone does not make it listen: an assistant must be there', () => {
    expect(stateInWords(play([1, connected]))).toMatch(/waiting for the assistant/i);
  });
});

describe('a person in the room', () => {
  const there: CallEvent = { type: 'people', people: 1 };

  test('is said to be here, with or without an assistant, until they leave', () => {
    const call = play([1, connected], [2, agent('listening')], [3, there]);
    expect(phase(call)).toBe('human');
    expect(phase(reduce(call, agent('absent'), 90_000))).toBe('human');
    expect(phase(reduce(call, { type: 'people', people: 0 }, 4))).toBe('listening');
  });
});

describe('what is said of the state', () => {
  test('who types reads that it is their turn; who hears is not talked over', () => {
    const call = play([1, connected], [2, agent('listening')]);
    expect(stateInWords(call, { byTyping: true })).toMatch(/your question/);
    expect(
      ['listening', 'thinking', 'speaking'].filter((now) => worthSaying(now as 'listening', false)),
    ).toEqual([]);
    expect(worthSaying('thinking', true)).toBe(true);
    expect(worthSaying('reconnecting', false)).toBe(true);
  });
});

describe('a call in trouble', () => {
  test('reconnecting covers what the assistant does', () => {
    const call = play(
      [1, connected],
      [2, agent('speaking')],
      [3, { type: 'connection', connection: 'reconnecting' }],
    );
    expect(phase(call)).toBe('reconnecting');
    expect(phase(reduce(call, connected, 4))).toBe('speaking');
  });

  test('a connection that stays away ends the call, one that comes back in time does not', () => {
    const away = play(
      [1, connected],
      [2, agent('listening')],
      [100, { type: 'connection', connection: 'reconnecting' }],
      [5000, { type: 'connection', connection: 'reconnecting' }],
    );
    expect(reduce(away, { type: 'clock' }, 99 + AWAY_FOR_MS).ending).toBeNull();
    expect(reduce(away, { type: 'clock' }, 100 + AWAY_FOR_MS).ending?.kind).toBe('lost');
    const back = reduce(away, connected, 6000);
    expect(reduce(back, { type: 'clock' }, 100 + AWAY_FOR_MS).ending).toBeNull();
  });

  test('a lost assistant is said to be lost, and the next one is welcome', () => {
    const lost = play([1, connected], [2, agent('speaking')], [1000, agent('absent')]);
    expect(phase(lost)).toBe('agent_lost');
    expect(phase(reduce(lost, agent('listening'), 9000))).toBe('listening');
  });

  test('an assistant that does not come is late, then given up', () => {
    const late = play([0, connected], [LATE_AFTER_MS, { type: 'clock' }]);
    expect(stateInWords(late)).toMatch(/longer than usual/);
    const gone = reduce(late, { type: 'clock' }, GIVE_UP_AFTER_MS);
    expect(phase(gone)).toBe('ended');
    expect(gone.ending?.kind).toBe('no_agent');
  });

  test('waiting starts anew for an assistant lost after a long call', () => {
    const lost = play(
      [0, connected],
      [1, agent('listening')],
      [600_000, agent('absent')],
      [601_000, { type: 'clock' }],
    );
    expect(phase(lost)).toBe('agent_lost');
    expect(lost.late).toBe(false);
  });

  test('an assistant that was there and does not come back is given up with other words', () => {
    const gone = play(
      [0, connected],
      [1, agent('listening')],
      [2, agent('absent')],
      [2 + GIVE_UP_AFTER_MS, { type: 'clock' }],
    );
    expect(gone.ending?.kind).toBe('agent_gone');
  });

  test('a device without network says so', () => {
    const call = play([1, connected], [2, { type: 'connection', connection: 'reconnecting' }]);
    expect(stateInWords(call, { online: false })).toMatch(/offline/);
    expect(stateInWords(call, { online: true })).toMatch(/reconnecting/i);
  });

  test('the clock changes nothing while someone is there', () => {
    const call = play([1, connected], [2, agent('listening')]);
    expect(phase(reduce(call, { type: 'clock' }, 3_600_000))).toBe('listening');
  });
});

describe('the end', () => {
  test('the first reason stays: what follows is its consequence', () => {
    const ended = play([1, connected], [2, { type: 'ended', ending: HUNG_UP }]);
    const after = reduce(
      reduce(ended, agent('absent'), 3),
      { type: 'ended', ending: endedByAssistant(null) },
      4,
    );
    expect(after.ending).toBe(HUNG_UP);
    expect(stateInWords(after)).toBe('You ended the call.');
  });

  test('the reason the assistant gave is shown', () => {
    const reason = 'You said goodbye.';
    expect(stateInWords(play([1, { type: 'ended', ending: endedByAssistant(reason) }]))).toBe(reason);
  });
});
