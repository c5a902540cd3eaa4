// @vitest-environment happy-dom
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { server } from '../../tests/server';
import { request } from './api';
import { ApiProblem, retryAfterSeconds, sentenceFor, waitInWords } from './problem';

const ask = () => request('/api/token', { method: 'POST', idToken: async () => 'id-token' });
const failure = (): Promise<ApiProblem> =>
  ask().then(
    () => Promise.reject(new Error('no refusal')),
    (error) => error,
  );

describe('a request', () => {
  test('carries the ID token and returns the body', async () => {
    server.use(
      http.post('*/api/token', ({ request: sent }) =>
        HttpResponse.json({ bearer: sent.headers.get('Authorization') }, { status: 201 }),
      ),
    );
    await expect(ask()).resolves.toEqual({ bearer: 'Bearer id-token' });
  });

  test('turns problem+json into a problem with its code, sentence and waiting time', async () => {
    server.use(
      http.post('*/api/token', () =>
        HttpResponse.json(
          { code: 'rate_limited', detail: 'You have asked too often.', title: 'Too many requests' },
          { status: 429, headers: { 'Retry-After': '7', 'Content-Type': 'application/problem+json' } },
        ),
      ),
    );
    const problem = await failure();
    expect(problem).toMatchObject({ status: 429, code: 'rate_limited', retryAfterS: 7 });
    expect(sentenceFor(problem)).toBe('You have asked too often. Try again in 7 seconds.');
  });

  test('survives a proxy that answers HTML', async () => {
    server.use(http.post('*/api/token', () => new HttpResponse('<h1>Bad gateway</h1>', { status: 502 })));
    expect(sentenceFor(await failure())).toMatch(/could not finish/);
  });

  test('says when nobody answers', async () => {
    server.use(http.post('*/api/token', () => HttpResponse.error()));
    const problem = await failure();
    expect(problem.status).toBe(0);
    expect(sentenceFor(problem)).toMatch(/cannot reach/);
  });
});

test('Retry-After in seconds, as a date, or not at all', () => {
  const now = new Date('2026-11-22T10:00:00Z');
  expect(retryAfterSeconds('12')).toBe(12);
  expect(retryAfterSeconds('Sun, 22 Nov 2026 10:00:30 GMT', now)).toBe(30);
  expect(retryAfterSeconds('soon')).toBeNull();
  expect(retryAfterSeconds(null)).toBeNull();
});

test('waiting in words', () => {
  expect([null, 0, 1, 45, 120, 7200].map(waitInWords)).toEqual([
    'in a moment',
    'now',
    'in 1 second',
    'in 45 seconds',
    'in 2 minutes',
    'in 2 hours',
  ]);
});

test('no sentence is an apology', () => {
  for (const status of [0, 401, 403, 404, 418, 429, 500, 503]) {
    expect(sentenceFor(new ApiProblem({ status }))).not.toMatch(
      /oops|something went wrong|sorry|please note/i,
    );
  }
});
