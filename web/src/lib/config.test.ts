// @vitest-environment happy-dom
/** Story: the server was away, and the page showed a button that could not be pressed, without a word. */
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { server } from '../../tests/server';
import { fetchReadiness } from './config';

test.each([
  ['a server that is away', () => HttpResponse.error(), 'unavailable'],
  ['a proxy’s page', () => new HttpResponse('<h1>Bad gateway</h1>', { status: 502 }), 'unavailable'],
  ['somebody else’s answer', () => HttpResponse.json(null), 'unavailable'],
  [
    'an assistant that is starting',
    () => HttpResponse.json({ status: 'warming_up' }, { status: 503 }),
    'warming_up',
  ],
  ['one that is ready', () => HttpResponse.json({ status: 'ready' }), 'ready'],
])('%s says whether there can be a call', async (_, answer, status) => {
  server.use(http.get('*/readyz', answer));
  expect(await fetchReadiness()).toEqual({ status });
});

test('a question that nobody asks any more has no answer', async () => {
  server.use(http.get('*/readyz', () => HttpResponse.json({ status: 'ready' })));
  await expect(fetchReadiness(AbortSignal.abort())).rejects.toThrow();
});
