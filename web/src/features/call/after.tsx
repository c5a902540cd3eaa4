import { useQuery } from '@tanstack/react-query';
import { Contact } from '@/components/contact';
import { ForAPerson } from '@/components/for-a-person';
import { SourceCard } from '@/components/source-card';
import { byArticle, type CallDetail, callQuery } from '@/lib/calls';
import { useIdentity } from '@/lib/identity';
import type { EndingKind } from './endings';
import type { FinishedCall } from './live-call';
import { NextStep } from './next-step';
import { RatingCard } from './rating-card';
import { useArrival } from './use-arrival';

type Props = { call: FinishedCall; contact: string; onAgain: () => void; onStart: () => void };

/** Ends that the caller meant, or that leave nothing to write about. */
const AT_EASE: readonly EndingKind[] = ['you', 'assistant', 'elsewhere', 'signed_out'];

/** What happened, and the way back. The summary is written by a job a moment after the end. */
export function After({ call, contact, onAgain, onStart }: Props) {
  const identity = useIdentity();
  const heading = useArrival<HTMLHeadingElement>();
  const { ending, transcript, callId } = call;
  const talked = transcript.lines.length > 0;
  const known = talked && callId !== null && ending.kind !== 'elsewhere' && !identity.expired;
  const { data: recorded } = useQuery({
    ...callQuery(identity, callId ?? ''),
    enabled: known,
    refetchInterval: (query) =>
      query.state.data?.summary || query.state.dataUpdateCount + query.state.errorUpdateCount > 15
        ? false
        : 2000,
  });
  const sources = byArticle(transcript.groups.flatMap((group) => group.sources));

  return (
    <main className="mx-auto flex w-full max-w-2xl flex-1 flex-col gap-8 px-4 py-12 lg:py-16">
      <section className="flex flex-col gap-3" data-ending={ending.kind}>
        <h1 ref={heading} tabIndex={-1} className="text-24 outline-none">
          {ending.what}
        </h1>
        {ending.next ? <p className="text-17 text-muted">{ending.next}</p> : null}
        {AT_EASE.includes(ending.kind) ? null : (
          <p className="text-17 text-muted">
            Support: <Contact contact={contact} />
          </p>
        )}
        <div role="status" className="flex flex-col gap-3 empty:hidden">
          {recorded ? <Outcome call={recorded} /> : null}
        </div>
      </section>
      {known && recorded ? <RatingCard callId={callId} given={recorded.rating} /> : null}
      {sources.length > 0 ? (
        <section aria-labelledby="sources-used" className="flex flex-col gap-4">
          <h2 id="sources-used" className="text-13 text-muted">
            Sources used
          </h2>
          {sources.map((source) => (
            <SourceCard key={source.key} source={source} quiet />
          ))}
        </section>
      ) : null}
      <NextStep ending={ending} talked={talked} contact={contact} onAgain={onAgain} onStart={onStart} />
    </main>
  );
}

/** What it came to: the summary, what stays open, what was promised. */
function Outcome({ call }: { call: CallDetail }) {
  return (
    <>
      {call.summary ? (
        <p className="rise text-17" data-summary>
          {call.summary}
        </p>
      ) : null}
      {call.open_question ? (
        <p className="rise text-17">
          <span className="text-warn">Still open:</span> {call.open_question}
        </p>
      ) : null}
      {call.ticket ? <ForAPerson ticket={call.ticket} className="rise text-17" /> : null}
    </>
  );
}
