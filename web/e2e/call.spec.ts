/** A person, a browser and the whole real stack: the way from the sign-in to the earlier call. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { axeFaults } from './axe';
import { launch } from './browser';
import { giveMouthAndEar, say, secondsHeard } from './sound';
import { type Stack, speak, useStack } from './stack';

let stack: Stack;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  stack = await useStack();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ['microphone'] });
  page = await newPage();
});
afterEach(async () => {
  await context.close();
  expect(faults, 'uncaught errors of the page').toEqual([]);
});

async function newPage(): Promise<Page> {
  faults = [];
  const opened = await context.newPage();
  opened.setDefaultTimeout(30_000);
  opened.on('pageerror', (error) => faults.push(String(error)));
  await giveMouthAndEar(opened);
  return opened;
}

async function signIn(who: string) {
  await page.goto(stack.url);
  await page.getByRole('button', { name: new RegExp(`^${who}@`) }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

const inPhase = (...phases: string[]) =>
  page.waitForSelector(phases.map((phase) => `[data-phase="${phase}"]`).join(','));
/** Mute, Type, Get a person, End. */
const control = (name: string) =>
  page.getByRole('toolbar', { name: 'Call' }).getByRole('button', { name, exact: true });
const lines = (speaker: 'caller' | 'assistant') =>
  page.locator(`li[data-speaker="${speaker}"][data-partial="false"]`);
const words = (speaker: 'caller' | 'assistant') => lines(speaker).locator('[data-words]').allTextContents();

/** The assistant has said its piece: a new finished line, and it listens again. */
async function answered(already: number): Promise<string> {
  await lines('assistant').nth(already).waitFor();
  await inPhase('listening');
  return (await words('assistant')).slice(already).join(' ');
}

describe('a spoken call', () => {
  test('question and answer aloud, the source on screen, a typed question, the record', async () => {
    await signIn('maya');
    await page.locator('button:enabled', { hasText: 'Talk to support' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    const [token] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith('/api/token') && response.status() === 201),
      page.getByRole('button', { name: 'Talk to support' }).click(),
    ]);
    const { call_id } = (await token.json()) as { call_id: string };

    await inPhase('speaking');
    const greeting = await answered(0);
    expect(greeting).toMatch(/AI/);
    expect(await secondsHeard(page), 'seconds of greeting heard').toBeGreaterThan(1);

    await say(page, await speak(stack, 'How do I reset my password?'));
    const answer = await answered(1);
    expect((await words('caller')).join(' ')).toMatch(/reset my password/i);
    expect(answer.length).toBeGreaterThan(20);
    expect(await secondsHeard(page), 'seconds of answer heard').toBeGreaterThan(1);

    const card = page.getByRole('complementary', { name: 'Sources' }).getByRole('article').first();
    expect(await card.textContent()).toMatch(/password/i);
    const quote = (await card.locator('blockquote').first().textContent()) ?? '';
    expect(await axeFaults(page)).toEqual([]);

    const [article] = await Promise.all([context.waitForEvent('page'), card.getByRole('link').click()]);
    await article.locator('mark').first().waitFor();
    const marked = (await article.locator('mark').first().textContent()) ?? '';
    expect(quote.toLowerCase()).toContain(marked.toLowerCase().slice(0, 12));
    expect(await axeFaults(article)).toEqual([]);
    await article.close();
    expect(await secondsHeard(page), 'nothing is said while the caller reads').toBeLessThan(0.5);

    const before = await lines('assistant').count();
    await control('Type').click();
    await page.getByLabel('Your question').fill('How do I invite a teammate?');
    await page.keyboard.press('Enter');
    expect(await answered(before)).toMatch(/invite/i);
    expect((await words('caller')).join(' ')).toContain('How do I invite a teammate?');

    await control('Mute').click();
    await page.getByText('your microphone is off').waitFor();
    await control('End').click();
    await page.getByRole('heading', { name: 'You ended the call.' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);

    await page.getByRole('button', { name: 'Back to start' }).click();
    const record = page.getByRole('list', { name: 'What was said' });
    // Closed a moment after it ended, it appears without a reload.
    await page.getByRole('region', { name: 'Earlier calls' }).locator(`a[href="/calls/${call_id}"]`).click();
    await record.getByText('How do I invite a teammate?', { exact: true }).waitFor();
    expect(await record.getByRole('article').count()).toBeGreaterThan(0);
    expect(await axeFaults(page)).toEqual([]);
  });

  test('goodbye ends the call and says so', async () => {
    await signIn('leo');
    await page.getByRole('button', { name: 'Talk to support' }).click();
    await inPhase('speaking');
    await answered(0);
    await say(page, await speak(stack, 'Thank you, goodbye.'));
    await page.waitForSelector('[data-ending="assistant"]');
  });
});

describe('a typed call', () => {
  test('needs no microphone, and a person is one tap away', async () => {
    await signIn('leo');
    await page.getByRole('button', { name: 'or type instead' }).click();
    await answered(0);
    await page.getByText('your microphone is off').waitFor();
    await control('Get a person').click();
    await page.getByText('Let me talk to a person').first().waitFor();
    expect((await answered(1)).length).toBeGreaterThan(10);
    await control('End').click();
    await page.getByRole('heading', { name: 'You ended the call.' }).waitFor();
  });
});

describe('a blocked microphone', () => {
  test('is said with the mend, and the call goes on by typing', async () => {
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('denied', 'NotAllowedError'));
    });
    await signIn('leo');
    await page.getByRole('button', { name: 'Talk to support' }).click();
    await page.getByText('Your microphone is blocked.').waitFor();
    await answered(0);
    await control('End').click();
    await page.getByRole('heading', { name: 'You ended the call.' }).waitFor();
  });
});

describe('what is not there', () => {
  test('a wrong password, an unknown call, article and page each have their sentence', async () => {
    await page.goto(stack.url);
    await page.getByLabel('Email').fill('maya@tidewater.example');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('do not belong together').waitFor();
    await signIn('maya');
    const unknown = '00000000-0000-4000-8000-000000000000';
    for (const [path, sentence] of [
      [`/calls/${unknown}`, 'This call is not here'],
      [`/help/${unknown}`, 'This article is not here'],
      ['/nowhere/at/all', 'There is no page here'],
    ] as const) {
      await page.goto(stack.url + path);
      await page.getByRole('heading', { name: sentence }).waitFor();
    }
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Sign in to talk to us.').waitFor();
  });
});
