// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test, vi } from 'vitest';
import { CONFIG } from '../../../tests/config';
import { server } from '../../../tests/server';
import { MAYA, show } from '../../../tests/show';
import { Admission } from './admission';

const ME = {
  user_id: 'maya',
  email: MAYA.email,
  email_verified: true,
  name: 'Maya',
  plan: 'team',
  role: 'customer',
};
const signOut = vi.fn(async () => undefined);
beforeEach(() => void signOut.mockClear());

function answer(status: number, code = '', detail = '') {
  server.use(
    http.get('*/api/me', () => HttpResponse.json(status === 200 ? ME : { code, detail }, { status })),
  );
}

const page = (inCall = false) =>
  show(
    <Admission config={CONFIG} confirmEmail={<p>the link is sent here</p>} inCall={inCall}>
      <p>the page</p>
    </Admission>,
    { ...MAYA, signOut },
  );

test('who may call sees the page', async () => {
  answer(200);
  page();
  expect(await screen.findByText('the page')).toBeTruthy();
});

test.each([
  ['not_known', 'We do not know this address', /Nothing was stored about you/],
  ['email_not_verified', 'Confirm your email', /the link is sent here/],
  ['disabled', 'This account is switched off', /to have it opened again/],
])('%s says why, and how to go on', async (code, title, words) => {
  answer(403, code);
  page();
  expect(await screen.findByRole('heading', { name: title })).toBeTruthy();
  expect(screen.getByText(words)).toBeTruthy();
  expect(screen.queryByText('the page')).toBeNull();
  if (code !== 'email_not_verified') {
    const contact = screen.getByRole('link', { name: CONFIG.company.support_contact });
    expect(contact.getAttribute('href')).toBe(`mailto:${CONFIG.company.support_contact}`);
  }
  await userEvent.click(screen.getByRole('button', { name: 'Use another account' }));
  expect(signOut).toHaveBeenCalledOnce();
});

test('a server that is away can be asked again', async () => {
  answer(503, 'database_unavailable', 'The database did not answer.');
  page();
  await screen.findByText(/The database did not answer/);
  answer(200);
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('the page')).toBeTruthy();
});

test('a sign-in that is not taken any more leads to a new one', async () => {
  answer(401, 'unauthenticated');
  page();
  await userEvent.click(await screen.findByRole('button', { name: 'Sign in again' }));
  expect(signOut).toHaveBeenCalledOnce();
});

test('a call under way is not torn from the screen', async () => {
  answer(403, 'disabled');
  page(true);
  expect(await screen.findByText('the page')).toBeTruthy();
});
