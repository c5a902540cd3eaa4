/** The caller's microphone, for real: asked for with a word, refused, missing, taken away, silent, chosen. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { launch } from './browser';
import type { Caller } from './caller';
import { bringCallers } from './callers';
import { looksRight } from './looks';

// Chromium's own microphones, which beep.
const { stack, browser, someone } = bringCallers(['--use-fake-device-for-media-stream']);

/** What the address bar does: the browser itself takes the permission away. */
async function block(caller: Caller) {
  const session = await browser().newBrowserCDPSession();
  await session.send('Browser.setPermission', {
    permission: { name: 'microphone' },
    setting: 'denied',
    origin: new URL(stack().url).origin,
    browserContextId: await contextId(caller.page),
  });
  await session.detach();
}

async function contextId(page: Page): Promise<string | undefined> {
  const session = await page.context().newCDPSession(page);
  const { targetInfo } = await session.send('Target.getTargetInfo');
  await session.detach();
  return targetInfo.browserContextId;
}

test('is explained before it is asked for, refused, and allowed in the address bar', async () => {
  const caller = await someone();
  await caller.signIn('maya');
  await caller.talk();
  await caller.heading('First, your microphone');
  await looksRight(caller.page, 'asking-before');
  await caller.press('Continue');
  await caller.heading('Your microphone is blocked');
  await looksRight(caller.page, 'asking-blocked');
  await caller.context.grantPermissions(['microphone'], { origin: stack().url });
  // The page may have noticed by itself.
  await caller.page
    .getByRole('button', { name: 'Try again' })
    .click({ timeout: 2000 })
    .catch(() => undefined);
  await caller.inCall();
  await caller.control('Mute').waitFor();
  await caller.hangUp();
});

test('blocked from before: said at once, and typing is one tap away', async () => {
  const caller = await someone();
  await caller.signIn('leo');
  await caller.talk();
  await caller.press('Continue');
  await caller.heading('Your microphone is blocked');
  await caller.page.reload();
  await caller.ready();
  await caller.talk();
  await caller.heading('Your microphone is blocked');
  await caller.press('Type instead');
  await caller.answered(0);
  await caller.ask('How do I reset my password?');
  expect(await caller.answered(1)).toMatch(/password/i);
  await caller.hangUp();
});

test('in use by another program: said before the call and in it', async () => {
  const caller = await someone({
    prepare: (page) =>
      page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = async () => {
          throw new DOMException('Could not start audio source', 'NotReadableError');
        };
      }),
  });
  await caller.signIn('leo');
  await caller.talk();
  await caller.press('Continue');
  await caller.heading('Another program is using your microphone');
  await looksRight(caller.page, 'asking-busy');
  await caller.context.grantPermissions(['microphone'], { origin: stack().url });
  await caller.press('Back');
  await caller.talk();
  await caller.said('Another program is using your microphone. Close it, then unmute.');
  await caller.inCall();
  await caller.hangUp();
});

test('blocked in the middle of a call: said with the mend, the call goes on', async () => {
  const caller = await someone({ permissions: ['microphone'] });
  await caller.signIn('maya');
  await caller.talk();
  await caller.control('Mute').waitFor();
  await caller.inCall();
  await block(caller);
  await caller.said('Your microphone is blocked. Allow it in the address bar');
  await caller.said('your microphone is off');
  await looksRight(caller.page, 'call-blocked');
  await caller.control('Type').click();
  await caller.page.getByLabel('Your question').waitFor();
  await caller.hangUp();
});

test('none there: said before the call and in it', async () => {
  const bare = await launch();
  const caller = await someone({ permissions: ['microphone'] }, bare);
  try {
    await caller.signIn('leo');
    await caller.talk();
    await caller.said('No microphone was found. Plug one in');
    await caller.inCall();
    await looksRight(caller.page, 'call-no-microphone');
    await caller.press('Choose another');
    const sheet = caller.page.getByRole('dialog', { name: 'Microphone and speaker' });
    expect(await sheet.getByLabel('Microphone', { exact: true }).isDisabled()).toBe(true);
    await caller.page.keyboard.press('Escape');
    await caller.hangUp();
  } finally {
    await caller.leave();
    await bare.close();
  }
});

test('unplugged in the middle of a call: another one is offered', async () => {
  const caller = await someone({
    permissions: ['microphone'],
    prepare: (page) => page.addInitScript(unpluggable),
  });
  await caller.signIn('maya');
  await caller.talk();
  await caller.control('Mute').waitFor();
  await caller.inCall();
  await caller.page.evaluate(() => (window as unknown as { __unplug: () => void }).__unplug());
  await caller.said('Your microphone was disconnected.');
  await looksRight(caller.page, 'call-microphone-lost');
  await caller.hangUp();
});

/** The browser's own microphone, with a plug: pulled, its track ends and there is none any more. */
function unpluggable(): void {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  let unplugged = false;
  const tracks: MediaStreamTrack[] = [];
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (unplugged) throw new DOMException('Requested device not found', 'NotFoundError');
    const stream = await open(wanted);
    tracks.push(...stream.getAudioTracks());
    return stream;
  };
  (window as unknown as { __unplug: () => void }).__unplug = () => {
    unplugged = true;
    for (const track of tracks) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  };
}

test('on, and nothing comes from it: said, and another one is offered', async () => {
  const silence = (page: Page) =>
    page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = async () =>
        new AudioContext({ sampleRate: 48_000 }).createMediaStreamDestination().stream;
    });
  const caller = await someone({ permissions: ['microphone'], prepare: silence });
  await caller.signIn('leo');
  await caller.talk();
  await caller.inCall();
  await caller.said('Your microphone is on, but no sound comes from it.');
  await caller.press('Choose another');
  await caller.said('Say something: the bar follows your voice.');
  await caller.page.keyboard.press('Escape');
  await caller.hangUp();
});

test('is chosen and heard before the call, remembered, and changed in it', async () => {
  const caller = await someone({ permissions: ['microphone'] });
  await caller.signIn('maya');
  const sheet = caller.page.getByRole('dialog', { name: 'Microphone and speaker' });
  const choice = sheet.getByLabel('Microphone', { exact: true });
  await caller.press('Microphone and speaker');
  await sheet.getByText('We hear you.').waitFor();
  const names = await choice.locator('option').allTextContents();
  expect(names.length).toBeGreaterThan(1);
  await looksRight(caller.page, 'before-sound');
  await choice.selectOption({ index: 1 });
  const chosen = await choice.inputValue();
  await sheet.getByRole('button', { name: 'Play a sound' }).click();
  await caller.page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });

  await caller.page.reload();
  await caller.ready();
  await caller.talk();
  await caller.inCall();
  await caller.press('Microphone and speaker');
  expect(await choice.inputValue()).toBe(chosen);
  await sheet.getByText('We hear you.').waitFor();
  await looksRight(caller.page, 'call-sound');
  await choice.selectOption({ index: 0 });
  await sheet.getByText('We hear you.').waitFor();
  await caller.page.keyboard.press('Escape');
  await caller.hangUp();
});
