import type { CallSummary } from '@/lib/calls';

/** Open or solved, in one word; nothing when nobody knows. */
export function CallState({ call }: { call: Pick<CallSummary, 'open_question' | 'solved'> }) {
  if (call.open_question || call.solved === false)
    return <span className="shrink-0 text-13 text-warn">Open</span>;
  return call.solved ? <span className="shrink-0 text-13 text-good">Solved</span> : null;
}
