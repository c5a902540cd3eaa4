import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import clsx from 'clsx';
import { ArrowLeft } from 'lucide-react';
import { CallState } from '@/components/call-state';
import { DeleteCall } from '@/components/delete-call';
import { ForAPerson } from '@/components/for-a-person';
import { Loading } from '@/components/loading';
import { NotHere } from '@/components/not-here';
import { Notice } from '@/components/notice';
import { SourceCard } from '@/components/source-card';
import { byArticle, type CallDetail, callQuery, type RecordedTurn } from '@/lib/calls';
import { useIdentity } from '@/lib/identity';
import { ApiProblem, sentenceFor } from '@/lib/problem';
import { fullTime, lengthInWords, whenInWords } from '@/lib/time';
import { mindOf } from './minds';

const NAMES = { caller: 'You', assistant: 'Assistant', staff: 'Support' } as const;
const TONES = { caller: 'text-caller', assistant: 'text-assistant', staff: 'text-staff' } as const;

/** One earlier call: what it was about, what was said and what the answers stood on. */
export function CallRecord({ callId }: { callId: string }) {
  const { data: call, error, isPending } = useQuery(callQuery(useIdentity(), callId));
  if (error instanceof ApiProblem && error.status === 404) {
    return <NotHere title="This call is not here">It does not exist, or it is not yours to see.</NotHere>;
  }
  return (
    <main className="mx-auto flex w-full max-w-2xl flex-col gap-8 px-4 py-8">
      <Link to="/" className="inline-flex min-h-11 items-center gap-2 self-start text-muted hover:text-ink">
        <ArrowLeft aria-hidden size={16} strokeWidth={1.75} />
        Start
      </Link>
      {error ? <Notice>{sentenceFor(error)}</Notice> : null}
      {isPending ? <Loading what="the call" lines={6} /> : null}
      {call ? <Record call={call} /> : null}
    </main>
  );
}

function Record({ call }: { call: CallDetail }) {
  const navigate = useNavigate();
  return (
    <>
      <header className="flex flex-col gap-2">
        <h1 className="text-24">Your call</h1>
        <p className="flex flex-wrap gap-x-3 text-muted">
          <time dateTime={call.started_at} title={fullTime(call.started_at)}>
            {whenInWords(call.started_at)}
          </time>
          <span>{lengthInWords(call.started_at, call.ended_at)}</span>
          <CallState call={call} />
        </p>
        {call.summary ? <p className="text-17">{call.summary}</p> : null}
        {call.open_question && !call.rating?.solved ? (
          <p className="text-17">
            <span className="text-warn">Still open:</span> {call.open_question}
          </p>
        ) : null}
        {call.ticket ? <ForAPerson ticket={call.ticket} className="text-17" /> : null}
        {call.rating?.comment ? <p className="text-17">You wrote: “{call.rating.comment}”</p> : null}
      </header>
      {call.turns.length > 0 ? (
        <ol aria-label="What was said" className="flex flex-col gap-6">
          {call.turns.map((turn) => (
            <Turn key={turn.number} turn={turn} />
          ))}
        </ol>
      ) : (
        <p className="text-muted">Nothing was said in this call.</p>
      )}
      {call.ended_at ? (
        <footer className="border-t border-line pt-6">
          <DeleteCall
            callId={call.call_id}
            name={whenInWords(call.started_at)}
            kind="danger"
            onDeleted={() => void navigate({ to: '/' })}
          />
        </footer>
      ) : null}
    </>
  );
}

function Turn({ turn }: { turn: RecordedTurn }) {
  const mind = mindOf(turn.mind);
  return (
    <li className="flex flex-col gap-2" data-speaker={turn.speaker}>
      <p className={clsx('text-13 font-medium', TONES[turn.speaker])}>
        {NAMES[turn.speaker]}
        {mind ? (
          <span className="font-normal text-muted" title={mind.model}>
            {' '}
            · {mind.words}
          </span>
        ) : null}
      </p>
      <p className="text-17">
        {turn.interrupted ? turn.heard : turn.text}
        {turn.interrupted ? <span className="text-muted"> … (interrupted)</span> : null}
      </p>
      {byArticle(turn.sources).map((source) => (
        <SourceCard key={source.key} source={source} quiet />
      ))}
    </li>
  );
}
