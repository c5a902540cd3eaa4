/** Every ending says why and what next. */
import { ApiProblem, sentenceFor, UNREACHABLE, waitInWords } from '@/lib/problem';
import { ENDINGS } from './wording';

export type EndingKind =
  | 'you'
  | 'assistant'
  | 'no_agent'
  | 'agent_gone'
  | 'lost'
  | 'elsewhere'
  | 'signed_out'
  | 'not_allowed'
  | 'too_often'
  | 'at_capacity'
  | 'refused';

/** The first thing to do now; calling again is offered beside every other way but signing in. */
export type Way = 'again' | 'write' | 'sign_in' | 'reload';

export type Ending = {
  kind: EndingKind;
  what: string;
  next: string;
  way: Way;
  /** When a new call makes sense; null when at once. */
  retryAfterS: number | null;
};

const ending = (
  kind: EndingKind,
  { what, next }: { what: string; next: string },
  more: Partial<Pick<Ending, 'way' | 'retryAfterS'>> = {},
): Ending => ({ kind, what, next, way: 'again', retryAfterS: null, ...more });

export const HUNG_UP = ending('you', ENDINGS.hungUp);
export const NO_AGENT = ending('no_agent', ENDINGS.noAgent);
export const CONNECTION_LOST = ending('lost', ENDINGS.connectionLost);
export const AGENT_GONE = ending('agent_gone', ENDINGS.agentGone);
export const TAKEN_OVER = ending('elsewhere', ENDINGS.otherWindow);
export const UNREACHED = ending('lost', ENDINGS.unreachable);
export const OUTDATED = ending('refused', ENDINGS.outdated, { way: 'reload' });
export const SIGNED_OUT = ending('signed_out', ENDINGS.signedOut, { way: 'sign_in' });

export const endedByAssistant = (reason: string | null): Ending =>
  ending('assistant', { ...ENDINGS.byAssistant, what: reason || ENDINGS.byAssistant.what });

/** The token service refused the call, or it could not be reached. */
export function refused(error: unknown): Ending {
  if (!(error instanceof ApiProblem)) return ending('lost', ENDINGS.notConnected);
  switch (error.status) {
    case UNREACHABLE:
      return UNREACHED;
    case 401:
      return ending('signed_out', ENDINGS.expired, { way: 'sign_in' });
    case 403:
      return notAllowed(error);
    case 429:
      return later('too_often', error, ENDINGS.tooOften.what);
    case 503:
      return error.code === 'at_capacity'
        ? later('at_capacity', error, ENDINGS.atCapacity.what)
        : later('refused', error, ENDINGS.notReady.what);
    default:
      return ending('refused', { what: sentenceFor(error), next: '' }, { retryAfterS: error.retryAfterS });
  }
}

function notAllowed({ code, detail }: ApiProblem): Ending {
  switch (code) {
    case 'not_known':
      return ending('not_allowed', ENDINGS.notKnown, { way: 'write' });
    case 'email_not_verified':
      return ending('not_allowed', ENDINGS.notVerified);
    case 'disabled':
      return ending('not_allowed', ENDINGS.disabled, { way: 'write' });
    default:
      return ending(
        'not_allowed',
        { ...ENDINGS.forbidden, what: detail || ENDINGS.forbidden.what },
        { way: 'write' },
      );
  }
}

const ADVICE = /\btry again\b|\bin a moment\b|\bagain later\b/i;

/** The server's own sentences, but for its advice to wait: the page counts the seconds. */
function later(kind: EndingKind, { detail, retryAfterS }: ApiProblem, otherwise: string): Ending {
  const said = detail.match(/[^.]+\.(?=\s|$)/g) ?? [];
  const first = said.filter((sentence, index) => index === 0 || !ADVICE.test(sentence));
  return ending(
    kind,
    {
      what: first.join('').trim() || detail || otherwise,
      // With a time, the button counts it down.
      next: retryAfterS === null ? `Try again ${waitInWords(null)}.` : '',
    },
    { retryAfterS },
  );
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
      return TAKEN_OVER;
    case 'SERVER_SHUTDOWN':
      return ending('lost', ENDINGS.restarting);
    default:
      return CONNECTION_LOST;
  }
}
