import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '@/components/button';
import { Loading } from '@/components/loading';
import { Notice } from '@/components/notice';
import type { Config } from '@/lib/config';
import { useIdentity } from '@/lib/identity';
import { ApiProblem, sentenceFor } from '@/lib/problem';
import { meQuery } from './api';
import { NotAdmitted, notAdmittedReason } from './not-admitted';

type Props = {
  config: Config;
  /** Confirms the person's address: the page composes it, this feature does not know it. */
  confirmEmail: ReactNode;
  /** A call under way ends with its own reason and is not torn from the screen. */
  inCall: boolean;
  children: ReactNode;
};

/** Shows the page to those who may call, and to everyone else why not and what to do. */
export function Admission({ config, confirmEmail, inCall, children }: Props) {
  const identity = useIdentity();
  const { data: me, error, refetch, isFetching } = useQuery(meQuery(identity));
  if (inCall) return children;

  const reason = notAdmittedReason(error);
  if (reason) return <NotAdmitted config={config} reason={reason} confirmEmail={confirmEmail} />;
  if (me) return children;
  if (!error) {
    return (
      <main className="mx-auto w-full max-w-sm px-4 py-16">
        <Loading what="your account" />
      </main>
    );
  }
  const signedOut = error instanceof ApiProblem && error.status === 401;
  return (
    <main className="mx-auto flex w-full max-w-md flex-1 flex-col justify-center gap-4 px-4 py-12">
      <h1 className="text-24">{config.company.name} support</h1>
      <Notice>{sentenceFor(error)}</Notice>
      <div className="flex flex-wrap gap-3">
        {signedOut ? null : (
          <Button kind="primary" disabled={isFetching} onClick={() => void refetch()}>
            {isFetching ? 'Trying…' : 'Try again'}
          </Button>
        )}
        <Button kind={signedOut ? 'primary' : 'secondary'} onClick={() => void identity.signOut()}>
          {signedOut ? 'Sign in again' : 'Sign out'}
        </Button>
      </div>
    </main>
  );
}
