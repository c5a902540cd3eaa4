// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { show } from '../../../tests/show';
import { AskMicrophone } from './ask-microphone';

const stream = {} as MediaStream;
const ways = () => ({ deviceId: null, onOpen: vi.fn(), onType: vi.fn(), onBack: vi.fn() });

function have(parts: object): void {
  for (const [name, value] of Object.entries(parts)) {
    Object.defineProperty(navigator, name, { value, configurable: true });
  }
}

/** A browser with this permission that answers `getUserMedia` in turn. */
function browser(state: string, ...answers: (string | MediaStream)[]) {
  const status = Object.assign(new EventTarget(), { state });
  have({
    permissions: { query: async () => status },
    mediaDevices: {
      getUserMedia: async () => {
        const answer = answers.shift();
        if (typeof answer === 'string') throw Object.assign(new Error(answer), { name: answer });
        return answer;
      },
    },
  });
  return {
    allow: () => {
      status.state = 'granted';
      status.dispatchEvent(new Event('change'));
    },
  };
}
afterEach(() => {
  have({ permissions: undefined, mediaDevices: undefined });
});

test('explains before the browser asks, then hands the microphone on', async () => {
  browser('prompt', stream);
  const does = ways();
  show(<AskMicrophone {...does} />);
  await screen.findByText(/Choose Allow/);
  expect(document.activeElement?.textContent).toBe('First, your microphone');
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
  await vi.waitFor(() => expect(does.onOpen).toHaveBeenCalledWith(stream));
});

test('a no has its mend, and allowing it in the address bar goes on by itself', async () => {
  const { allow } = browser('prompt', 'NotAllowedError', stream);
  const does = ways();
  show(<AskMicrophone {...does} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Continue' }));
  await screen.findByRole('heading', { name: 'Your microphone is blocked' });
  allow();
  await vi.waitFor(() => expect(does.onOpen).toHaveBeenCalledWith(stream));
});

test('a microphone that was blocked before is said to be blocked at once', async () => {
  browser('denied');
  show(<AskMicrophone {...ways()} />);
  await screen.findByRole('heading', { name: 'Your microphone is blocked' });
});

test.each([
  ['NotFoundError', /No microphone was found/],
  ['NotReadableError', /Another program/],
  ['WeirdError', /could not be started/],
])('%s has its own sentence, and typing is one tap away', async (name, sentence) => {
  browser('prompt', name);
  const does = ways();
  show(<AskMicrophone {...does} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Continue' }));
  await screen.findByRole('heading', { name: sentence });
  await userEvent.click(screen.getByRole('button', { name: 'Type instead' }));
  expect(does.onType).toHaveBeenCalledOnce();
});

test('a page without https says so and does not pretend', async () => {
  have({ mediaDevices: undefined });
  show(<AskMicrophone {...ways()} />);
  await screen.findByRole('heading', { name: /secure page/ });
  expect(screen.queryByRole('button', { name: 'Continue' })).toBeNull();
});
