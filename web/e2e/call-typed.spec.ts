/** A call without a mouse, a microphone or a loudspeaker: by keyboard alone, and by what a screen reader says. */
import { expect, test } from 'vitest';
import type { Caller } from './caller';
import { bringCallers } from './callers';
import { giveHearing, spoken } from './hearing';
import { looksRight } from './looks';
import { giveMouthAndEar, secondsHeard } from './sound';

const { stack, someone } = bringCallers();
let caller: Caller;

const key = (name: string) => caller.page.keyboard.press(name);
/** The accessible name of what has the focus. */
const focused = () =>
  caller.page.evaluate(() => {
    const at = document.activeElement;
    const label = at?.id ? document.querySelector(`label[for="${at.id}"]`)?.textContent : null;
    return at?.getAttribute('aria-label') ?? label ?? at?.textContent?.trim() ?? '';
  });

/** Tab until this has the focus: what cannot be reached so is not there. */
async function tabTo(name: string | RegExp) {
  for (let steps = 0; steps < 40; steps += 1) {
    await key('Tab');
    const at = await focused();
    if (typeof name === 'string' ? at === name : name.test(at)) return;
  }
  throw new Error(`${name} cannot be reached with the Tab key; the focus is on "${await focused()}".`);
}

test('from the start to the rating with the keyboard alone', async () => {
  caller = await someone({ prepare: giveHearing });
  await caller.page.goto(stack().url);
  await caller.page.getByRole('button', { name: /^maya@/ }).waitFor();
  await tabTo(/^maya@/);
  await key('Enter');
  await caller.ready();
  await tabTo('or type instead');
  await key('Enter');

  // The field has the focus; the greeting is read out, not spoken over.
  await caller.answered(0);
  expect(await focused()).toBe('Your question');
  expect((await spoken(caller.page)).join('\n')).toMatch(/Waiting for the assistant[\s\S]*Assistant: .*AI/);

  await caller.page.keyboard.type('How do I reset my password?');
  await key('Enter');
  const answer = await caller.answered(1);
  expect(answer).toMatch(/password/i);
  const heard = (await spoken(caller.page)).join('\n');
  expect(heard).toContain('You: How do I reset my password?');
  expect(heard).toContain(`Assistant: ${answer}`);
  expect(heard).not.toMatch(/^Speaking$/m);
  await looksRight(caller.page, 'call-typed');

  // Keys are letters while a field has the focus, and shortcuts once it has not.
  await caller.page.keyboard.type('m?');
  expect(await caller.page.getByLabel('Your question').inputValue()).toBe('m?');
  await key('Escape');
  expect(await focused()).toBe('Type');
  await key('?');
  await caller.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await looksRight(caller.page, 'call-keys');
  await key('Escape');
  await key('t');
  expect(await focused()).toBe('Your question');
  await key('Escape');

  await tabTo(/^Reset your password|^Open/);
  await tabTo('End');
  await key('Enter');
  await caller.ended('you');
  expect(await focused()).toBe('You ended the call.');
  await tabTo('No');
  await key('Space');
  await caller.said('Your support team will see it.');
  await tabTo(/A word is enough/);
  await caller.page.keyboard.type('too long');
  await key('Enter');
  await caller.said('kept with this call');
  await looksRight(caller.page, 'after-rated');
  await tabTo('Back to start');
  await key('Enter');
  await caller.ready();
});

test('single keys do nothing once they are switched off', async () => {
  caller = await someone();
  await caller.signIn('leo');
  await caller.type();
  await caller.inCall();
  expect(await caller.control('End').getAttribute('aria-keyshortcuts')).toBe('Shift+E');
  await key('Escape');
  await key('?');
  await caller.page.getByLabel('Use these keys').click();
  await key('Escape');
  expect(await caller.control('End').getAttribute('aria-keyshortcuts')).toBeNull();
  await key('Shift+E');
  await key('t');
  expect(await caller.page.getByLabel('Your question').count()).toBe(0);
  await caller.hangUp();
});

test('a person is one tap away, and the voice can be turned on', async () => {
  caller = await someone({ prepare: giveMouthAndEar });
  await caller.signIn('leo');
  await caller.type();
  await caller.answered(0);
  expect(await secondsHeard(caller.page), 'nothing sounds for who types').toBeLessThan(0.2);
  await caller.press('Turn the assistant’s voice on');
  await caller.page.getByRole('button', { name: 'Turn the assistant’s voice off' }).waitFor();
  await caller.control('Get a person').click();
  await caller.said('Let me talk to a person');
  expect((await caller.answered(1)).length).toBeGreaterThan(10);
  expect(await secondsHeard(caller.page)).toBeGreaterThan(0.5);
  await caller.hangUp();
});
