import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '@/components/button';
import { CompanyName } from '@/components/company-name';
import { Contact } from '@/components/contact';
import type { Config } from '@/lib/config';
import { useIdentity } from '@/lib/identity';
import { ApiProblem } from '@/lib/problem';

export type Reason = 'unconfirmed' | 'unknown' | 'disabled';

const REASONS: Record<string, Reason> = {
  email_not_verified: 'unconfirmed',
  not_known: 'unknown',
  disabled: 'disabled',
};

/** Why the server does not let the person call; null when it does, or said something else. */
export const notAdmittedReason = (error: unknown): Reason | null =>
  error instanceof ApiProblem && error.status === 403 ? (REASONS[error.code] ?? null) : null;

const TITLES: Record<Reason, string> = {
  unconfirmed: 'Confirm your email',
  unknown: 'We do not know this address',
  disabled: 'This account is switched off',
};

type Props = { config: Config; reason: Reason; confirmEmail: ReactNode };

/** In place of the page: who is signed in, why that is not enough, and each way on. */
export function NotAdmitted({ config, reason, confirmEmail }: Props) {
  const identity = useIdentity();
  const heading = useRef<HTMLHeadingElement>(null);
  // It takes the place of what was being looked at: the focus says so to those who hear the page.
  useEffect(() => heading.current?.focus(), []);
  return (
    <main className="mx-auto flex w-full max-w-md flex-1 flex-col justify-center gap-6 px-4 py-12">
      <p className="font-semibold">
        <CompanyName company={config.company} />
      </p>
      <h1 ref={heading} tabIndex={-1} className="text-32 outline-none">
        {TITLES[reason]}
      </h1>
      {reason === 'unconfirmed' ? confirmEmail : null}
      {reason === 'unknown' ? <Unknown config={config} email={identity.email} /> : null}
      {reason === 'disabled' ? (
        <p className="text-17 text-muted">
          You cannot call with it. Write to <Contact contact={config.company.support_contact} /> to have it
          opened again.
        </p>
      ) : null}
      <div className="flex flex-wrap gap-3 border-t border-line pt-6">
        <Button onClick={() => void identity.signOut()}>Use another account</Button>
      </div>
    </main>
  );
}

/** Nothing is stored about someone who is refused, and the page says so. */
function Unknown({ config, email }: { config: Config; email: string | null }) {
  const { name, support_contact } = config.company;
  return (
    <div className="flex flex-col gap-4 text-17 text-muted">
      <p>
        <strong className="font-semibold break-words text-ink">{email ?? 'Your account'}</strong> is not an
        address {name} knows, so it cannot call.
      </p>
      <p>
        Are you a customer? Sign in with the address {name} has of you, or write to{' '}
        <Contact contact={support_contact} />. Nothing was stored about you here.
      </p>
    </div>
  );
}
