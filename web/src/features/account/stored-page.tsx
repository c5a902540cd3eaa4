import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '@/components/button';
import { Confirm } from '@/components/confirm';
import { Loading } from '@/components/loading';
import { Notice } from '@/components/notice';
import { type Config, configQuery } from '@/lib/config';
import { useIdentity } from '@/lib/identity';
import { sentenceFor } from '@/lib/problem';
import { eraseMe, type StoredData, storedQuery } from './api';
import { download } from './download';
import { StoredCalls } from './stored-calls';
import { StoredFacts } from './stored-facts';
import { StoredProfile } from './stored-profile';

/** Everything stored about the reader in plain words, to be taken away or deleted. */
export function StoredPage({ confirmEmail }: { confirmEmail: ReactNode }) {
  const { data: config } = useSuspenseQuery(configQuery);
  const { data: stored, error, isPending, refetch } = useQuery(storedQuery(useIdentity()));
  return (
    <main className="mx-auto flex w-full max-w-2xl flex-col gap-8 px-4 py-8">
      <Link to="/" className="inline-flex min-h-11 items-center gap-2 self-start text-muted hover:text-ink">
        <ArrowLeft aria-hidden size={16} strokeWidth={1.75} />
        Start
      </Link>
      <header className="flex flex-col gap-3">
        <h1 className="text-32">What is stored about you</h1>
        <HowItIsKept config={config} />
      </header>
      {error ? (
        <Notice action={<Button onClick={() => void refetch()}>Try again</Button>}>
          {sentenceFor(error)}
        </Notice>
      ) : null}
      {isPending ? <Loading what="what is stored" lines={8} /> : null}
      {stored ? (
        <>
          <StoredProfile profile={stored.profile} confirmEmail={confirmEmail} />
          <StoredFacts
            company={config.company.name}
            facts={stored.account_facts}
            known={stored.known_people}
          />
          <StoredCalls calls={stored.calls} summaries={stored.summaries} />
          <TakeAway config={config} stored={stored} />
        </>
      ) : null}
    </main>
  );
}

function HowItIsKept({ config }: { config: Config }) {
  const { name } = config.company;
  const days = config.retention_days;
  return (
    <p className="text-17 text-muted">
      {days > 0
        ? `Each call is deleted ${days} ${days === 1 ? 'day' : 'days'} after it ended, with all that was said. `
        : 'Calls are kept until you delete them. '}
      The sound of your voice is not kept
      {config.mode === 'local'
        ? `: it is understood on ${name}’s own machines.`
        : `; to be understood, it goes to the speech service ${name} uses.`}{' '}
      Your password is not here but with the sign-in service.
    </p>
  );
}

function TakeAway({ config, stored }: { config: Config; stored: StoredData }) {
  const identity = useIdentity();
  const [asking, setAsking] = useState(false);
  const erase = async () => {
    await eraseMe(identity);
    // At once, and without a question more: where everyone may call, the next one would make a new profile.
    await identity.signOut('Everything stored about you here is deleted, and you are signed out.');
  };
  return (
    <section aria-labelledby="take-away" className="flex flex-col gap-4 border-t border-line pt-8">
      <h2 id="take-away" className="text-20">
        Take it away, or delete it
      </h2>
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => download(stored, `${config.company.name} calls`)}>
          <Download aria-hidden size={16} strokeWidth={1.75} />
          Download as JSON
        </Button>
        <Button kind="danger" onClick={() => setAsking(true)}>
          Delete everything
        </Button>
      </div>
      {asking ? (
        <Confirm
          title="Delete everything about you?"
          action="Delete everything"
          typed="delete"
          onConfirm={erase}
          onClose={() => setAsking(false)}
        >
          <p>
            Your profile here, what {config.company.name} told the assistant about your account, all calls
            with what was said, their summaries, ratings and passed-on questions are deleted at once. A call
            under way ends.
          </p>
          <p>
            It cannot be brought back.{' '}
            {config.firebase.emulator_url
              ? 'Your sign-in goes too. What '
              : 'Your sign-in stays, and so does what '}
            {config.company.name} keeps elsewhere{config.firebase.emulator_url ? ' stays' : ''}.
            {config.signup === 'known'
              ? ` To call again, ask ${config.company.name} to let you in anew.`
              : ''}
          </p>
        </Confirm>
      ) : null}
    </section>
  );
}
