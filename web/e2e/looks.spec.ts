/**
 * Every page and every state of a call at phone and desktop width, light and dark, without a stack: no accessibility
 * fault, nothing wider than the screen. The pictures are left in test-results/looks to be looked at.
 */
import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

async function newPage(options: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(15_000);
  return page;
}

async function looksRight(page: Page, name: string) {
  await page.evaluate(() => document.fonts.ready);
  const faults = await axeFaults(page);
  await page.screenshot({ path: `${PICTURES}/${name}.png` });
  expect(faults).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, 'pixels beyond the right edge').toBeLessThanOrEqual(0);
}

async function signIn(page: Page) {
  await page.getByRole('button', { name: /maya@/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    describe(`${size}, ${colorScheme}`, () => {
      const open = () => newPage({ viewport, colorScheme });

      test('pages', async () => {
        const page = await open();
        await pretend(page);
        await page.goto(origin);
        await page.getByRole('heading', { name: 'Tidewater support' }).waitFor();
        await looksRight(page, `${size}-${colorScheme}-sign-in`);
        await signIn(page);
        await page.getByText('Earlier calls').waitFor();
        await looksRight(page, `${size}-${colorScheme}-start`);
        await page.getByRole('link', { name: /reset your password/ }).click();
        await page.getByText('(interrupted)').waitFor();
        await looksRight(page, `${size}-${colorScheme}-call`);
        await page.goto(`${origin}/help/a1?quote=Enter the email address of your account`);
        await page.locator('mark').first().waitFor();
        await looksRight(page, `${size}-${colorScheme}-article`);
        await page.goto(`${origin}/nowhere`);
        await page.getByText('There is no page here').waitFor();
        await looksRight(page, `${size}-${colorScheme}-not-found`);
        await page.close();
      });

      test('a call in every state', async () => {
        const page = await open();
        for (const state of STATES) {
          await page.goto(`${origin}/e2e/gallery/?state=${state}`);
          await page.getByRole('toolbar', { name: 'Call' }).waitFor();
          await looksRight(page, `${size}-${colorScheme}-in-call-${state}`);
        }
        await page.close();
      });
    });
  }
}

test('double text size on a phone loses nothing', async () => {
  const page = await newPage({ viewport: SIZES.phone });
  await pretend(page);
  await page.goto(origin);
  await page.addStyleTag({ content: 'html { font-size: 200% }' });
  await signIn(page);
  await page.getByText('Earlier calls').waitFor();
  await looksRight(page, 'phone-large-start');
  await page.goto(`${origin}/e2e/gallery/?state=typing`);
  await page.addStyleTag({ content: 'html { font-size: 200% }' });
  await page.getByRole('toolbar', { name: 'Call' }).waitFor();
  const end = await page.getByRole('button', { name: 'End' }).boundingBox();
  expect((end?.y ?? 0) + (end?.height ?? 0), 'the way out stays on the screen').toBeLessThan(844);
  await looksRight(page, 'phone-large-in-call');
  await page.close();
});
