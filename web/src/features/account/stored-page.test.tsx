// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test, vi } from 'vitest';
import { CONFIG } from '../../../tests/config';
import { server } from '../../../tests/server';
import { MAYA, show } from '../../../tests/show';
import type { StoredData } from './api';
import { StoredPage } from './stored-page';

const at = '2026-11-01T10:00:00Z';
const call = (call_id: string, more: Partial<StoredData['calls'][number]> = {}) => ({
  call_id,
  started_at: at,
  ended_at: at,
  summary: 'You asked about invoices.',
  open_question: null,
  solved: null,
  rating: null,
  turns: [],
  tickets: [],
  deleted_at: null,
  ...more,
});
const STORED: StoredData = {
  exported_at: '2026-11-22T10:00:00Z',
  retention_days: 90,
  profile: {
    user_id: 'maya',
    email: MAYA.email,
    email_verified: false,
    name: 'Maya',
    plan: 'team',
    role: 'customer',
    created_at: at,
    last_seen_at: at,
  },
  account_facts: { seats_used: 4, renews: true, contacts: ['Ada', 'Sam'] },
  known_people: [{ email: 'maya@tidewater.example', updated_at: at }],
  calls: [
    call('c1', {
      deleted_at: '2027-01-30T10:00:00Z',
      rating: { solved: true, comment: 'Quick' },
      tickets: [{ ticket_id: 't', subject: 'Refund', briefing: '', status: 'open', created_at: at }],
    }),
    call('c2', { summary: 'You asked about domains.' }),
  ],
  summaries: [{ summary: 'Prefers mail.', created_at: at }],
};

let calls: StoredData['calls'];
const signOut = vi.fn(async () => undefined);

beforeEach(() => {
  signOut.mockClear();
  calls = STORED.calls;
  server.use(
    http.get('*/api/config', () => HttpResponse.json(CONFIG)),
    http.get('*/api/me/data', () => HttpResponse.json({ ...STORED, calls })),
    http.get('*/api/me/calls', () => HttpResponse.json({ calls: [] })),
    http.delete('*/api/me/calls/:id', ({ params }) => {
      calls = calls.filter((each) => each.call_id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

async function openPage() {
  show(<StoredPage confirmEmail={<p>the link is sent here</p>} />, { ...MAYA, signOut });
  return screen.findByRole('heading', { name: 'Your calls' });
}

test('says by group what is stored and when it goes', async () => {
  await openPage();
  const group = (name: string) => within(screen.getByRole('region', { name }));
  expect(screen.getByText(/deleted 90 days after it ended/)).toBeTruthy();
  expect(group('Your profile').getByText('Not confirmed')).toBeTruthy();
  expect(group('Your account').getByText('Seats used')).toBeTruthy();
  expect(group('Your account').getByText('Ada, Sam')).toBeTruthy();
  expect(
    group('Your account').getByText(/on its list of customers, last changed on 1 Nov 2026/),
  ).toBeTruthy();
  const listed = group('Your calls');
  expect(listed.getByText('30 Jan 2027')).toBeTruthy();
  expect(listed.getByText('Kept until you delete it')).toBeTruthy();
  expect(listed.getByText(/will be passed on to a person/).parentElement?.textContent).toMatch(/Refund/);
  expect(listed.getByText(/“Quick”/)).toBeTruthy();
  expect(listed.getByText('Prefers mail.')).toBeTruthy();
});

test('the address can be confirmed here', async () => {
  await openPage();
  await userEvent.click(screen.getByRole('button', { name: 'Confirm your email' }));
  expect(screen.getByText('the link is sent here')).toBeTruthy();
});

test('one call is deleted after a question, and the other stays', async () => {
  await openPage();
  const first = () => screen.getAllByRole('button', { name: /^Delete the call/ })[0] as HTMLElement;
  await userEvent.click(first());
  await userEvent.click(screen.getByRole('button', { name: 'Keep it' }));
  expect(calls).toHaveLength(2);
  await userEvent.click(first());
  await userEvent.click(screen.getByRole('button', { name: 'Delete the call' }));
  await waitFor(() => expect(screen.queryByText('You asked about invoices.')).toBeNull());
  expect(screen.getByText('You asked about domains.')).toBeTruthy();
});

test('what is being deleted cannot be kept any more, and may be once that failed', async () => {
  let fail: () => void = () => undefined;
  server.use(
    http.delete('*/api/me/calls/:id', async () => {
      await new Promise<void>((failed) => {
        fail = failed;
      });
      return new HttpResponse(null, { status: 500 });
    }),
  );
  await openPage();
  await userEvent.click(screen.getAllByRole('button', { name: /^Delete the call/ })[0] as HTMLElement);
  const keep = screen.getByRole<HTMLButtonElement>('button', { name: 'Keep it' });
  await userEvent.click(screen.getByRole('button', { name: 'Delete the call' }));
  await screen.findByText('Deleting…');
  expect(keep.disabled).toBe(true);
  const pressed = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true });
  fireEvent(keep, pressed);
  expect(pressed.defaultPrevented).toBe(true);
  fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }));
  expect(screen.queryByRole('dialog')).not.toBeNull();
  fail();
  await waitFor(() => expect(keep.disabled).toBe(false));
  await userEvent.click(keep);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('everything is deleted only when the word is typed, and ends the sign-in', async () => {
  const erased = vi.fn();
  server.use(
    http.delete('*/api/me', () => {
      erased();
      return new HttpResponse(null, { status: 204 });
    }),
  );
  await openPage();
  await userEvent.click(screen.getByRole('button', { name: 'Delete everything' }));
  const dialog = within(screen.getByRole('dialog'));
  const confirm = dialog.getByRole<HTMLButtonElement>('button', { name: 'Delete everything' });
  expect(confirm.disabled).toBe(true);
  await userEvent.type(dialog.getByLabelText(/Type “delete”/), 'delet');
  expect(confirm.disabled).toBe(true);
  await userEvent.type(dialog.getByLabelText(/Type “delete”/), 'E{Enter}');
  await waitFor(() => expect(signOut).toHaveBeenCalledWith(expect.stringMatching(/is deleted/)));
  expect(erased).toHaveBeenCalledOnce();
});

test('a deletion that failed is said where it was asked for, and nobody is signed out', async () => {
  server.use(
    http.delete('*/api/me', () =>
      HttpResponse.json({ detail: 'The database did not answer.' }, { status: 503 }),
    ),
  );
  await openPage();
  await userEvent.click(screen.getByRole('button', { name: 'Delete everything' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.type(dialog.getByLabelText(/Type “delete”/), 'delete{Enter}');
  expect(await dialog.findByText(/The database did not answer/)).toBeTruthy();
  expect(signOut).not.toHaveBeenCalled();
});
