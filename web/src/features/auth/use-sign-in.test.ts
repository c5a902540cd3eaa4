// @vitest-environment happy-dom
/** Story: the sign-in service was slow, and everybody was told that their sign-in had expired. */
import type { Auth } from '@firebase/auth';
import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { UNREACHABLE } from '@/lib/problem';
import { useSignedIn } from './use-sign-in';

/** Somebody signed in whose token cannot be refreshed for this reason. */
function signedIn(code: string) {
  const user = {
    uid: 'maya',
    getIdToken: () => Promise.reject(Object.assign(new Error(code), { code: `auth/${code}` })),
  };
  const auth = { currentUser: user, onIdTokenChanged: () => () => undefined } as unknown as Auth;
  return renderHook(() => useSignedIn(auth)).result.current;
}

test.each([
  ['network-request-failed', UNREACHABLE],
  ['timeout', UNREACHABLE],
  ['internal-error', UNREACHABLE],
  ['too-many-requests', UNREACHABLE],
  ['user-token-expired', 401],
  ['user-disabled', 401],
  ['invalid-refresh-token', 401],
])('a token that is not refreshed because of %s is a problem of status %i', async (code, status) => {
  await expect(signedIn(code)?.idToken()).rejects.toMatchObject({ status });
});
