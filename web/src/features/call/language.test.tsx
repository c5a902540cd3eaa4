// @vitest-environment happy-dom
/** The caller's language: chosen on the page, remembered, and named when a call is asked for. */
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { server } from '../../../tests/server';
import { MAYA, show } from '../../../tests/show';
import { requestJoinToken } from './api';
import { preferredLanguage } from './language';
import { LanguageSelect } from './language-select';
import { useLanguage } from './use-language';

const ENGLISH = { code: 'en', name: 'English' };
const GERMAN = { code: 'de', name: 'Deutsch' };
const SPANISH = { code: 'es', name: 'Español' };
const OFFERED = [ENGLISH, GERMAN, SPANISH];

beforeEach(() => localStorage.clear());

test.each([
  ['what was chosen before', OFFERED, 'es', ['de-AT'], 'es'],
  ['what the browser is set to', OFFERED, null, ['fr', 'de-AT', 'en'], 'de'],
  ['the company’s own', OFFERED, null, ['fr-CA'], 'en'],
  ['not what is no longer offered', [GERMAN, ENGLISH], 'es', [], 'de'],
])('a caller is spoken to in %s', (_, offered, remembered, browser, expected) => {
  expect(preferredLanguage(offered, remembered, browser)).toBe(expected);
});

function Choice({ offered }: { offered: typeof OFFERED }) {
  const choice = useLanguage(offered);
  return (
    <>
      <LanguageSelect {...choice} />
      <output>{`${choice.chosen}, asked for ${choice.asked}`}</output>
    </>
  );
}

test('what is chosen is remembered in this browser', async () => {
  const { unmount } = show(<Choice offered={OFFERED} />);
  const choice = await screen.findByRole('combobox', { name: 'Language of the call' });
  await userEvent.selectOptions(choice, 'Deutsch');
  expect((await screen.findByRole('status')).textContent).toBe('de, asked for de');
  unmount();
  show(<Choice offered={OFFERED} />);
  expect((await screen.findByRole('status')).textContent).toBe('de, asked for de');
});

test('there is nothing to choose where one language is spoken', async () => {
  show(<Choice offered={[GERMAN]} />);
  expect((await screen.findByRole('status')).textContent).toBe('de, asked for null');
  expect(screen.queryByRole('combobox')).toBeNull();
});

test('a call is asked for in it', async () => {
  const asked: string[] = [];
  server.use(
    http.post('*/api/token', ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({}, { status: 201 });
    }),
  );
  await requestJoinToken(MAYA, 'de');
  await requestJoinToken(MAYA, null);
  expect(asked).toEqual(['?language=de', '']);
});
