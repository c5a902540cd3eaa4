import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/button';
import { CallState } from '@/components/call-state';
import { Notice } from '@/components/notice';
import { type CallSummary, callsQuery } from '@/lib/calls';
import { useIdentity } from '@/lib/identity';
import { sentenceFor } from '@/lib/problem';
import { fullTime, whenInWords } from '@/lib/time';

/** What fits below the button without becoming the page. */
const SHOWN_AT_FIRST = 5;

/** Earlier calls, each one line: when, what about, open or solved. Nothing at all before the first call. */
export function EarlierCalls() {
  const [all, setAll] = useState(false);
  const {
    data: calls,
    error,
    refetch,
  } = useQuery({
    ...callsQuery(useIdentity()),
    // A call that was just ended is closed a moment later.
    refetchInterval: ({ state }) => (state.data?.some((call) => !call.ended_at) ? 1000 : false),
  });
  const ended = calls?.filter((call) => call.ended_at) ?? [];
  if (error) {
    return (
      <Notice tone="warn" action={<Button onClick={() => void refetch()}>Try again</Button>}>
        Your earlier calls cannot be shown. {sentenceFor(error)}
      </Notice>
    );
  }
  if (ended.length === 0) return null;
  const shown = all ? ended : ended.slice(0, SHOWN_AT_FIRST);
  return (
    <section aria-labelledby="earlier" className="rise">
      <h2 id="earlier" className="pb-2 text-13 font-medium text-muted">
        Earlier calls
      </h2>
      <ul className="divide-y divide-line border-y border-line">
        {shown.map((call) => (
          <li key={call.call_id}>
            <EarlierCall call={call} />
          </li>
        ))}
      </ul>
      {shown.length < ended.length ? (
        <Button kind="quiet" className="mt-2" onClick={() => setAll(true)}>
          Show all {ended.length}
        </Button>
      ) : null}
    </section>
  );
}

function EarlierCall({ call }: { call: CallSummary }) {
  return (
    <Link
      to="/calls/$callId"
      params={{ callId: call.call_id }}
      className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 px-2 py-3 transition-colors hover:bg-accent-wash"
    >
      <time
        dateTime={call.started_at}
        title={fullTime(call.started_at)}
        className="w-full text-13 text-muted sm:w-28"
      >
        {whenInWords(call.started_at)}
      </time>
      <span className="min-w-0 flex-1 truncate">
        {call.open_question || call.summary || 'Nothing was said'}
      </span>
      <CallState call={call} />
      <ChevronRight aria-hidden size={16} strokeWidth={1.75} className="shrink-0 text-muted" />
    </Link>
  );
}
