/**
 * Story: the latency that operators saw ended where sound left our machine. What a caller waits for is heard here, so
 * here it is measured. A drawing of who is heard stands for a call.
 */
import { expect, test } from 'vitest';
import { type Ears, type Frame, hear, missed, NOTHING_HEARD, type Onset, report } from './onsets';

/** Ten signs to the second: `o` the caller, `t` the assistant, `b` both, `.` nobody. */
const frames = (drawn: string): Frame[] =>
  [...drawn].map((who, at) => ({ atMs: at * 100, own: 'ob'.includes(who), theirs: 'tb'.includes(who) }));

function onsets(drawn: string, before: Ears = NOTHING_HEARD): Onset[] {
  let ears = before;
  return frames(drawn).flatMap((frame) => {
    const next = hear(ears, frame);
    ears = next.ears;
    return next.onset ? [next.onset] : [];
  });
}

test('an answer is waited for from the last sound of the caller to its own first', () => {
  expect(onsets('..tttt.....oooo......ttt')).toEqual([
    { atMs: 200, silenceMs: null, quietMs: null },
    { atMs: 2100, silenceMs: 700, quietMs: 1600 },
  ]);
});

test('a gap between words begins nothing, a pause between sentences does', () => {
  expect(onsets('oo...tt.tt').map(({ atMs }) => atMs)).toEqual([500]);
  expect(onsets('oo...tt...tt')).toEqual([
    { atMs: 500, silenceMs: 400, quietMs: null },
    { atMs: 1000, silenceMs: 900, quietMs: 400 },
  ]);
});

test('who talks over the beginning of an answer has waited for nothing', () => {
  expect(onsets('oooobtt')).toEqual([{ atMs: 400, silenceMs: 0, quietMs: null }]);
});

test('what was under way when nobody listened did not begin afterwards', () => {
  const later = missed({ ownMs: -900, theirsMs: null }, 0);
  expect(onsets('tttt', later)).toEqual([]);
  expect(onsets('....tt', later)).toEqual([{ atMs: 400, silenceMs: 1300, quietMs: 400 }]);
});

test('the report is whole milliseconds, and never before what it reports', () => {
  const onset = { atMs: 1000.4, silenceMs: 412.6, quietMs: null };
  expect(JSON.parse(report(onset, 62.5))).toEqual({ silence_ms: 413, quiet_ms: null, sent_after_ms: 63 });
  expect(JSON.parse(report(onset, -1.4)).sent_after_ms).toBe(0);
});
