import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '@/components/button';
import { Notice } from '@/components/notice';
import { type Rating, rateCall } from '@/lib/calls';
import { useIdentity } from '@/lib/identity';
import { sentenceFor } from '@/lib/problem';
import { AFTER } from './wording';

/** What the API takes of a caller's own words. */
const LONGEST_COMMENT = 500;

/** "Did this solve it?": kept at the first tap; a word may follow, and the answer may change. */
export function RatingCard({ callId, given }: { callId: string; given: Rating | null }) {
  const identity = useIdentity();
  const queries = useQueryClient();
  const [word, setWord] = useState(given?.comment ?? '');
  const rate = useMutation({
    mutationFn: (rating: { solved: boolean; comment?: string }) => rateCall(identity, callId, rating),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['calls'] }),
  });
  const kept = rate.data ?? given;
  const solved = rate.variables?.solved ?? kept?.solved ?? null;
  const comment = word.trim();

  const answer = (yes: boolean) => rate.mutate({ solved: yes, ...(comment && { comment }) });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (comment && solved !== null) rate.mutate({ solved, comment });
  };

  return (
    <section aria-labelledby="rating" className="flex flex-col gap-4 border-y border-line py-6">
      <div className="flex flex-wrap items-center gap-3">
        <h2 id="rating" className="mr-auto text-17">
          {AFTER.question}
        </h2>
        <Choice chosen={solved === true} onChoose={() => answer(true)}>
          <ThumbsUp aria-hidden size={20} strokeWidth={1.75} />
          Yes
        </Choice>
        <Choice chosen={solved === false} onChoose={() => answer(false)}>
          <ThumbsDown aria-hidden size={20} strokeWidth={1.75} />
          No
        </Choice>
      </div>
      {solved === null ? null : (
        <form onSubmit={send} className="rise flex flex-col gap-1">
          <label htmlFor="word" className="text-15 text-muted">
            {AFTER.word}
          </label>
          <div className="flex gap-2">
            <input
              id="word"
              value={word}
              onChange={(event) => setWord(event.target.value)}
              maxLength={LONGEST_COMMENT}
              autoComplete="off"
              className="min-h-11 min-w-0 flex-1 rounded-8 border border-edge bg-raised px-4 text-17 text-ink"
            />
            <Button type="submit" disabled={!comment || rate.isPending || comment === kept?.comment}>
              Send
            </Button>
          </div>
        </form>
      )}
      <p role="status" className="text-15 text-muted empty:hidden">
        {rate.isSuccess ? thanks(rate.data) : ''}
      </p>
      {rate.isError ? (
        <Notice>
          {AFTER.notKept} {sentenceFor(rate.error)}
        </Notice>
      ) : null}
    </section>
  );
}

const thanks = ({ solved, comment }: Rating): string =>
  comment ? AFTER.kept : solved ? AFTER.solved : AFTER.unsolved;

function Choice({
  chosen,
  onChoose,
  children,
}: {
  chosen: boolean;
  onChoose: () => void;
  children: ReactNode;
}) {
  return (
    <Button
      aria-pressed={chosen}
      onClick={onChoose}
      className="aria-pressed:border-accent aria-pressed:bg-accent-wash aria-pressed:text-accent"
    >
      {children}
    </Button>
  );
}
