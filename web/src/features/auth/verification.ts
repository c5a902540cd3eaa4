/** The mails Firebase sends for us: the link that confirms an address, and the one that sets a password. */
import {
  type ActionCodeSettings,
  type Auth,
  sendEmailVerification,
  sendPasswordResetEmail,
  type User,
} from '@firebase/auth';
import { useSyncExternalStore } from 'react';
import type { Config } from '@/lib/config';
import { codeOf, type Refusal, refusalFor } from './errors';
import { speakerOf } from './use-attempt';

/** Between two mails: Firebase limits them too, and mail takes this long to arrive. */
export const PAUSE_S = 60;

/** The last mail to confirm an address; `at` in milliseconds since 1970. */
export type Sending = {
  uid: string;
  at: number;
  state: 'sending' | 'sent' | 'failed';
  refusal: Refusal | null;
};

let last: Sending | null = null;
const listeners = new Set<() => void>();

function set(sending: Sending): void {
  last = sending;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** What became of the last mail to this person; null when none was sent since the page was opened. */
export function useSending(uid: string): Sending | null {
  const sending = useSyncExternalStore(subscribe, () => last);
  return sending?.uid === uid ? sending : null;
}

/** Sends the link that confirms the person's address; what became of it is in `useSending`. */
export async function sendVerification(user: User, config: Config): Promise<void> {
  const { uid } = user;
  set({ uid, at: Date.now(), state: 'sending', refusal: null });
  try {
    await withWayBack((settings) => sendEmailVerification(user, settings));
    set({ uid, at: Date.now(), state: 'sent', refusal: null });
  } catch (error) {
    set({ uid, at: Date.now(), state: 'failed', refusal: refusalFor(error, speakerOf(config)) });
  }
}

export const sendReset = (auth: Auth, email: string): Promise<void> =>
  withWayBack((settings) => sendPasswordResetEmail(auth, email, settings));

/** Firebase's page leads back here, where the project's authorised domains allow it; the mail goes out either way. */
async function withWayBack(send: (settings?: ActionCodeSettings) => Promise<void>): Promise<void> {
  try {
    await send({ url: `${window.location.origin}/` });
  } catch (error) {
    if (!/continue-uri/.test(codeOf(error))) throw error;
    await send();
  }
}
