import { expect, test } from 'vitest';
import { refusalFor } from './errors';

const speaker = { company: 'Tidewater', contact: 'support@tidewater.example' };
const refusal = (code: string) => refusalFor({ code: `auth/${code}` }, speaker);

test.each([
  ['invalid-credential', /do not belong together/, 'reset-password'],
  ['wrong-password', /not the password/, 'reset-password'],
  ['user-not-found', /no account/, 'sign-up'],
  ['email-already-in-use', /already/, 'sign-in'],
  ['weak-password', /at least 6 characters/, null],
  ['password-does-not-meet-requirements', /too simple/, null],
  ['too-many-requests', /Wait a few minutes/, null],
  ['network-request-failed', /Check your connection/, null],
  ['popup-blocked', /Allow pop-ups/, null],
  ['user-disabled', /support@tidewater\.example/, null],
  ['operation-not-allowed', /support@tidewater\.example/, null],
  ['expired-action-code', /Ask for a new one/, null],
  ['invalid-action-code', /Ask for a new one/, null],
  ['unauthorized-domain', /Use your email and password/, null],
  ['nobody-has-heard-of-this', /support@tidewater\.example/, null],
])('%s is a sentence with a way on', (code, sentence, way) => {
  expect(refusal(code)?.sentence).toMatch(sentence);
  expect(refusal(code)?.sentence).not.toMatch(/auth\/|oops|something went wrong|sorry|please/i);
  expect(refusal(code)?.way).toBe(way);
});

test('who closes the Google window has changed their mind', () => {
  expect(refusal('popup-closed-by-user')).toBeNull();
});
