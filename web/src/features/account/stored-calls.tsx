import { Link } from '@tanstack/react-router';
import { CallState } from '@/components/call-state';
import { DeleteCall } from '@/components/delete-call';
import { ForAPerson } from '@/components/for-a-person';
import { aloneLink } from '@/components/text-link';
import { dayInWords, fullTime, whenInWords } from '@/lib/time';
import type { StoredCall, StoredData } from './api';
import { Group } from './group';

type Props = Pick<StoredData, 'calls' | 'summaries'>;

/** Each call with all that hangs on it, so that it can be seen what one deletion takes. */
export function StoredCalls({ calls, summaries }: Props) {
  return (
    <Group
      title="Your calls"
      what="What was said, a summary of it for the next call, your rating, and what was passed on to a person."
    >
      {calls.length > 0 ? (
        <ul className="divide-y divide-line border-y border-line">
          {newestFirst(calls).map((call) => (
            <li key={call.call_id}>
              <StoredCallLine call={call} />
            </li>
          ))}
        </ul>
      ) : (
        <p>None yet.</p>
      )}
      {summaries.length > 0 ? (
        <ul aria-label="Summaries outside of a call" className="flex flex-col gap-2">
          {summaries.map((each) => (
            <li key={each.created_at}>
              <time
                dateTime={each.created_at}
                title={fullTime(each.created_at)}
                className="text-13 text-muted"
              >
                {whenInWords(each.created_at)}
              </time>
              <p>{each.summary}</p>
            </li>
          ))}
        </ul>
      ) : null}
    </Group>
  );
}

const newestFirst = (calls: StoredCall[]): StoredCall[] =>
  [...calls].sort((one, other) => other.started_at.localeCompare(one.started_at));

function StoredCallLine({ call }: { call: StoredCall }) {
  const when = whenInWords(call.started_at);
  const lines = call.turns.length;
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-4">
      <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1">
        <p className="flex flex-wrap gap-x-3 text-13 text-muted">
          <time dateTime={call.started_at} title={fullTime(call.started_at)}>
            {when}
          </time>
          <span>{lines === 1 ? '1 line of text' : `${lines} lines of text`}</span>
          <CallState call={call} />
        </p>
        <p className="min-w-0 break-words">{call.summary || 'No summary.'}</p>
        {call.tickets.map((ticket) => (
          <ForAPerson key={ticket.ticket_id} ticket={ticket} className="break-words" />
        ))}
        {call.rating?.comment ? <p className="break-words">You wrote: “{call.rating.comment}”</p> : null}
        <p className="text-13 text-muted">
          {call.deleted_at ? (
            <>
              Deleted on{' '}
              <time dateTime={call.deleted_at} title={fullTime(call.deleted_at)}>
                {dayInWords(call.deleted_at)}
              </time>
            </>
          ) : (
            'Kept until you delete it'
          )}
        </p>
      </div>
      <div className="flex items-center gap-2">
        <Link to="/calls/$callId" params={{ callId: call.call_id }} className={`px-2 ${aloneLink}`}>
          Read<span className="sr-only"> the call: {when}</span>
        </Link>
        <DeleteCall callId={call.call_id} name={when} />
      </div>
    </div>
  );
}
