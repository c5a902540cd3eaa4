import { expect, test } from 'vitest';
import { ApiProblem } from '@/lib/problem';
import { disconnected, refused } from './endings';

test('a refused token says why and when to try again', () => {
  const ending = refused(
    new ApiProblem({ status: 429, detail: 'You have used your minutes.', retryAfterS: 30 }),
  );
  expect(ending).toMatchObject({
    what: 'You have used your minutes.',
    next: '',
    retryAfterS: 30,
  });
});

test.each([
  [401, 'signed_out', /sign in again/i],
  [403, 'not_allowed', /write to us/i],
  [503, 'refused', /try again in a moment/i],
  [0, 'lost', /check your connection/i],
])('status %i ends as %s with a way on', (status, kind, next) => {
  const ending = refused(new ApiProblem({ status }));
  expect(ending.kind).toBe(kind);
  expect(ending.next).toMatch(next);
});

test('a fault of the connection is not blamed on the caller', () => {
  expect(refused(new Error('could not establish pc connection')).kind).toBe('lost');
});

test.each([
  ['CLIENT_INITIATED', 'you'],
  ['ROOM_DELETED', 'assistant'],
  ['DUPLICATE_IDENTITY', 'elsewhere'],
  ['SERVER_SHUTDOWN', 'lost'],
  [undefined, 'lost'],
])('a room closed by %s ends as %s', (reason, kind) => {
  expect(disconnected(reason).kind).toBe(kind);
});

test.each([
  ['not_known', /may not call yet/, 'write'],
  ['email_not_verified', /not confirmed/, 'again'],
  ['disabled', /closed for calls/, 'write'],
  ['forbidden', /Only on Sundays/, 'write'],
])('a 403 with %s has its own sentence and way on', (code, what, way) => {
  const ending = refused(new ApiProblem({ status: 403, code, detail: 'Only on Sundays.' }));
  expect(ending.what).toMatch(what);
  expect(ending.way).toBe(way);
  expect(ending.next).not.toBe('');
});

test('busy lines are not a fault, and the advice to wait stands once', () => {
  const busy = refused(
    new ApiProblem({
      status: 503,
      code: 'at_capacity',
      detail: 'All lines are busy. Try again in a moment.',
      retryAfterS: 12,
    }),
  );
  expect(busy).toMatchObject({
    kind: 'at_capacity',
    what: 'All lines are busy.',
    next: '',
    retryAfterS: 12,
  });
  const inCall = refused(
    new ApiProblem({ status: 429, detail: 'You are in a call already. End it first, then call again.' }),
  );
  expect(inCall).toMatchObject({
    kind: 'too_often',
    what: 'You are in a call already. End it first, then call again.',
  });
});
