import { type Auth, onIdTokenChanged, type User } from '@firebase/auth';
import { useEffect, useMemo, useState } from 'react';
import type { Identity } from '@/lib/identity';
import { ApiProblem } from '@/lib/problem';

/** Who is signed in: undefined until it is known. */
export function useSignedIn(auth: Auth): Identity | null | undefined {
  const [user, setUser] = useState<User | null | undefined>(auth.currentUser ?? undefined);
  useEffect(() => onIdTokenChanged(auth, setUser), [auth]);
  const known = user !== undefined;
  // A refreshed token makes a new `user` object, which changes nothing here.
  const { uid, email, displayName } = user ?? {};
  return useMemo(() => {
    if (!uid) return known ? null : undefined;
    return {
      userId: uid,
      email: email ?? null,
      name: displayName ?? null,
      // Taken from the current user at each request: Firebase refreshes a token that is about to expire.
      idToken: async () => {
        const token = await auth.currentUser?.getIdToken();
        if (!token) throw new ApiProblem({ status: 401 });
        return token;
      },
      signOut: () => auth.signOut(),
    };
  }, [auth, uid, email, displayName, known]);
}
