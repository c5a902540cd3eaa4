import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Loading } from '@/components/loading';
import type { Config } from '@/lib/config';
import { type Identity, IdentityContext } from '@/lib/identity';
import { Door, FORMS } from './door';
import { takeFarewell } from './farewell';
import { firebaseAuth } from './firebase';
import { useSignedIn } from './use-sign-in';

type Props = {
  config: Config;
  /** What is on the screen stays there although the sign-in has ended: a call says so itself. */
  hold: boolean;
  children: ReactNode;
};

/** Shows the page to those who are signed in, and the door to everyone else, at whatever address they came to. */
export function SignedIn({ config, hold, children }: Props) {
  const auth = firebaseAuth(config.firebase);
  const identity = useSignedIn(auth);
  const queries = useQueryClient();
  const [last, setLast] = useState<Identity | null>(null);
  const [farewell, setFarewell] = useState('');
  useEffect(() => {
    if (identity) {
      setLast(identity);
      setFarewell('');
    } else if (identity === null && last && !hold) {
      setLast(null);
      setFarewell(takeFarewell());
      // What one person was shown, kept under their id, is not there for the next at the same screen.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey.length > 1 });
    }
  }, [identity, last, hold, queries]);
  // Whoever is in has no use for the forms before it, and would meet them again after signing out.
  const atForm = useLocation({ select: ({ pathname }) => FORMS.includes(pathname) });
  const navigate = useNavigate();
  useEffect(() => {
    if (identity && atForm) void navigate({ to: '/', replace: true });
  }, [identity, atForm, navigate]);
  const held = useMemo(() => (hold && last ? { ...last, expired: true } : null), [hold, last]);

  if (identity === undefined) {
    return (
      <main className="mx-auto w-full max-w-sm px-4 py-16">
        <Loading what="your sign-in" />
      </main>
    );
  }
  const present = identity ?? held;
  if (!present) return <Door auth={auth} config={config} farewell={farewell} />;
  return <IdentityContext value={present}>{children}</IdentityContext>;
}
