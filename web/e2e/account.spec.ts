/** A person's way to a call and away from it, for real: an account, a confirmed address, a refusal, a deletion. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { axeFaults } from './axe';
import { launch } from './browser';
import { disableAtFirebase, freshAddress, introduce, PASSWORD, users } from './people';
import { type Stack, useStack } from './stack';

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
});
beforeEach(async () => {
  faults = [];
  context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  page = await newPage();
});
afterEach(async () => {
  await context.close();
  expect(faults, 'uncaught errors of the page').toEqual([]);
});

async function newPage(): Promise<Page> {
  const opened = await context.newPage();
  opened.setDefaultTimeout(20_000);
  opened.on('pageerror', (error) => faults.push(String(error)));
  return opened;
}

const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const follow = (name: string | RegExp) => page.getByRole('link', { name }).click();
const heading = (name: string | RegExp) => page.getByRole('heading', { name }).waitFor();
const said = (words: string | RegExp) => page.getByText(words).first().waitFor();

async function fill(email: string, password = PASSWORD) {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
}

async function signUp(email: string) {
  await page.goto(stack.url);
  await follow('Create an account');
  await fill(email);
  await press('Create account');
}

async function signIn(email: string, password = PASSWORD) {
  await page.goto(stack.url);
  await fill(email, password);
  await press('Sign in');
}

/** What the mail would hold; the demo shows it. */
async function mailedLink(): Promise<string> {
  const link = page.getByRole('link', { name: 'Open the link that would be in it' });
  return stack.url + (await link.getAttribute('href'));
}

async function confirmHere() {
  await page.goto(await mailedLink());
  await heading('Your email is confirmed');
  await follow('Go on');
}

test('a stranger may have an account, and still cannot call', async () => {
  const email = freshAddress('stranger', 'elsewhere.example');
  await signUp(email);
  await heading('Confirm your email');
  await said(/We sent a link to/);
  await press('I have opened it');
  await said(/has not been opened yet/);
  expect(await page.getByRole('button', { name: /^Send again in \d+ s$/ }).isDisabled()).toBe(true);

  const link = await mailedLink();
  const mail = await newPage();
  await mail.goto(link);
  await mail.getByRole('heading', { name: 'Your email is confirmed' }).waitFor();
  await mail.goto(`${link}&again`);
  await mail.getByRole('heading', { name: 'This link does not work' }).waitFor();
  await mail.close();

  // The waiting page notices it when it is looked at again, or when it is told.
  const told = page.getByRole('button', { name: 'I have opened it' });
  if (await told.isVisible()) await told.click().catch(() => undefined);
  await heading('We do not know this address');
  expect(await axeFaults(page)).toEqual([]);
  expect(users(stack, 'list', '--json')).not.toContain(email);
  await press('Use another account');
  await said('Sign in to talk to us.');
});

test('a customer the company knows: account, confirmed address, call, what is stored, deleted', async () => {
  const email = freshAddress('nora');
  introduce(stack, email);
  await signUp(email);
  await heading('Confirm your email');
  await confirmHere();
  await heading('Tidewater support');

  await page.getByRole('button', { name: 'or type instead' }).click();
  await page.waitForSelector('[data-phase="listening"]');
  await page.getByLabel('Your question').fill('How do I invite a teammate?');
  await page.keyboard.press('Enter');
  await page.locator('li[data-speaker="assistant"][data-partial="false"]').nth(1).waitFor();
  await page.waitForSelector('[data-phase="listening"]');
  await page.getByRole('toolbar', { name: 'Call' }).getByRole('button', { name: 'End', exact: true }).click();
  await heading('You ended the call.');

  await page.goto(`${stack.url}/me`);
  await heading('Your calls');
  const group = (name: string) => page.getByRole('region', { name });
  await group('Your profile').getByText('Confirmed').waitFor();
  await group('Your account').getByText('14').waitFor();
  await group('Your calls').getByRole('link', { name: /^Read/ }).waitFor();
  expect(await axeFaults(page)).toEqual([]);

  const [download] = await Promise.all([page.waitForEvent('download'), press('Download as JSON')]);
  expect(download.suggestedFilename()).toMatch(/^Tidewater-calls-\d{4}-\d\d-\d\d\.json$/);
  const taken = JSON.parse(readFileSync(await download.path(), 'utf8'));
  expect(taken.profile.email).toBe(email);
  expect(JSON.stringify(taken.calls)).toContain('How do I invite a teammate?');

  await group('Your calls')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await press('Delete the call');
  await group('Your calls').getByText('None yet.').waitFor();

  await press('Delete everything');
  await page.getByLabel(/^Type “delete”/).fill('delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete everything' }).click();
  await said(/is deleted, and you are signed out/);
  await signIn(email);
  await heading('We do not know this address');
});

test('a forgotten password: a link, a new one, the old one no more', async () => {
  const email = freshAddress('forgetful');
  await signUp(email);
  await heading('Confirm your email');
  await press('Use another account');
  await signIn(email, 'not-the-password');
  await said(/do not belong together/);
  await follow('Set a new password');
  expect(await page.getByLabel('Email').inputValue(), 'the address is kept').toBe(email);
  await press('Send the link');
  const link = await mailedLink();
  await page.goto(link);
  await page.getByLabel('New password').fill('quite-another-one');
  await press('Save and sign in');
  await heading('Confirm your email');
  await press('Use another account');
  await signIn(email, PASSWORD);
  await said(/do not belong together/);
  await page.goto(link);
  await heading('This link does not work');
  await follow('Send a new link');
  await heading('Set a new password');
});

test('what the sign-in service refuses has a sentence and a way on', async () => {
  await page.goto(`${stack.url}/sign-up`);
  await fill('maya@tidewater.example');
  await press('Create account');
  await said(/There is an account with this email already/);

  const email = freshAddress('locked');
  await signUp(email);
  await heading('Confirm your email');
  await disableAtFirebase(stack, email);
  await press('Use another account');
  await signIn(email);
  await said(/This account is switched off/);

  await page.route(`${stack.auth_emulator}/**`, (route) => route.abort());
  await press('Sign in');
  await said(/The sign-in service cannot be reached/);
  await page.unroute(`${stack.auth_emulator}/**`);
});

test('who is switched off here is told so, and who is let in again goes on', async () => {
  const email = freshAddress('paused');
  introduce(stack, email);
  await signUp(email);
  await confirmHere();
  await heading('Tidewater support');
  users(stack, 'disable', email);
  await page.reload();
  await heading('This account is switched off');
  expect(await axeFaults(page)).toEqual([]);
  users(stack, 'enable', email);
  await page.reload();
  await heading('Tidewater support');

  const other = await newPage();
  await other.goto(stack.url);
  await other.getByRole('button', { name: 'Sign out' }).click();
  await said('Your sign-in has ended. Sign in again to go on.');
});
