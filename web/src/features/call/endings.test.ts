import { expect, test } from 'vitest';
import { ApiProblem } from '@/lib/problem';
import { disconnected, microphoneSentence, refused } from './endings';

const named = (name: string) => Object.assign(new Error('x'), { name });

test('a refused token says why and when to try again', () => {
  const ending = refused(
    new ApiProblem({ status: 429, detail: 'You have used your minutes.', retryAfterS: 30 }),
  );
  expect(ending).toMatchObject({
    what: 'You have used your minutes.',
    next: 'Try again in 30 seconds.',
    retryAfterS: 30,
  });
});

test.each([
  [401, 'signed_out', /sign in again/i],
  [403, 'refused', /write to us/i],
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

test.each(['NotAllowedError', 'NotFoundError', 'NotReadableError', 'Other'])('%s says what to do', (name) => {
  expect(microphoneSentence(named(name))).toMatch(/type/);
});
