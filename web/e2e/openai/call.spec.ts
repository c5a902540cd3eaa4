/**
 * A whole spoken call with a language model, at the page of INSTA_E2E_URL. tests/e2e/test_page_openai.py starts it,
 * plays OpenAI, and looks at what OpenAI was asked; what is said on both sides is in conversation.json.
 */
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Caller } from '../caller';
import { bringCallers } from '../callers';
import { giveMouthAndEar, say, secondsHeard } from '../sound';
import { speak } from '../stack';
import spoken from './conversation.json';

const { INSTA_E2E_URL: url = '', INSTA_E2E_MODE: mode = '', INSTA_E2E_MODEL: model = '' } = process.env;
const INTRODUCED = {
  realtime: 'A language model hears you and answers aloud',
  pipeline: 'A language model reads what you said and answers',
};
/** The mind's own words for it, those of the app, and what the app says when it heard nothing at all. */
const NOT_UNDERSTOOD = /say (that|it) (again|once more)|still (there|here)/i;

const { stack, someone } = bringCallers([], { permissions: ['microphone'], prepare: giveMouthAndEar });

test('asked, answered and cut short aloud, and remembered by the next call', async () => {
  const caller = await someone();
  const { page } = caller;
  const sources = page.getByRole('complementary', { name: 'Sources' }).getByRole('article');
  await caller.signIn('maya', url);
  await caller.said(INTRODUCED[mode as keyof typeof INTRODUCED]);
  const [token] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/api/token') && response.status() === 201),
    caller.talk(),
  ]);
  const { call_id } = (await token.json()) as { call_id: string };
  await caller.inPhase('speaking');
  expect(await caller.answered(0)).toMatch(/AI assistant/);
  expect(await secondsHeard(page), 'seconds of greeting heard').toBeGreaterThan(1);

  await ask(caller, spoken.knowledge);
  expect(await secondsHeard(page), 'seconds of answer heard').toBeGreaterThan(0.5);
  expect(await sources.first().textContent()).toContain('Reset your password');
  await ask(caller, spoken.account);
  await ask(caller, spoken.follow_up);

  const long = page
    .locator('li[data-speaker="assistant"]', { hasText: spoken.long.answer.slice(0, 16) })
    .last();
  await sayUntil(caller, spoken.long.says, long);
  await ask(caller, spoken.over_it);
  const heard = (await long.locator('[data-words]').textContent()) ?? '';
  expect(spoken.long.answer.startsWith(heard.replace(/\W+$/, '')), heard).toBe(true);
  expect(heard.length).toBeLessThan(spoken.long.answer.length);

  const over = page.getByRole('heading', { name: 'The conversation came to its end.' });
  await sayUntil(caller, spoken.goodbye.says, over);
  await page.locator('[data-summary]', { hasText: spoken.summary }).waitFor();
  await caller.said(spoken.open_question);

  // OpenAI answers no questions any more; the greeting needs no answer of it.
  await caller.press('Back to start');
  const record = page.getByRole('region', { name: 'Earlier calls' }).locator(`a[href="/calls/${call_id}"]`);
  await record.waitFor();
  await secondsHeard(page);
  await caller.talk();
  await caller.inPhase('speaking');
  expect(await caller.answered(0)).toContain(spoken.open_question);
  expect(await secondsHeard(page), 'seconds of the next greeting heard').toBeGreaterThan(1);
  await caller.control('Type').click();
  await caller.ask(spoken.in_writing);
  await caller.said('a simpler assistant stands in');
  expect(await caller.answered(1)).toMatch(/invoices/i);
  expect(await sources.first().textContent()).toContain('invoices');
  await caller.hangUp();

  // Afterwards the record says who thought of what.
  await caller.press('Back to start');
  await record.click();
  const turns = page.getByRole('list', { name: 'What was said' });
  await turns.getByText(spoken.knowledge.answer).waitFor();
  expect(await turns.getByTitle(model).allTextContents()).toContain(' · language model');
  await turns.getByText('prepared words').first().waitFor();
});

type Turn = { says: string; answer: string };

/** Asks aloud, and hears the answer out. */
async function ask(caller: Caller, { says, answer }: Turn) {
  await sayUntil(caller, says, caller.lines('assistant').filter({ hasText: answer }).first());
  await caller.inPhase('listening');
}

/** Says it again to an assistant that has not understood: on two full processors a browser's sound has gaps. */
async function sayUntil(caller: Caller, words: string, understood: Locator) {
  const wav = await speak(stack(), words);
  const asksAgain = caller.lines('assistant').filter({ hasText: NOT_UNDERSTOOD });
  for (let over = false; !over; ) {
    const asked = await asksAgain.count();
    await say(caller.page, wav);
    const again = asksAgain.nth(asked).waitFor();
    over = await Promise.race([
      understood.waitFor().then(() => true),
      again.then(() => caller.inPhase('listening')).then(() => false),
    ]);
  }
}
