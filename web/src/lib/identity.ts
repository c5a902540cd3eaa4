import { createContext, useContext } from 'react';
import type { IdTokenSource } from './api';

/** Who is signed in, as the rest of the page needs it; the auth feature fills it. */
export type Identity = {
  userId: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
  idToken: IdTokenSource;
  /** `farewell` is the sentence that the sign-in page then shows. */
  signOut: (farewell?: string) => Promise<void>;
  /** They are no longer signed in; the page stays because a call was on, to say why it ended. */
  expired?: boolean;
};

export const IdentityContext = createContext<Identity | null>(null);

export function useIdentity(): Identity {
  const identity = useContext(IdentityContext);
  if (!identity) throw new Error('useIdentity is used outside of a signed-in page');
  return identity;
}
