/**
 * Every page and every state of a call at phone and desktop width, light and dark, without a stack: no accessibility
 * fault, nothing wider than the screen. The pictures are left in test-results/looks to be looked at.
 */
import { expect, test } from 'vitest';
import { axeFaults } from './axe';
import { doubleTheText, looksRight, PICTURES, SIZES, signIn, startLooks } from './looks';
import { pretend } from './pretend-api';

// The others are met in real calls: call*.spec.ts.
const STATES = ['speaking', 'listening', 'stand-in'];

const { open } = startLooks();

test('every page', async () => {
  const { page, origin } = await open();
  await pretend(page);
  await page.goto(origin);
  await page.getByRole('heading', { name: 'Tidewater support' }).waitFor();
  await looksRight(page, 'sign-in');
  await signIn(page);
  await page.getByText('Earlier calls').waitFor();
  await page.mouse.move(0, 0);
  await looksRight(page, 'start');
  await page.getByRole('link', { name: /reset your password/ }).click();
  await page.getByText('(interrupted)').waitFor();
  await looksRight(page, 'call');
  await page.goto(`${origin}/help/a1?quote=Enter the email address of your account`);
  await page.locator('mark').first().waitFor();
  await looksRight(page, 'article');
  await page.goto(`${origin}/nowhere`);
  await page.getByText('There is no page here').waitFor();
  await looksRight(page, 'not-found');
  await page.close();
});

test('the start page while the assistant warms up', async () => {
  const { page, origin } = await open();
  await pretend(page, { api: { '/readyz': { status: 'warming_up' }, '/api/me/calls': { calls: [] } } });
  await page.goto(origin);
  await signIn(page);
  await page.getByText('warming up').waitFor();
  await looksRight(page, 'start-warming-up');
  await page.close();
});

test.each(STATES)('a call: %s', async (state) => {
  const { page, origin } = await open();
  await page.goto(`${origin}/e2e/gallery/?state=${state}`);
  await page.getByRole('toolbar', { name: 'Call' }).waitFor();
  await looksRight(page, `in-call-${state}`);
  await page.close();
});

test('the sheet of sources on a phone', async () => {
  const { page, origin } = await open();
  await page.setViewportSize(SIZES.phone);
  await page.goto(`${origin}/e2e/gallery/?state=speaking`);
  await page.getByRole('button', { name: /show all/ }).click();
  await page.getByRole('dialog').getByText('Reset your password', { exact: true }).waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.screenshot({ path: `${PICTURES}/sheet-phone.png` });
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.close();
});

test('double text size on a phone loses nothing', async () => {
  const { page, origin } = await open();
  await page.setViewportSize(SIZES.phone);
  await pretend(page);
  await page.goto(origin);
  await signIn(page);
  await doubleTheText(page);
  await page.getByText('Earlier calls').waitFor();
  await looksRight(page, 'large-start', ['light']);
  await page.setViewportSize(SIZES.phone);
  await page.goto(`${origin}/e2e/gallery/?state=typing`);
  await doubleTheText(page);
  const end = await page.getByRole('button', { name: 'End', exact: true }).boundingBox();
  expect((end?.y ?? 0) + (end?.height ?? 0), 'the way out stays on the screen').toBeLessThan(
    SIZES.phone.height,
  );
  await looksRight(page, 'large-in-call', ['light']);
  await page.close();
});
