// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { server } from '../../../tests/server';
import { show } from '../../../tests/show';
import { RatingCard } from './rating-card';

const kept: object[] = [];
const keep = () => {
  kept.length = 0;
  server.use(
    http.put('*/api/me/calls/c1/rating', async ({ request }) => {
      const body = (await request.json()) as { comment?: string };
      kept.push(body);
      return HttpResponse.json({ comment: null, ...body, rated_at: '2026-11-22T12:00:00Z' });
    }),
  );
};
const button = (name: string) => screen.findByRole('button', { name });

test('one tap is kept at once, a word may follow', async () => {
  keep();
  show(<RatingCard callId="c1" given={null} />);
  await userEvent.click(await button('No'));
  await screen.findByText(/support team will see it/);
  expect((await button('No')).getAttribute('aria-pressed')).toBe('true');
  await userEvent.type(screen.getByLabelText(/A word is enough/), '  too long {Enter}');
  await screen.findByText(/kept with this call/);
  expect(kept).toEqual([{ solved: false }, { solved: false, comment: 'too long' }]);
});

test('the answer may change, and the word stays', async () => {
  keep();
  show(<RatingCard callId="c1" given={{ solved: false, comment: 'slow' }} />);
  await userEvent.click(await button('Yes'));
  await screen.findByText(/kept with this call/);
  expect(kept).toEqual([{ solved: true, comment: 'slow' }]);
});

test('what could not be kept is said, and can be tried again', async () => {
  server.use(http.put('*/api/me/calls/c1/rating', () => HttpResponse.error()));
  show(<RatingCard callId="c1" given={null} />);
  await userEvent.click(await button('Yes'));
  await screen.findByText(/could not be kept.*cannot reach the server/i);
  keep();
  await userEvent.click(await button('Yes'));
  await screen.findByText(/Good to hear/);
  expect(screen.queryByRole('alert')).toBeNull();
});
