import type { CallSummary } from '@/lib/calls';

type Props = { call: Pick<CallSummary, 'open_question' | 'solved' | 'rating'> };

/** Open or solved, in one word; nothing when nobody knows. What the caller said counts more than the summary. */
export function CallState({ call }: Props) {
  const solved = call.rating ? call.rating.solved : call.open_question ? false : call.solved;
  if (solved === null || solved === undefined) return null;
  return solved ? (
    <span className="shrink-0 text-13 text-good">Solved</span>
  ) : (
    <span className="shrink-0 text-13 text-warn">Open</span>
  );
}
