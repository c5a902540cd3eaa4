import { type FirebaseApp, getApps, initializeApp } from '@firebase/app';
import {
  type Auth,
  browserLocalPersistence,
  connectAuthEmulator,
  indexedDBLocalPersistence,
  initializeAuth,
} from '@firebase/auth';
import type { Config } from '@/lib/config';

/** One Firebase app for the page, made from what the installation says about itself. */
export function firebaseAuth(config: Config['firebase']): Auth {
  known ??= connect(config);
  return known;
}

let known: Auth | undefined;

function connect(config: Config['firebase']): Auth {
  const app: FirebaseApp =
    getApps()[0] ??
    initializeApp({
      projectId: config.project_id,
      // The emulator takes any key, but the client insists on one.
      apiKey: config.api_key || 'emulator',
      authDomain: config.auth_domain || undefined,
    });
  const auth = initializeAuth(app, { persistence: [indexedDBLocalPersistence, browserLocalPersistence] });
  if (config.emulator_url) connectAuthEmulator(auth, config.emulator_url, { disableWarnings: true });
  return auth;
}
