/** Pages without a stack: a development server, a browser, and what is asked of each page at every size and theme. */
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect } from 'vitest';
import { axeFaults } from './axe';
import { launch } from './browser';

export const PICTURES = `${import.meta.dirname}/../test-results/looks`;
export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const;

let vite: ViteDevServer;
let browser: Browser;
let origin = '';

/** Called once by each spec; `open` gives a page of a context of its own and where the pages are. */
export function startLooks(): { open: () => Promise<{ page: Page; origin: string }> } {
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
  return {
    open: async () => {
      const page = await browser.newPage();
      page.setDefaultTimeout(60_000); // the first page of a new browser, beside all other tests, took more than 15 s
      return { page, origin };
    },
  };
}

const THEMES = ['light', 'dark'] as const;

/** Checks the page as it stands at every size and in each theme; the pictures are left to be looked at. */
export async function looksRight(
  page: Page,
  name: string,
  themes: readonly (typeof THEMES)[number][] = THEMES,
): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  const wrong: string[] = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of themes) {
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

/** As the demo's Maya, on a page that `pretend` answers. */
export async function signIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: /maya@/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

export const doubleTheText = (page: Page) => page.addStyleTag({ content: 'html { font-size: 200% }' });
