/** Firebase's error codes as sentences: what happened, then what to do. */

/** Where the way on leads; null when it is to try again here. */
export type Way = 'sign-in' | 'sign-up' | 'reset-password' | null;
export type Refusal = { sentence: string; way: Way };

/** How the sentences call the company and where they send people. */
export type Speaker = { company: string; contact: string };

const say = (sentence: string, way: Way = null): Refusal => ({ sentence, way });

export const codeOf = (error: unknown): string =>
  error && typeof error === 'object' && 'code' in error ? String(error.code) : '';

/** Null: the person changed their mind, and there is nothing to say. */
export function refusalFor(error: unknown, { company, contact }: Speaker): Refusal | null {
  switch (codeOf(error)) {
    case 'auth/popup-closed-by-user':
    case 'auth/cancelled-popup-request':
    case 'auth/user-cancelled':
      return null;

    // With Firebase's email enumeration protection, which is on by default, one code stands for both.
    case 'auth/invalid-credential':
    case 'auth/invalid-login-credentials':
      return say('This email and password do not belong together. Check both.', 'reset-password');
    case 'auth/wrong-password':
      return say('This is not the password of this account. Check it.', 'reset-password');
    case 'auth/user-not-found':
      return say('There is no account with this email. Check it.', 'sign-up');
    case 'auth/email-already-in-use':
      return say('There is an account with this email already.', 'sign-in');
    case 'auth/account-exists-with-different-credential':
    case 'auth/credential-already-in-use':
      return say('You have signed in another way before. Use your email and password.', 'sign-in');

    case 'auth/invalid-email':
    case 'auth/missing-email':
      return say('This is not an email address. Check it for typing mistakes.');
    case 'auth/missing-password':
      return say('Enter your password.');
    case 'auth/weak-password':
      return say('This password is too short. Take at least 6 characters.');
    case 'auth/password-does-not-meet-requirements':
      return say(
        `This password is too simple for ${company}. Make it longer, and mix letters, digits and signs.`,
      );

    case 'auth/user-disabled':
      return say(`This account is switched off. Write to ${contact} to have it opened again.`);
    case 'auth/admin-restricted-operation':
    case 'auth/operation-not-allowed':
      return say(`${company} does not take this way of signing in. Write to ${contact} for an account.`);
    case 'auth/too-many-requests':
    case 'auth/quota-exceeded':
      return say('There were too many attempts. Wait a few minutes, then try again.');
    case 'auth/requires-recent-login':
    case 'auth/user-token-expired':
    case 'auth/invalid-user-token':
      return say('Your sign-in has expired. Sign out, then sign in again.');

    case 'auth/expired-action-code':
    case 'auth/invalid-action-code':
    case 'auth/missing-action-code':
      return say('This link has expired or was used before. Ask for a new one.');

    case 'auth/popup-blocked':
      return say('Your browser blocked the Google window. Allow pop-ups for this page, then try again.');
    case 'auth/unauthorized-domain':
    case 'auth/operation-not-supported-in-this-environment':
      return say('Google sign-in is not set up for this address. Use your email and password.');
    case 'auth/web-storage-unsupported':
      return say(
        'Your browser keeps this page from remembering you. Allow site data for it, then try again.',
      );
    case 'auth/network-request-failed':
    case 'auth/timeout':
    case 'auth/internal-error':
      return say('The sign-in service cannot be reached. Check your connection, then try again.');
    default:
      return say(`The sign-in service refused this. Try again in a moment, or write to ${contact}.`);
  }
}
