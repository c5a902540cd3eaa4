// @vitest-environment happy-dom
/**
 * Story: a caller pressed End before the call had connected. The page said that the call had ended, then joined it,
 * and nobody knew that the microphone was on.
 */
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Calling } from '../../../tests/calling';
import { CONFIG } from '../../../tests/config';
import { rooms, withoutServer } from '../../../tests/room';
import { server } from '../../../tests/server';
import { MAYA } from '../../../tests/show';
import { OneCall } from './one-call';

vi.mock('livekit-client', async (original) => withoutServer(await original()));

const calling = new Calling();
const otherTab = new OneCall(MAYA.userId);
afterEach(() => otherTab.leave());

test('a call is asked for in the language that was chosen', async () => {
  const languages = [
    { code: 'en', name: 'English' },
    { code: 'de', name: 'Deutsch' },
  ];
  const asked: string[] = [];
  calling.open();
  server.use(
    http.get('*/api/config', () => HttpResponse.json({ ...CONFIG, languages })),
    http.post('*/api/token', ({ request }) => {
      asked.push(new URL(request.url).search);
      return new HttpResponse(null, { status: 503 });
    }),
  );
  const choice = await screen.findByRole('combobox', { name: 'Language of the call' });
  await userEvent.selectOptions(choice, 'Deutsch');
  await calling.press('or type instead');
  await waitFor(() => expect(asked).toEqual(['?language=de']));
  localStorage.clear();
});

describe('a call that ends before it has begun is not joined, and the microphone goes off', () => {
  test.each([
    ['End', () => calling.press('End'), 'You ended the call.', 'Back to start'],
    ['another tab', () => otherTab.takeOver(), /taken over in another window/, 'Back to start'],
    ['a sign-out', () => calling.signOut(), 'You were signed out, so the call ended.', 'Sign in again'],
  ])('while the token is on its way, by %s', async (_, end, said, back) => {
    await calling.begin();
    await end();
    await calling.heading(said);
    expect(calling.microphones.on).toBe(0);
    calling.tokens[0]?.();
    await calling.settled(back);
    expect(calling.asked).toEqual([[]]);
  });

  test('while the token is on its way, by leaving the page', async () => {
    const { unmount } = await calling.begin();
    unmount();
    expect(calling.microphones.on).toBe(0);
    calling.tokens[0]?.();
    calling.open();
    expect(calling.asked).toEqual([[]]);
  });

  test('while it connects', async () => {
    await calling.begin();
    await calling.connect();
    await calling.press('End');
    await calling.heading('You ended the call.');
    expect(calling.asked).toEqual([['connect', 'disconnect']]);
    expect(calling.microphones.on).toBe(0);
  });

  test('while the microphone is being opened', async () => {
    calling.open();
    await calling.press('Talk to support');
    await calling.press('End');
    await calling.heading('You ended the call.');
    await calling.microphones.answer();
    await waitFor(() => expect(calling.microphones.opened).toBe(1));
    await calling.settled();
    expect(calling.microphones.on).toBe(0);
  });
});

describe('the browser’s question about the microphone, answered when nobody waits for it', () => {
  async function ask() {
    calling.open('prompt');
    await calling.press('Talk to support');
    await calling.press('Continue');
    await calling.heading('Your browser is asking');
  }

  test('after Back starts no call', async () => {
    await ask();
    await calling.press('Back');
    await calling.microphones.answer();
    await waitFor(() => expect(calling.microphones.opened).toBe(1));
    expect(calling.microphones.on).toBe(0);
    await calling.button('Talk to support');
    expect(calling.tokens).toEqual([]);
  });

  test('after “Type instead” leaves the typed call as it is', async () => {
    await ask();
    await calling.press('Type instead');
    await waitFor(() => expect(calling.tokens).toHaveLength(1));
    await calling.microphones.answer();
    await waitFor(() => expect(calling.microphones.opened).toBe(1));
    expect(calling.microphones.on).toBe(0);
    await calling.connect();
    rooms[0]?.arrive();
    await screen.findAllByText('Waiting for the assistant…');
    expect(calling.asked).toEqual([['connect']]);
  });
});

describe('another tab', () => {
  test('that is asked to end its call and does not answer', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    await otherTab.take();
    calling.open();
    await calling.press('End it there and call here');
    await calling.heading('The other tab does not answer');
    vi.restoreAllMocks();
    const deaf = otherTab.listen((word) => word === 'leave' && otherTab.leave());
    await calling.press('Try again');
    await calling.button('End');
    deaf();
  });

  test('is given way to between the button and the call', async () => {
    calling.open();
    let grant: () => void = () => undefined;
    const request = calling.locks.request.bind(calling.locks);
    vi.spyOn(calling.locks, 'request').mockImplementationOnce(async (...wanted) => {
      await new Promise<void>((granted) => {
        grant = granted;
      });
      return request(...wanted);
    });
    await calling.press('Talk to support');
    expect(await otherTab.takeOver()).toBe(true);
    await calling.heading(/taken over in another window/);
    otherTab.leave();
    grant();
    await calling.settled();
    expect(await otherTab.elsewhere()).toBe(false);
    expect(calling.tokens).toEqual([]);
  });
});
