// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { server } from '../../../tests/server';
import { show } from '../../../tests/show';
import { EarlierCalls } from './earlier-calls';

const call = {
  call_id: 'c1',
  started_at: new Date().toISOString(),
  ended_at: new Date().toISOString(),
  end_reason: 'caller',
  summary: 'You asked about invoices.',
  open_question: null,
  solved: null,
  turns: 2,
};
const answer = (calls: object[]) =>
  server.use(http.get('*/api/me/calls', () => HttpResponse.json({ calls })));

test('each call is a line: when, what about, open or solved', async () => {
  answer([
    { ...call, solved: true },
    { ...call, call_id: 'c2', open_question: 'Which bank?', solved: false },
    { ...call, call_id: 'running', ended_at: null },
  ]);
  show(<EarlierCalls />);
  const [first, second, ...rest] = await screen.findAllByRole('link');
  expect(first?.textContent).toMatch(/just now.*invoices.*Solved/);
  expect(second?.textContent).toMatch(/Which bank\?.*Open/);
  expect(rest).toEqual([]);
});

test('says when they cannot be shown, and is silent before the first call', async () => {
  server.use(http.get('*/api/me/calls', () => new HttpResponse(null, { status: 500 })));
  show(<EarlierCalls />);
  expect(await screen.findByText(/cannot be shown/)).toBeTruthy();
});
