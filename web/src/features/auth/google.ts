import type { Auth } from '@firebase/auth';
import { browserPopupRedirectResolver, GoogleAuthProvider, signInWithPopup } from '@firebase/auth';

const GOOGLE_SCRIPT = 'https://apis.google.com/js/api.js';
const PROBE_TIMEOUT_MS = 4000;

/** Whether Google's script can be loaded here: without it the pop-up of Google sign-in cannot answer. */
export function probeGoogle(): Promise<boolean> {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    const done = (loaded: boolean) => {
      clearTimeout(timer);
      resolve(loaded);
    };
    const timer = setTimeout(() => done(false), PROBE_TIMEOUT_MS);
    script.onload = () => done(true);
    script.onerror = () => done(false);
    script.async = true;
    script.src = GOOGLE_SCRIPT;
    document.head.append(script);
  });
}

export async function signInWithGoogle(auth: Auth): Promise<void> {
  await signInWithPopup(auth, new GoogleAuthProvider(), browserPopupRedirectResolver);
}
