/**
 * Every page and every state of a call at phone and desktop width, light and dark, without a stack: no accessibility
 * fault, nothing wider than the screen. The pictures are left in test-results/looks to be looked at.
 */
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFaults } from './axe';
import { launch } from './browser';
import { pretend } from './pretend-api';

const PICTURES = `${import.meta.dirname}/../test-results/looks`;
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const;
const STATES = ['speaking', 'listening', 'waiting', 'typing', 'blocked', 'reconnecting'];

let vite: ViteDevServer;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  vite = await createServer({
    root: `${import.meta.dirname}/..`,
    server: { port: 0, host: '127.0.0.1', watch: null, hmr: false, proxy: {} },
    logLevel: 'error',
  });
  await vite.listen();
  origin = vite.resolvedUrls?.local[0]?.replace(/\/$/, '') ?? '';
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await vite?.close();
});

async function newPage(): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  return page;
}

/** Checks the page as it stands at every size and in both themes. */
async function looksRight(page: Page, name: string) {
  await page.evaluate(() => document.fonts.ready);
  const wrong: string[] = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const at = `${name}-${size}-${colorScheme}`;
      wrong.push(...(await axeFaults(page)).map((fault) => `${at}: ${fault}`));
      await page.screenshot({ path: `${PICTURES}/${at}.png` });
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (beyond > 0) wrong.push(`${at}: ${beyond} px beyond the right edge`);
    }
  }
  expect(wrong).toEqual([]);
}

async function signIn(page: Page) {
  await page.getByRole('button', { name: /maya@/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

test('every page', async () => {
  const page = await newPage();
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
  const page = await newPage();
  await pretend(page, { '/readyz': { status: 'warming_up' }, '/api/me/calls': { calls: [] } });
  await page.goto(origin);
  await signIn(page);
  await page.getByText('warming up').waitFor();
  await looksRight(page, 'start-warming-up');
  await page.close();
});

test.each(STATES)('a call: %s', async (state) => {
  const page = await newPage();
  await page.goto(`${origin}/e2e/gallery/?state=${state}`);
  await page.getByRole('toolbar', { name: 'Call' }).waitFor();
  await looksRight(page, `in-call-${state}`);
  await page.close();
});

test('the sheet of sources on a phone', async () => {
  const page = await newPage();
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
  const page = await newPage();
  await page.setViewportSize(SIZES.phone);
  await pretend(page);
  await page.goto(origin);
  await signIn(page);
  await page.addStyleTag({ content: 'html { font-size: 200% }' });
  await page.getByText('Earlier calls').waitFor();
  await looksRight(page, 'large-start');
  await page.setViewportSize(SIZES.phone);
  await page.goto(`${origin}/e2e/gallery/?state=typing`);
  await page.addStyleTag({ content: 'html { font-size: 200% }' });
  const end = await page.getByRole('button', { name: 'End', exact: true }).boundingBox();
  expect((end?.y ?? 0) + (end?.height ?? 0), 'the way out stays on the screen').toBeLessThan(
    SIZES.phone.height,
  );
  await looksRight(page, 'large-in-call');
  await page.close();
});
