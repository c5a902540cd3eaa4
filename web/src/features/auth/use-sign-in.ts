import { type Auth, onIdTokenChanged, type User } from '@firebase/auth';
import { useEffect, useMemo, useState } from 'react';
import type { Identity } from '@/lib/identity';
import { ApiProblem, UNREACHABLE } from '@/lib/problem';
import { codeOf } from './errors';
import { sayFarewell } from './farewell';

/** What the page shows of a Firebase user, which is one object that changes in place. */
type Person = Pick<User, 'uid' | 'email' | 'displayName' | 'emailVerified'>;

const personOf = ({ uid, email, displayName, emailVerified }: User): Person => ({
  uid,
  email,
  displayName,
  emailVerified,
});

/** Who is signed in: undefined until it is known. */
export function useSignedIn(auth: Auth): Identity | null | undefined {
  const [person, setPerson] = useState<Person | null | undefined>(
    auth.currentUser ? personOf(auth.currentUser) : undefined,
  );
  useEffect(() => onIdTokenChanged(auth, (user) => setPerson(user && personOf(user))), [auth]);
  const known = person !== undefined;
  // A refreshed token makes a new person of the same words, which changes nothing here.
  const { uid, email, displayName, emailVerified } = person ?? {};
  return useMemo(() => {
    if (!uid) return known ? null : undefined;
    return {
      userId: uid,
      email: email ?? null,
      emailVerified: emailVerified ?? false,
      name: displayName ?? null,
      idToken: () => currentToken(auth),
      signOut: async (farewell) => {
        sayFarewell(farewell ?? '');
        await auth.signOut();
      },
    };
  }, [auth, uid, email, displayName, emailVerified, known]);
}

/** The sign-in service did not answer, which is no reason to sign in again. */
const NO_ANSWER: readonly string[] = [
  'auth/network-request-failed',
  'auth/timeout',
  'auth/internal-error',
  'auth/too-many-requests',
  'auth/quota-exceeded',
];

/** Taken from the current user at each request: Firebase refreshes a token that is about to expire. */
async function currentToken(auth: Auth): Promise<string> {
  try {
    const token = await auth.currentUser?.getIdToken();
    if (token) return token;
  } catch (error) {
    if (NO_ANSWER.includes(codeOf(error))) throw new ApiProblem({ status: UNREACHABLE });
  }
  throw new ApiProblem({ status: 401 });
}
