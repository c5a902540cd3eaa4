// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { describe, expect, test, vi } from 'vitest';
import type { Config } from '@/lib/config';
import { ApiProblem } from '@/lib/problem';
import { server } from '../../../tests/server';
import { MAYA, show } from '../../../tests/show';
import { After } from './after';
import { Before } from './before';
import { HUNG_UP, refused } from './endings';
import type { FinishedCall } from './live-call';
import { addToTranscript, emptyTranscript, type TranscriptEvent } from './transcript';

const config = { company_name: 'Tidewater', support_contact: 'help@tidewater.example' } as Config;
const talk = () => screen.findByRole<HTMLButtonElement>('button', { name: 'Talk to support' });

describe('before the call', () => {
  test('the button waits while the assistant warms up, and says so', async () => {
    const onCall = vi.fn();
    show(<Before config={config} readiness={{ status: 'warming_up' }} onCall={onCall} earlier={null} />);
    expect((await talk()).disabled).toBe(true);
    expect(screen.getByText(/warming up/)).toBeTruthy();
  });

  test('an installation that cannot take calls gives another way', async () => {
    show(<Before config={config} readiness={{ status: 'unavailable' }} onCall={vi.fn()} earlier={null} />);
    expect((await talk()).disabled).toBe(true);
    expect(screen.getByText(/help@tidewater.example/)).toBeTruthy();
  });

  test('speaking and typing both start a call', async () => {
    const onCall = vi.fn();
    show(<Before config={config} readiness={{ status: 'ready' }} onCall={onCall} earlier={null} />);
    await userEvent.click(await talk());
    await userEvent.click(screen.getByRole('button', { name: 'or type instead' }));
    expect(onCall.mock.calls).toEqual([[true], [false]]);
  });
});

describe('after the call', () => {
  const nothing = { onAgain: vi.fn(), onStart: vi.fn() };
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
          ticket: null,
          summary: 'You asked about your password.',
        }),
      ),
    );
    show(<After call={talked} {...nothing} />);
    expect(await screen.findByText('You asked about your password.')).toBeTruthy();
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
