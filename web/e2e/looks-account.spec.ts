/** The pages around a call, without a stack: before the sign-in, in place of it, what is stored, another company. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeFaults } from './axe';
import { doubleTheText, looksRight, SIZES, signIn, startLooks } from './looks';
import { CONFIG, pretend, refusal } from './pretend-api';

const { open } = startLooks();

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).waitFor();
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

test('before the sign-in', async () => {
  const { page, origin } = await open();
  await pretend(page);
  await page.goto(`${origin}/sign-up`);
  await heading(page, 'Create an account');
  await looksRight(page, 'sign-up');
  await page.goto(`${origin}/reset-password`);
  await page.getByLabel('Email').fill('maya@tidewater.example');
  await press(page, 'Send the link');
  await page.getByRole('link', { name: 'Open the link that would be in it' }).waitFor();
  await looksRight(page, 'reset-password');
  await page.goto(`${origin}/account-link?mode=resetPassword&oobCode=good`);
  await page.getByLabel('New password').waitFor();
  await looksRight(page, 'new-password');
  await page.goto(`${origin}/account-link?mode=verifyEmail&oobCode=old`);
  await heading(page, 'This link does not work');
  await looksRight(page, 'link-expired');
  await page.close();
});

test.each([
  ['not_known', 'We do not know this address'],
  ['disabled', 'This account is switched off'],
])('in place of the page: %s', async (code, title) => {
  const { page, origin } = await open();
  await pretend(page, {
    api: {
      '/api/me': refusal(403, code, 'This account is disabled. Contact support to have it opened again.'),
    },
  });
  await page.goto(origin);
  await press(page, /maya@/);
  await heading(page, title);
  await looksRight(page, code);
  await page.close();
});

test('an address that is not confirmed', async () => {
  const { page, origin } = await open();
  await pretend(page, { api: { '/api/me': refusal(403, 'email_not_verified', '') }, verified: false });
  await page.goto(origin);
  await press(page, /maya@/);
  await heading(page, 'Confirm your email');
  await press(page, 'Send the link');
  await page.getByRole('link', { name: 'Open the link that would be in it' }).waitFor();
  await press(page, 'I have opened it');
  await page.getByText('has not been opened yet').waitFor();
  expect(await page.getByRole('button', { name: /^Send again in \d+ s$/ }).isDisabled()).toBe(true);
  await looksRight(page, 'confirm-email');
  await page.close();
});

test('what is stored, and the question before it goes', async () => {
  const { page, origin } = await open();
  await pretend(page);
  await page.goto(`${origin}/me`);
  await signIn(page);
  await heading(page, 'Your calls');
  await looksRight(page, 'stored');
  await press(page, 'Delete everything');
  await page.getByRole('dialog').waitFor();
  await looksRight(page, 'erase');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const focused = await page.evaluate(() => document.activeElement?.textContent);
  expect(focused, 'the focus is back where it came from').toBe('Delete everything');
  await page.close();
});

test('double text size and long words lose nothing', async () => {
  const { page, origin } = await open();
  const name = 'Donaudampfschifffahrtsgesellschaftskapitänswitwenversicherung';
  await pretend(page, {
    api: { '/api/config': { ...CONFIG, company_name: name, company: { ...CONFIG.company, name } } },
  });
  await page.goto(`${origin}/sign-up`);
  await doubleTheText(page);
  await heading(page, 'Create an account');
  await looksRight(page, 'large-sign-up');
  await page.goto(`${origin}/me`);
  await doubleTheText(page);
  await signIn(page);
  await heading(page, 'Your calls');
  await looksRight(page, 'large-stored');
  await page.close();
});

test('another company: its name, its logo, a colour that could not be read as it is', async () => {
  const { page, origin } = await open();
  const logo =
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='160' height='32'><rect width='32' height='32' rx='8' fill='gold'/></svg>";
  await page.route('**/api/logo', (route) =>
    route.fulfill({ contentType: 'image/svg+xml', body: decodeURIComponent(logo.split(',')[1] ?? '') }),
  );
  const company = {
    ...CONFIG.company,
    name: 'Sonnenblume',
    logo_url: '/api/logo',
    accent: 'oklch(0.86 0.17 92)',
  };
  await pretend(page, { api: { '/api/config': { ...CONFIG, company_name: company.name, company } } });
  await page.goto(origin);
  await page.getByRole('img', { name: 'Sonnenblume' }).waitFor();
  await looksRight(page, 'company-sign-in');
  await signIn(page);
  await page.getByText('Earlier calls').waitFor();
  await looksRight(page, 'company-start');
  await page.close();
});

test('by keyboard alone: in, to what is stored, a call deleted or not, out', async () => {
  const { page, origin } = await open();
  await page.setViewportSize(SIZES.desktop);
  await pretend(page);
  await page.goto(origin);
  await page.getByLabel('Email').waitFor();
  const at = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      const label =
        element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element?.textContent;
      return (label ?? '').trim();
    });
  /** Tab until what is focused is called so; the way there is what a keyboard's owner has to go. */
  const tabTo = async (name: string | RegExp) => {
    for (let steps = 0; steps < 40; steps += 1) {
      await page.keyboard.press('Tab');
      const here = await at();
      if (typeof name === 'string' ? here === name : name.test(here)) return;
    }
    throw new Error(`${name} cannot be reached with Tab`);
  };
  await tabTo('Email');
  await page.keyboard.type('maya@tidewater.example');
  await tabTo('Password');
  await page.keyboard.type('x');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await tabTo('Skip to the page');
  await page.keyboard.press('Enter');
  await tabTo(/^Talk to support/);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await tabTo('Your data');
  await page.keyboard.press('Enter');
  await heading(page, 'Your calls');
  expect(await page.evaluate(() => document.activeElement?.id), 'the focus has moved to the new page').toBe(
    'content',
  );
  await tabTo(/^Delete the call/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Delete this call?' }).waitFor();
  await tabTo('Keep it');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(await at()).toMatch(/^Delete the call/);
  expect(await axeFaults(page)).toEqual([]);
  await page.close();
});
