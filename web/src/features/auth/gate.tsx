import type { ReactNode } from 'react';
import { Loading } from '@/components/loading';
import type { Config } from '@/lib/config';
import { IdentityContext } from '@/lib/identity';
import { firebaseAuth } from './firebase';
import { SignIn } from './sign-in';
import { useSignedIn } from './use-sign-in';

/** Shows the page to those who are signed in, and the sign-in to everyone else, at whatever address they came to. */
export function SignedIn({ config, children }: { config: Config; children: ReactNode }) {
  const auth = firebaseAuth(config.firebase);
  const identity = useSignedIn(auth);
  if (identity === undefined) {
    return (
      <main className="mx-auto w-full max-w-sm px-4 py-16">
        <Loading what="your sign-in" />
      </main>
    );
  }
  if (identity === null) return <SignIn auth={auth} config={config} />;
  return <IdentityContext value={identity}>{children}</IdentityContext>;
}
