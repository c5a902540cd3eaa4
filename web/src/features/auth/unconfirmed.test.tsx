// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { CONFIG } from '../../../tests/config';
import { MAYA, show } from '../../../tests/show';
import { whoMaySignUp } from './sign-up';
import { Unconfirmed } from './unconfirmed';

const asked = (emailVerified: boolean, email: string | null = MAYA.email) =>
  show(
    <>
      <Unconfirmed />
      <p>the page</p>
    </>,
    { ...MAYA, email, emailVerified },
  );

test('who was let in without a confirmed address is asked for it', async () => {
  asked(false);
  const way = await screen.findByRole('link', { name: 'Confirm it' });
  expect(way.getAttribute('href')).toBe('/me');
  expect(way.parentElement?.textContent).toMatch(/Confirm it\s?so that the assistant knows your account/);
});

test.each([
  [true, MAYA.email],
  [false, null],
])('nobody else is', async (verified, email) => {
  asked(verified, email);
  await screen.findByText('the page');
  expect(screen.queryByRole('link')).toBeNull();
});

test('each rule for who may call has its sentence', () => {
  const sentence = (signup: typeof CONFIG.signup) => whoMaySignUp({ ...CONFIG, signup });
  expect(sentence('known')).toMatch(/customers of Tidewater/);
  expect(sentence('domains')).toMatch(/companies Tidewater works with/);
  expect(sentence('open')).toMatch(/everyone/);
});
