/** What the stack cannot easily be brought to show around a call: much, large, long, another company; the keyboard. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeFaults } from './axe';
import { doubleTheText, looksRight, SIZES, signIn, startLooks } from './looks';
import { CONFIG, pretend } from './pretend-api';

const { open } = startLooks();

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).waitFor();
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

test('what is stored when there is much, and the question before it goes', async () => {
  const { page, origin } = await open();
  await pretend(page);
  await page.goto(`${origin}/me`);
  await signIn(page);
  await heading(page, 'Your calls');
  await looksRight(page, 'stored-full');
  await press(page, 'Delete everything');
  await page.getByRole('dialog').waitFor();
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
  await looksRight(page, 'large-sign-up', ['light']);
  await page.goto(`${origin}/me`);
  await doubleTheText(page);
  await signIn(page);
  await heading(page, 'Your calls');
  await looksRight(page, 'large-stored', ['light']);
  await page.close();
});

test('another company: its name, its logo, an unreadable colour, a door open to the unconfirmed', async () => {
  const { page, origin } = await open();
  const logo =
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18" fill="orange"/></svg>';
  await page.route('**/logo.svg', (route) => route.fulfill({ contentType: 'image/svg+xml', body: logo }));
  const company = {
    ...CONFIG.company,
    name: 'Sonnenblume',
    logo_url: '/logo.svg',
    accent: 'oklch(0.86 0.17 92)',
  };
  const own = { ...CONFIG, company_name: company.name, company, signup: 'open', retention_days: 0 };
  await pretend(page, { api: { '/api/config': own }, verified: false });
  await page.goto(origin);
  await page.getByRole('img', { name: 'Sonnenblume' }).waitFor();
  await looksRight(page, 'company-sign-in');
  await signIn(page);
  await page.getByText('Earlier calls').waitFor();
  await page.getByText('not confirmed yet').waitFor();
  await looksRight(page, 'company-start');
  await page.close();
});

test('what a screen reader is given of the sign-up', async () => {
  const { page, origin } = await open();
  await pretend(page);
  await page.goto(`${origin}/sign-up`);
  await heading(page, 'Create an account');
  expect(await page.title()).toBe('Create an account · Tidewater support');
  expect(await page.locator('main').ariaSnapshot()).toMatchInlineSnapshot(`
    "- main:
      - heading "Create an account" [level=1]
      - text: "For customers of Tidewater: use the email address Tidewater knows you by. Email"
      - textbox "Email"
      - paragraph: We send a link there to confirm that the address is yours.
      - text: Password
      - textbox "Password"
      - button "Show what you type"
      - paragraph: At least 6 characters.
      - button "Create account"
      - paragraph:
        - link "Sign in instead":
          - /url: /
      - paragraph: An AI answers the calls. What is said is kept as text for 90 days, then deleted; the sound is not kept.
      - paragraph:
        - link "Privacy policy of Tidewater":
          - /url: https://tidewater.example/privacy"
  `);
  await page.getByRole('button', { name: 'Show what you type' }).click();
  expect(await page.getByLabel('Password').getAttribute('type')).toBe('text');
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
