import { Mic } from 'lucide-react';
import type { ReactNode } from 'react';
import { Notice } from '@/components/notice';
import type { Config, Readiness } from '@/lib/config';

type Props = {
  config: Config;
  readiness: Readiness | undefined;
  onCall: (withMicrophone: boolean) => void;
  earlier: ReactNode;
};

/** One thing to do. While the assistant warms up, the button waits and enables itself. */
export function Before({ config, readiness, onCall, earlier }: Props) {
  const ready = readiness?.status === 'ready';
  return (
    <main className="mx-auto flex w-full max-w-2xl flex-1 flex-col px-4 pb-16">
      <section className="flex flex-col items-center gap-6 py-12 text-center lg:py-16">
        <div className="flex flex-col gap-3">
          <h1 className="text-32">{config.company_name} support</h1>
          <p className="text-17 text-muted">Ask aloud and hear the answer from our help articles.</p>
        </div>
        <button
          type="button"
          disabled={!ready}
          onClick={() => onCall(true)}
          className="talk grid size-44 place-items-center rounded-full bg-accent p-6 text-20 font-semibold text-accent-ink shadow-one transition-[scale] duration-[120ms] ease-out enabled:hover:scale-[1.03] enabled:active:scale-[0.98] disabled:bg-accent-wash disabled:text-muted disabled:shadow-none"
        >
          <span className="flex flex-col items-center gap-2">
            <Mic aria-hidden size={32} strokeWidth={1.75} />
            Talk to support
          </span>
        </button>
        <Waiting readiness={readiness} contact={config.support_contact} />
        <button
          type="button"
          disabled={!ready}
          onClick={() => onCall(false)}
          className="min-h-11 rounded-8 px-4 text-17 font-medium text-accent underline-offset-4 enabled:hover:underline disabled:text-muted"
        >
          or type instead
        </button>
        <p className="max-w-md text-balance text-13 text-muted">
          Your microphone is used during the call only. You talk to an AI; a person is one tap away.
        </p>
      </section>
      {earlier}
    </main>
  );
}

function Waiting({ readiness, contact }: { readiness: Readiness | undefined; contact: string }) {
  if (!readiness || readiness.status === 'ready') return <p role="status" className="sr-only" />;
  if (readiness.status === 'warming_up') {
    return (
      <p role="status" className="text-15 text-muted">
        The assistant is warming up. The button opens by itself in a few seconds.
      </p>
    );
  }
  return (
    <Notice tone="warn">
      The assistant cannot take calls right now. We keep trying; meanwhile you can write to {contact}.
    </Notice>
  );
}
