/** A person's way to a call and away from it, for real: an account, a confirmed address, a refusal, a deletion. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launch } from './browser';
import { Caller } from './caller';
import { looksRight } from './looks';
import { disableAtFirebase, freshAddress, introduce, PASSWORD, users } from './people';
import { type Stack, useStack } from './stack';

let stack: Stack;
let browser: Browser;
let caller: Caller;
let page: Page;

beforeAll(async () => {
  stack = await useStack();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
});
beforeEach(async () => {
  caller = await Caller.arrive(browser, stack, { viewport: { width: 390, height: 844 } });
  page = caller.page;
});
afterEach(async () => {
  await caller.leave();
  expect(caller.faults, 'uncaught errors of the page').toEqual([]);
});

const press = (name: string | RegExp) => caller.press(name);
const follow = (name: string | RegExp) => page.getByRole('link', { name }).click();
const heading = (name: string | RegExp) => caller.heading(name);
const said = (words: string | RegExp) => caller.said(words);

async function fill(email: string, password = PASSWORD) {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
}

const looks = (name: string) => looksRight(page, name);

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
  await looks('confirm-email');

  const link = await mailedLink();
  const { page: mail } = await caller.secondTab();
  await mail.goto(link);
  await mail.getByRole('heading', { name: 'Your email is confirmed' }).waitFor();
  await mail.goto(`${link}&again`);
  await mail.getByRole('heading', { name: 'This link does not work' }).waitFor();
  await looksRight(mail, 'link-used');
  await mail.close();

  // The waiting page notices it when it is looked at again, or when it is told.
  const told = page.getByRole('button', { name: 'I have opened it' });
  if (await told.isVisible()) await told.click().catch(() => undefined);
  await heading('We do not know this address');
  await looks('not-known');
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

  await caller.ready();
  await caller.type();
  await caller.answered(0);
  await caller.ask('How do I invite a teammate?');
  await caller.answered(1);
  await caller.hangUp();

  await page.goto(`${stack.url}/me`);
  await heading('Your calls');
  const group = (name: string) => page.getByRole('region', { name });
  await group('Your profile').getByText('Confirmed').waitFor();
  await group('Your account').getByText('14').waitFor();
  await group('Your account').getByText(`${email} on its list of customers`).waitFor();
  await group('Your calls').getByRole('link', { name: /^Read/ }).waitFor();
  await looks('stored');

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
  await looks('erase');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete everything' }).click();
  await said(/is deleted, and you are signed out/);
  await looks('erased');
  await signIn(email);
  await said(/do not belong together/);
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
  await mailedLink();
  await looks('reset-password');
  const link = await mailedLink();
  await page.goto(link);
  await page.getByLabel('New password').fill('quite-another-one');
  await looks('new-password');
  await press('Save and sign in');
  // Whoever could open the link has shown that the address is theirs.
  await heading('We do not know this address');
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
  await looks('sign-up');

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
  await looks('disabled');
  users(stack, 'enable', email);
  await page.reload();
  await heading('Tidewater support');

  const { page: other } = await caller.secondTab();
  await other.goto(stack.url);
  await other.getByRole('button', { name: 'Sign out' }).click();
  await said('Your sign-in has ended. Sign in again to go on.');
});
