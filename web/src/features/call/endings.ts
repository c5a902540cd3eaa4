/** Every ending says why and what next. */
import { ApiProblem, sentenceFor, UNREACHABLE, waitInWords } from '@/lib/problem';

export type EndingKind = 'you' | 'assistant' | 'refused' | 'signed_out' | 'lost' | 'no_agent' | 'elsewhere';

export type Ending = {
  kind: EndingKind;
  what: string;
  next: string;
  /** When a new call makes sense; null when at once. */
  retryAfterS: number | null;
};

export const HUNG_UP: Ending = { kind: 'you', what: 'You ended the call.', next: '', retryAfterS: null };

export const endedByAssistant = (reason: string | null): Ending => ({
  kind: 'assistant',
  what: reason || 'The assistant ended the call.',
  next: '',
  retryAfterS: null,
});

/** The token service refused the call, or could not be reached. */
export function refused(error: unknown): Ending {
  if (!(error instanceof ApiProblem)) {
    return {
      kind: 'lost',
      what: 'The call could not be connected.',
      next: 'Check your connection, then try again.',
      retryAfterS: null,
    };
  }
  const again = `Try again ${waitInWords(error.retryAfterS)}.`;
  switch (error.status) {
    case UNREACHABLE:
      return {
        kind: 'lost',
        what: 'We cannot reach the server.',
        next: 'Check your connection, then try again.',
        retryAfterS: null,
      };
    case 401:
      return {
        kind: 'signed_out',
        what: 'Your sign-in has expired.',
        next: 'Sign in again to call.',
        retryAfterS: null,
      };
    case 403:
      return {
        kind: 'refused',
        what: error.detail || 'Your account may not call.',
        next: 'Write to us instead.',
        retryAfterS: null,
      };
    case 429:
      return {
        kind: 'refused',
        what: error.detail || 'You have called too often.',
        next: again,
        retryAfterS: error.retryAfterS,
      };
    case 503:
      return {
        kind: 'refused',
        what: error.detail || 'The assistant is not ready for a call.',
        next: again,
        retryAfterS: error.retryAfterS,
      };
    default:
      return { kind: 'refused', what: sentenceFor(error), next: '', retryAfterS: error.retryAfterS };
  }
}

/** LiveKit's reasons for a closed room, by the names of `DisconnectReason`. */
export function disconnected(reason: string | undefined): Ending {
  switch (reason) {
    case 'CLIENT_INITIATED':
      return HUNG_UP;
    case 'ROOM_DELETED':
    case 'ROOM_CLOSED':
    case 'PARTICIPANT_REMOVED':
      return endedByAssistant(null);
    case 'DUPLICATE_IDENTITY':
      return {
        kind: 'elsewhere',
        what: 'The call goes on in another window.',
        next: 'Close this one, or start again here.',
        retryAfterS: null,
      };
    case 'SERVER_SHUTDOWN':
      return {
        kind: 'lost',
        what: 'The call server is restarting.',
        next: 'Try again in a minute.',
        retryAfterS: null,
      };
    default:
      return {
        kind: 'lost',
        what: 'The connection to the call was lost.',
        next: 'Check your connection, then call again.',
        retryAfterS: null,
      };
  }
}

/** Why the microphone cannot be used, by the names the browser gives its errors. */
export function microphoneSentence(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'Your microphone is blocked. Allow it in the address bar, then unmute. You can type meanwhile.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'No microphone was found. Plug one in, then unmute. You can type meanwhile.';
    case 'NotReadableError':
    case 'AbortError':
      return 'Another program is using your microphone. Close it, then unmute. You can type meanwhile.';
    default:
      return 'Your microphone could not be started. You can type instead.';
  }
}

export const isMicrophoneError = (error: unknown): boolean =>
  error instanceof Error &&
  [
    'NotAllowedError',
    'SecurityError',
    'NotFoundError',
    'OverconstrainedError',
    'NotReadableError',
    'AbortError',
  ].includes(error.name);
