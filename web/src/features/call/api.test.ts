// @vitest-environment happy-dom
/** Somebody hangs up and calls again at once: the last call is being closed, and nobody should have to press twice. */
import { HttpResponse, http } from 'msw';
import { afterEach, expect, test, vi } from 'vitest';
import { server } from '../../../tests/server';
import { requestJoinToken } from './api';

const identity = { idToken: async () => 'id-token' } as Parameters<typeof requestJoinToken>[0];
const TOKEN = { server_url: 'ws://x', participant_token: 't', room_name: 'r', call_id: 'c' };

function answers(...responses: (() => Response)[]) {
  const asked = vi.fn(() => (responses.shift() ?? (() => HttpResponse.error()))());
  server.use(http.post('*/api/token', asked));
  return asked;
}
const busy = (retryAfter: string) => () =>
  HttpResponse.json(
    { detail: 'You are in a call already.' },
    { status: 429, headers: { 'Retry-After': retryAfter } },
  );

afterEach(() => {
  vi.restoreAllMocks();
});

test('a line that is just being closed is asked for again', async () => {
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((go: () => void) => queueMicrotask(go)) as never);
  const asked = answers(busy('5'), () => HttpResponse.json(TOKEN, { status: 201 }));
  await expect(requestJoinToken(identity)).resolves.toEqual(TOKEN);
  expect(asked).toHaveBeenCalledTimes(2);
});

test('any other refusal is told at once', async () => {
  const asked = answers(busy('60'));
  await expect(requestJoinToken(identity)).rejects.toMatchObject({ status: 429, retryAfterS: 60 });
  expect(asked).toHaveBeenCalledTimes(1);
});
