/** Firebase's error codes as sentences: what happened, then what to do. Null: nothing to say. */
export function signInSentence(error: unknown): string | null {
  const code = error && typeof error === 'object' && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'auth/popup-closed-by-user':
    case 'auth/cancelled-popup-request':
    case 'auth/user-cancelled':
      return null;
    case 'auth/invalid-credential':
    case 'auth/invalid-login-credentials':
    case 'auth/wrong-password':
    case 'auth/user-not-found':
      return 'This email and password do not belong together. Check both, then try again.';
    case 'auth/invalid-email':
      return 'This is not an email address. Check it for typing mistakes.';
    case 'auth/missing-password':
      return 'Enter your password.';
    case 'auth/user-disabled':
      return 'This account has been switched off. Ask your support team.';
    case 'auth/too-many-requests':
      return 'There were too many attempts. Wait a few minutes, then try again.';
    case 'auth/popup-blocked':
      return 'Your browser blocked the Google window. Allow pop-ups for this page, then try again.';
    case 'auth/account-exists-with-different-credential':
      return 'You have signed in with a password before. Use your email and password.';
    case 'auth/network-request-failed':
      return 'The sign-in service cannot be reached. Check your connection, then try again.';
    default:
      return 'The sign-in service refused this. Try again in a moment.';
  }
}
