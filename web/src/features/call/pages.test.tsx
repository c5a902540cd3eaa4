// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Config } from '@/lib/config';
import { ApiProblem } from '@/lib/problem';
import { server } from '../../../tests/server';
import { MAYA, show } from '../../../tests/show';
import { After } from './after';
import { Before } from './before';
import { NO_DEVICES } from './devices';
import { HUNG_UP, refused } from './endings';
import type { FinishedCall } from './live-call';
import { addToTranscript, emptyTranscript, type TranscriptEvent } from './transcript';

const sound = {
  devices: NO_DEVICES,
  choice: { audioinput: null, audiooutput: null },
  onChoose: vi.fn(),
  onOpen: vi.fn(),
};
const language = { offered: [], chosen: '', asked: null, onChoose: vi.fn() };
const idle = { sound, language, elsewhere: false, onCall: vi.fn(), onTakeOver: vi.fn(), earlier: null };
const config = { company_name: 'Tidewater', support_contact: 'help@tidewater.example' } as Config;
const talk = () => screen.findByRole<HTMLButtonElement>('button', { name: 'Talk to support' });

describe('before the call', () => {
  beforeEach(() => vi.stubGlobal('RTCPeerConnection', class {}));
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('the button waits while the assistant warms up, and says so', async () => {
    show(<Before config={config} readiness={{ status: 'warming_up' }} {...idle} />);
    expect((await talk()).disabled).toBe(true);
    expect(screen.getByText(/warming up/)).toBeTruthy();
  });

  test('an installation that cannot take calls gives another way', async () => {
    show(<Before config={config} readiness={{ status: 'unavailable' }} {...idle} />);
    expect((await talk()).disabled).toBe(true);
    expect(screen.getByText(/help@tidewater.example/)).toBeTruthy();
  });

  test.each([
    ['realtime', /language model hears you/],
    ['pipeline', /language model reads what you said/],
    ['local', /without a language model/],
  ] as const)('says who answers in mode %s', async (mode, words) => {
    show(<Before config={{ ...config, mode }} readiness={{ status: 'ready' }} {...idle} />);
    expect(await screen.findByText(words)).toBeTruthy();
  });

  test('speaking and typing both start a call', async () => {
    const onCall = vi.fn();
    show(<Before config={config} readiness={{ status: 'ready' }} {...idle} onCall={onCall} />);
    await userEvent.click(await talk());
    await userEvent.click(screen.getByRole('button', { name: 'or type instead' }));
    expect(onCall.mock.calls).toEqual([[true], [false]]);
  });

  test('a call in another tab stands in the way, with the way out', async () => {
    const onTakeOver = vi.fn();
    show(
      <Before config={config} readiness={{ status: 'ready' }} {...idle} elsewhere onTakeOver={onTakeOver} />,
    );
    await screen.findByText(/in a call in another tab/);
    expect(screen.queryByRole('button', { name: 'Talk to support' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'End it there and call here' }));
    expect(onTakeOver).toHaveBeenCalledOnce();
  });

  test('a browser that cannot make calls says which ones can, and where to write', async () => {
    vi.stubGlobal('RTCPeerConnection', undefined);
    show(<Before config={config} readiness={{ status: 'ready' }} {...idle} />);
    await screen.findByText(/cannot make calls/);
    expect(screen.getByRole('link', { name: 'help@tidewater.example' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Talk to support' })).toBeNull();
  });
});

describe('after the call', () => {
  const nothing = { contact: 'help@tidewater.example', onAgain: vi.fn(), onStart: vi.fn() };
  const source = { article_id: 'a', title: 'Reset your password', url: '', quote: 'Open the sign-in page.' };
  const SAID: TranscriptEvent[] = [
    { type: 'sources', turn: 1, sources: [source, { ...source, quote: 'Choose it.' }] },
    { type: 'heard', id: '1', speaker: 'assistant', text: 'Open it.', final: true },
  ];
  const talked: FinishedCall = {
    ending: HUNG_UP,
    callId: 'c1',
    transcript: SAID.reduce(addToTranscript, emptyTranscript),
  };

  test('shows the summary when the job has written it, and an article once', async () => {
    server.use(
      http.get('*/api/me/calls/c1', () =>
        HttpResponse.json({
          call_id: 'c1',
          turns: [],
          ticket: { subject: 'Refund', status: 'open' },
          rating: null,
          summary: 'You asked about your password.',
        }),
      ),
    );
    show(<After call={talked} {...nothing} />);
    expect(await screen.findByText('You asked about your password.')).toBeTruthy();
    expect(screen.getByText(/will be passed on to a person/).parentElement?.textContent).toMatch(/Refund/);
    expect(screen.getAllByText('Reset your password')).toHaveLength(1);
    expect(screen.getByText('Choose it.')).toBeTruthy();
  });

  test('a refusal with Retry-After holds the button back until then', async () => {
    const ending = refused(new ApiProblem({ status: 429, detail: 'You called too often.', retryAfterS: 1 }));
    show(<After call={{ ending, callId: null, transcript: emptyTranscript }} {...nothing} />);
    const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'Try again in 1 second' });
    expect(button.disabled).toBe(true);
    await waitFor(
      () => expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Try again' }).disabled).toBe(false),
      {
        timeout: 3000,
      },
    );
  });

  test('an expired sign-in leads to the sign-in', async () => {
    const signOut = vi.fn(async () => undefined);
    const ending = refused(new ApiProblem({ status: 401 }));
    show(<After call={{ ending, callId: null, transcript: emptyTranscript }} {...nothing} />, {
      ...MAYA,
      signOut,
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in again' }));
    expect(signOut).toHaveBeenCalledOnce();
  });
});
