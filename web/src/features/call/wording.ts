/**
 * Every sentence of a call, in this one place: what happened, then what to do. Which one is shown is decided
 * elsewhere (`state-in-words.ts`, `endings.ts`, `microphone.ts`), so that they can be read, and translated, together.
 */
import type { Phase } from './machine';

export const STATES: Record<Phase, string> = {
  connecting: 'Connecting…',
  waiting: 'Waiting for the assistant…',
  agent_lost: 'The assistant dropped out. Getting it back…',
  listening: 'Listening',
  thinking: 'Thinking…',
  speaking: 'Speaking',
  human: 'A person from support is here',
  reconnecting: 'Reconnecting… stay on the line.',
  ended: 'The call has ended.',
};

/** In place of a state, where more is known. */
export const MORE = {
  late: 'This takes longer than usual. We are still trying to reach the assistant.',
  offline: 'Your device is offline. The call goes on as soon as it is back.',
  typing: 'Waiting for your question',
  writing: 'Answering',
  microphoneOff: 'your microphone is off',
  standIn: 'a simpler assistant stands in',
} as const;

type Sentences = { what: string; next: string };

/** Why a call ended, or did not begin, and what next. */
export const ENDINGS = {
  hungUp: { what: 'You ended the call.', next: '' },
  byAssistant: { what: 'The assistant ended the call.', next: '' },
  noAgent: {
    what: 'No assistant could take your call.',
    next: 'Try again in a minute, or write to us.',
  },
  agentGone: {
    what: 'The assistant dropped out and could not be brought back.',
    next: 'What you said is kept. Call again, or write to us.',
  },
  notConnected: {
    what: 'The call could not be connected.',
    next: 'A company network or a VPN may hold calls back. Check your connection, then try again.',
  },
  outdated: {
    what: 'This page has changed since you opened it.',
    next: 'Reload it, then call again.',
  },
  unreachable: { what: 'We cannot reach the server.', next: 'Check your connection, then try again.' },
  connectionLost: {
    what: 'The connection to the call was lost.',
    next: 'Check your connection, then call again.',
  },
  restarting: { what: 'The call server is restarting.', next: 'Try again in a minute.' },
  expired: { what: 'Your sign-in has expired.', next: 'Sign in again to call.' },
  signedOut: {
    what: 'You were signed out, so the call ended.',
    next: 'Sign in again to call.',
  },
  notKnown: {
    what: 'This account may not call yet.',
    next: 'Write to us for access, or sign in with another account.',
  },
  notVerified: {
    what: 'Your email address is not confirmed yet.',
    next: 'Open the link in the email we sent you, then try again.',
  },
  disabled: { what: 'Your account is closed for calls.', next: 'Write to us to have it opened again.' },
  forbidden: { what: 'Your account may not call.', next: 'Write to us instead.' },
  tooOften: { what: 'You have called too often.', next: '' },
  atCapacity: { what: 'All lines are busy.', next: '' },
  notReady: { what: 'The assistant is not ready for a call.', next: '' },
  otherWindow: {
    what: 'Your call was taken over in another window.',
    next: 'It goes on there. To have it here, call again.',
  },
} as const satisfies Record<string, Sentences>;

/** What stands in the way of the microphone, and the mend. They are shown while the call goes on. */
export const MICROPHONE = {
  blocked: 'Your microphone is blocked. Allow it in the address bar, then unmute. You can type meanwhile.',
  none: 'No microphone was found. Plug one in, then unmute. You can type meanwhile.',
  busy: 'Another program is using your microphone. Close it, then unmute. You can type meanwhile.',
  lost: 'Your microphone was disconnected. Plug it in or choose another one, then unmute. You can type meanwhile.',
  silent: 'Your microphone is on, but no sound comes from it. Choose another one, or type.',
  insecure:
    'This page was not opened over https, so the browser gives it no microphone. You can type instead.',
  failed: 'Your microphone could not be started. You can type instead.',
} as const;

/** Other things that happen during a call. */
export const NOTICES = {
  unsent: 'Your message could not be sent. Send it again.',
  soundHeld: 'Your browser holds the sound back.',
  speaker: 'This speaker cannot be used. Choose another one.',
} as const;

/** The step before the browser asks for the microphone. */
export const ASKING = {
  before: {
    what: 'First, your microphone',
    next: 'Your browser will ask whether this page may use it. Choose Allow. We listen during the call only.',
  },
  asked: {
    what: 'Your browser is asking',
    next: 'Choose Allow in the question your browser shows. The call then starts by itself.',
  },
  blocked: {
    what: 'Your microphone is blocked',
    next: 'Select the icon beside the address at the top of the browser, allow the microphone, then try again.',
  },
  none: {
    what: 'No microphone was found',
    next: 'Plug one in or switch your headset on, then try again.',
  },
  busy: {
    what: 'Another program is using your microphone',
    next: 'Close that program or its call, then try again.',
  },
  insecure: {
    what: 'The microphone needs a secure page',
    next: 'This page was not opened over https, so the browser gives it no microphone. You can type instead.',
  },
  failed: { what: 'Your microphone could not be started', next: 'Try again, or type instead.' },
} as const satisfies Record<string, Sentences>;

/** Before a call. */
export const BEFORE = {
  promise: 'Ask aloud and hear the answer from our help articles.',
  language: 'Language of the call',
  microphone: 'Your microphone is used during the call only. You talk to an AI; our team is one tap away.',
  /** Who answers, by the mode of the installation. */
  minds: {
    realtime: 'A language model hears you and answers aloud, from our help articles.',
    pipeline: 'A language model reads what you said and answers, from our help articles.',
    local: 'It answers with sentences of our help articles, without a language model.',
  },
  warmingUp: 'The assistant is warming up. The button opens by itself in a few seconds.',
  unavailable: 'The assistant cannot take calls right now. We keep trying; meanwhile you can write to us.',
  otherTab: {
    what: 'You are in a call in another tab',
    next: 'Go back to that tab, or end the call there and start here.',
  },
  otherTabSilent: {
    what: 'The other tab does not answer',
    next: 'Close that tab or reload it, then try again.',
  },
  noWebRtc: {
    what: 'This browser cannot make calls',
    next: 'Open this page in a current Chrome, Edge, Firefox or Safari, or write to us.',
  },
} as const;

/** After a call. */
export const AFTER = {
  question: 'Did this solve it?',
  solved: 'Good to hear. Thank you.',
  unsolved: 'Thank you for saying so. Your support team will see it.',
  word: 'Anything we should know? A word is enough.',
  kept: 'Your words are kept with this call.',
  notKept: 'Your answer could not be kept.',
} as const;
