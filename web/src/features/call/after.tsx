import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Button } from '@/components/button';
import { SourceCard } from '@/components/source-card';
import { byArticle, callQuery } from '@/lib/calls';
import { useIdentity } from '@/lib/identity';
import { waitInWords } from '@/lib/problem';
import type { FinishedCall } from './live-call';

type Props = { call: FinishedCall; onAgain: () => void; onStart: () => void };

/** What happened, and the way back. The summary is written by a job a moment after the end. */
export function After({ call, onAgain, onStart }: Props) {
  const identity = useIdentity();
  const { ending, transcript, callId } = call;
  const talked = transcript.lines.length > 0;
  const { data: recorded } = useQuery({
    ...callQuery(identity, callId ?? ''),
    enabled: talked && callId !== null,
    refetchInterval: (query) =>
      query.state.data?.summary || query.state.dataUpdateCount > 15 ? false : 2000,
  });
  const left = useCountdown(ending.retryAfterS ?? 0);
  const sources = byArticle(transcript.groups.flatMap((group) => group.sources));

  return (
    <main className="mx-auto flex w-full max-w-2xl flex-1 flex-col gap-8 px-4 py-12 lg:py-16">
      <section className="flex flex-col gap-3" data-ending={ending.kind}>
        <h1 className="text-24">{ending.what}</h1>
        {ending.next ? <p className="text-17 text-muted">{ending.next}</p> : null}
        {recorded?.summary ? <p className="rise text-17">{recorded.summary}</p> : null}
        {recorded?.open_question ? (
          <p className="rise text-17">
            <span className="text-warn">Still open:</span> {recorded.open_question}
          </p>
        ) : null}
        {recorded?.ticket ? (
          <p className="rise text-17">
            <span className="text-staff">For a person:</span> {recorded.ticket.subject ?? 'your request'} has
            been passed on.
          </p>
        ) : null}
      </section>
      {sources.length > 0 ? (
        <section aria-label="Sources used" className="flex flex-col gap-4">
          <h2 className="text-13 text-muted">Sources used</h2>
          {sources.map((source) => (
            <SourceCard key={source.article_id} source={source} quiet />
          ))}
        </section>
      ) : null}
      <div className="flex flex-wrap gap-3">
        {ending.kind === 'signed_out' ? (
          <Button kind="primary" onClick={() => void identity.signOut()}>
            Sign in again
          </Button>
        ) : (
          <Button kind="primary" disabled={left > 0} onClick={talked ? onStart : onAgain}>
            {left > 0 ? `Try again ${waitInWords(left)}` : talked ? 'Back to start' : 'Try again'}
          </Button>
        )}
        {talked ? (
          <Button onClick={onAgain} disabled={left > 0}>
            Call again
          </Button>
        ) : (
          <Button onClick={onStart}>Back to start</Button>
        )}
      </div>
    </main>
  );
}

function useCountdown(seconds: number): number {
  const [until] = useState(() => Date.now() + seconds * 1000);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (now >= until) return;
    const timer = setTimeout(() => setNow(Date.now()), 1000);
    return () => clearTimeout(timer);
  }, [now, until]);
  return Math.max(0, Math.ceil((until - now) / 1000));
}
