/**
 * What can go wrong in a call, brought about for real in a real browser against the real stack: each has its own
 * sentence and a way on, without accessibility faults, at phone and desktop width, light and dark.
 */
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Caller } from './caller';
import { bringCallers } from './callers';
import { looksRight } from './looks';
import { type Cable, cable } from './network';
import { holdWorker, part, secondApi, signal, staffToken } from './parts';
import { users } from './people';
import { giveMouthAndEar } from './sound';

const LIVEKIT = join(import.meta.dirname, '../node_modules/livekit-client/dist/livekit-client.umd.js');

const { stack, browser, someone } = bringCallers(['--host-resolver-rules=MAP support.test 127.0.0.1'], {
  permissions: ['microphone'],
  prepare: giveMouthAndEar,
});

async function calling(who: string): Promise<Caller> {
  const caller = await someone();
  await caller.signIn(who);
  await caller.talk();
  await caller.inCall();
  return caller;
}

describe('no call begins', () => {
  test('a sign-in that is not valid any more', async () => {
    const caller = await someone();
    await caller.signIn('maya');
    await caller.page.route('**/api/token', (route) =>
      route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer spoiled' } }),
    );
    await caller.talk();
    await caller.heading('Your sign-in has expired.');
    await looksRight(caller.page, 'ended-expired');
    await caller.press('Sign in again');
    await caller.said('Sign in to talk to us.');
  });

  test('an account that was closed while its page was open', async () => {
    const caller = await someone();
    await caller.signIn('leo');
    users(stack(), 'disable', 'leo@tidewater.example');
    try {
      await caller.talk();
      await caller.heading(/closed/);
      await caller.page.getByRole('link', { name: /@/ }).first().waitFor();
      await looksRight(caller.page, 'ended-disabled');
    } finally {
      users(stack(), 'enable', 'leo@tidewater.example');
    }
  });

  test('all lines busy, then too many tries: the button counts down', async () => {
    const small = await secondApi(stack(), { LIMIT_CONCURRENT_CALLS: '1', LIMIT_TOKENS_PER_MINUTE: '1' });
    try {
      await calling('maya');
      const caller = await someone();
      // Someone who has asked for no call in the last minute: the limit is one.
      await caller.signIn('ada', small.url);
      await caller.talk();
      await caller.heading('All lines are busy.');
      await caller.page.getByRole('button', { name: /^Try again in \d+ seconds?$/ }).waitFor();
      await looksRight(caller.page, 'ended-at-capacity');
      await caller.press('Back to start');
      await caller.talk();
      await caller.ended('too_often');
      expect(await caller.page.getByRole('button', { name: /^Try again in/ }).isDisabled()).toBe(true);
      await looksRight(caller.page, 'ended-too-often');
    } finally {
      small.stop();
    }
  });

  test('the server is not ready: said with when to try again', async () => {
    const caller = await someone();
    await caller.signIn('maya');
    // In the server's place: it is ready again before a test could ask it.
    await caller.page.route('**/api/token', (route) =>
      route.fulfill({
        status: 503,
        headers: { 'Retry-After': '30' },
        contentType: 'application/problem+json',
        json: { code: 'media_unavailable', detail: 'The call server did not answer. Try again in a moment.' },
      }),
    );
    await caller.talk();
    await caller.heading('The call server did not answer.');
    await caller.page.getByRole('button', { name: /^Try again in \d+ seconds?$/ }).waitFor();
    await looksRight(caller.page, 'ended-not-ready');
  });

  test('the page is older than its server: it is loaded again', async () => {
    const caller = await someone();
    const files = '**/assets/live-call-*';
    await caller.page.route(files, (route) => route.fulfill({ status: 404 }));
    await caller.signIn('maya');
    await caller.talk();
    await caller.heading('This page has changed since you opened it.');
    await looksRight(caller.page, 'ended-outdated');
    await caller.page.unroute(files);
    await caller.press('Reload');
    await caller.ready();
  });

  test('no network at all', async () => {
    const caller = await someone();
    await caller.signIn('maya');
    await caller.context.setOffline(true);
    await caller.talk();
    await caller.heading('We cannot reach the server.');
    await looksRight(caller.page, 'ended-unreachable');
    await caller.context.setOffline(false);
    await caller.press('Try again');
    await caller.inCall();
  });

  test('a network that lets the page through and not the call', async () => {
    const caller = await someone();
    await caller.page.routeWebSocket(/\/rtc/, (socket) => socket.close());
    await caller.page.route(/\/rtc/, (route) => route.abort());
    await caller.signIn('maya');
    await caller.talk();
    await caller.heading('The call could not be connected.');
    await looksRight(caller.page, 'ended-not-connected');
  });

  test('a browser without WebRTC', async () => {
    const caller = await someone({
      prepare: (page) => page.addInitScript(() => Reflect.deleteProperty(window, 'RTCPeerConnection')),
    });
    await caller.page.goto(stack().url);
    await caller.press(/^maya@/);
    await caller.heading('This browser cannot make calls');
    await looksRight(caller.page, 'before-no-webrtc');
  });

  test('a page without https: no microphone, but typing', async () => {
    const caller = await someone({ prepare: async () => undefined });
    await caller.signIn('maya', stack().url.replace(/\/\/[^:/]+/, '//support.test'));
    await caller.talk();
    await caller.heading('The microphone needs a secure page');
    await looksRight(caller.page, 'asking-insecure');
    await caller.press('Type instead');
    await caller.inCall();
  });
});

describe('the assistant', () => {
  test('does not come: waited for, said to be late, given up', async () => {
    const caller = await someone();
    await caller.signIn('maya');
    const release = holdWorker(stack());
    try {
      await caller.talk();
      await caller.inPhase('waiting');
      await looksRight(caller.page, 'call-waiting');
      await caller.later(9_000);
      await caller.said(/takes longer than usual/);
      await caller.later(30_000);
      await caller.heading('No assistant could take your call.');
      await looksRight(caller.page, 'ended-no-agent');
    } finally {
      release();
    }
  });

  test('is killed in the middle of a sentence: said so, and another one comes', async () => {
    const caller = await calling('maya');
    await caller.inPhase('speaking');
    const { pid, children } = part(stack(), 'worker');
    signal([...children, pid], 'SIGKILL');
    await caller.inPhase('agent_lost');
    // A busy machine may take longer than the caller is asked to wait; what is tested is that the call goes on.
    await caller.later(-60_000);
    await looksRight(caller.page, 'call-agent-lost');
    caller.page.setDefaultTimeout(90_000);
    await caller.inPhase('listening', 'thinking', 'speaking');
    await caller.control('Type').click();
    await caller.ask('How do I reset my password?');
    await caller.said(/Forgot password/i);
    await caller.hangUp();
  });

  test('is killed and nobody can come', async () => {
    const caller = await calling('leo');
    await caller.inPhase('speaking');
    const release = holdWorker(stack());
    try {
      signal(part(stack(), 'worker').children, 'SIGKILL');
      await caller.inPhase('agent_lost');
      await caller.later(36_000);
      await caller.heading(/could not be brought back/);
      await looksRight(caller.page, 'ended-agent-gone');
    } finally {
      release();
    }
  });

  test('gives way to a person', async () => {
    const caller = await someone();
    await caller.signIn('maya');
    const [answer] = await Promise.all([
      caller.page.waitForResponse((response) => response.url().endsWith('/api/token')),
      caller.talk(),
    ]);
    const { room_name, server_url } = (await answer.json()) as { room_name: string; server_url: string };
    await caller.inCall();

    const staff = await browser().newPage();
    await staff.addScriptTag({ path: LIVEKIT });
    await staff.evaluate(
      async ([url, token]) => {
        // biome-ignore lint/suspicious/noExplicitAny: the client as a plain script
        const room = new (window as any).LivekitClient.Room();
        // biome-ignore lint/suspicious/noExplicitAny: kept for leaving
        (window as any).__room = room;
        await room.connect(url, token);
      },
      [server_url, staffToken(stack(), room_name)] as const,
    );
    await caller.inPhase('human');
    await caller.said('A person from support is here');
    await looksRight(caller.page, 'call-person');
    // biome-ignore lint/suspicious/noExplicitAny: as above
    await staff.evaluate(() => (window as any).__room.disconnect());
    await caller.inPhase('listening', 'thinking', 'speaking');
    await staff.close();
    await caller.hangUp();
  });
});

/** `leave` with its reason, as LiveKit's protocol has it in both directions. */
const leave = (reason: number) => Buffer.from([0x42, 2, 0x10, reason]);
const CLIENT_INITIATED = 1;
const SERVER_SHUTDOWN = 3;

test('the call server is shut down: the call ends, and says when to call again', async () => {
  const caller = await someone();
  let shutDown: () => void = () => undefined;
  await caller.page.routeWebSocket(/\/rtc/, (socket) => {
    const server = socket.connectToServer();
    shutDown = () => {
      socket.send(leave(SERVER_SHUTDOWN));
      // The real one goes on, and would keep the place of a caller who was cut off.
      server.send(leave(CLIENT_INITIATED));
    };
  });
  await caller.signIn('maya');
  await caller.talk();
  await caller.inCall();
  shutDown();
  await caller.heading('The call server is restarting.');
  await looksRight(caller.page, 'ended-restarting');
});

describe('the connection', () => {
  let wire: Cable;
  afterEach(() => wire.end());

  async function wired(who: string): Promise<Caller> {
    const caller = await someone({ bypassCSP: true });
    wire = await cable(caller.page, stack().livekit_url);
    await caller.signIn(who);
    await caller.talk();
    await caller.inCall();
    return caller;
  }

  test('is lost and comes back: the call goes on', async () => {
    const caller = await wired('maya');
    wire.cut();
    await caller.inPhase('reconnecting');
    await caller.said('Reconnecting… stay on the line.');
    await wire.mend();
    await caller.inCall();
    await caller.hangUp();
  });

  test('is lost for good', async () => {
    const caller = await wired('ada');
    await caller.context.setOffline(true);
    wire.cut();
    await caller.inPhase('reconnecting');
    await caller.said('Your device is offline.');
    await caller.later(-60_000);
    await looksRight(caller.page, 'call-reconnecting');
    await caller.later(90_000);
    await caller.heading('The connection to the call was lost.');
    await looksRight(caller.page, 'ended-lost');
  });
});

describe('the caller', () => {
  test('opens a second tab: it knows of the call, and can take it over', async () => {
    const caller = await calling('maya');
    const second = await caller.secondTab();
    await second.page.goto(stack().url);
    await second.heading('You are in a call in another tab');
    await looksRight(second.page, 'before-other-tab');
    await second.press('End it there and call here');
    await second.inCall();
    await caller.heading('Your call was taken over in another window.');
    await looksRight(caller.page, 'ended-elsewhere');
    await second.hangUp();
    await caller.press('Back to start');
    await caller.ready();
  });

  test('goes on in another browser', async () => {
    const caller = await someone();
    await caller.signIn('leo');
    const [answer] = await Promise.all([
      caller.page.waitForResponse((response) => response.url().endsWith('/api/token')),
      caller.talk(),
    ]);
    const token = await answer.text();
    await caller.inCall();
    const other = await someone();
    await other.page.route('**/api/token', (route) =>
      route.fulfill({ status: 201, contentType: 'application/json', body: token }),
    );
    await other.signIn('leo');
    await other.talk();
    await caller.ended('elsewhere');
    await other.inCall();
    await other.hangUp();
  });

  test('is in a call elsewhere: refused with when to try again', async () => {
    await calling('maya');
    const other = await someone();
    await other.signIn('maya');
    await other.talk();
    await other.heading(/You are in a call already/);
    await other.page.getByRole('button', { name: /^Try again/ }).waitFor();
  });

  test('is signed out in another tab: the call ends and says so', async () => {
    const caller = await calling('leo');
    await caller.page.evaluate(
      () =>
        new Promise<void>((done, failed) => {
          const opening = indexedDB.open('firebaseLocalStorageDb');
          opening.onerror = () => failed(opening.error);
          opening.onsuccess = () => {
            const change = opening.result.transaction('firebaseLocalStorage', 'readwrite');
            change.objectStore('firebaseLocalStorage').clear();
            change.oncomplete = () => {
              opening.result.close();
              done();
            };
          };
        }),
    );
    await caller.heading('You were signed out, so the call ended.');
    await looksRight(caller.page, 'ended-signed-out');
    await caller.press('Sign in again');
    await caller.said('Sign in to talk to us.');
  });
});
