import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Loading } from '@/components/loading';
import type { Config } from '@/lib/config';
import { IdentityContext } from '@/lib/identity';
import { Door } from './door';
import { takeFarewell } from './farewell';
import { firebaseAuth } from './firebase';
import { useSignedIn } from './use-sign-in';

/** Shows the page to those who are signed in, and the door to everyone else, at whatever address they came to. */
export function SignedIn({ config, children }: { config: Config; children: ReactNode }) {
  const auth = firebaseAuth(config.firebase);
  const identity = useSignedIn(auth);
  const queries = useQueryClient();
  const wasIn = useRef(false);
  const [farewell, setFarewell] = useState('');
  useEffect(() => {
    if (identity) {
      wasIn.current = true;
      setFarewell('');
    } else if (identity === null && wasIn.current) {
      wasIn.current = false;
      setFarewell(takeFarewell());
      // What one person was shown, kept under their id, is not there for the next at the same screen.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey.length > 1 });
    }
  }, [identity, queries]);

  if (identity === undefined) {
    return (
      <main className="mx-auto w-full max-w-sm px-4 py-16">
        <Loading what="your sign-in" />
      </main>
    );
  }
  if (identity === null) return <Door auth={auth} config={config} farewell={farewell} />;
  return <IdentityContext value={identity}>{children}</IdentityContext>;
}
