/** Every state of the call page with made-up content, to be looked at; never part of the build. */
import { createRoot } from 'react-dom/client';
import { During, type DuringProps } from '@/features/call/during';
import { newCall } from '@/features/call/machine';
import { addToTranscript, emptyTranscript, type TranscriptEvent } from '@/features/call/transcript';
import '@/features/call/call.css';
import '@/styles/index.css';

const reset = {
  article_id: 'a1',
  title: 'Reset your password',
  url: '/help/a1',
  quote:
    'Open the sign-in page, choose “Forgot password?” and enter the email address of your account; we send you a link that works for 60 minutes.',
};
const noMail = {
  article_id: 'a2',
  title: 'The reset email does not arrive',
  url: '/help/a2',
  quote: 'Check your spam folder first, then ask your workspace admin to send the link again.',
};
const said = (id: string, speaker: 'caller' | 'assistant', text: string, final = true): TranscriptEvent => ({
  type: 'heard',
  id,
  speaker,
  text,
  final,
});
const CONVERSATION: TranscriptEvent[] = [
  said('1', 'assistant', 'Hello Maya, this is the AI assistant of Tidewater. How can I help?'),
  said('2', 'caller', 'How do I reset my password?'),
  { type: 'sources', turn: 2, sources: [reset] },
  said(
    '3',
    'assistant',
    'Open the sign-in page, choose Forgot password and enter your email address. The link works for 60 minutes.',
  ),
  said('4', 'caller', 'And if I don’t get the email?'),
  { type: 'sources', turn: 4, sources: [noMail] },
  said('5', 'assistant', 'Check your spam folder first, then ask your workspace admin', false),
];

const connected = { ...newCall(0), connection: 'connected' as const, agentSeen: true };
const base: DuringProps = {
  state: { ...connected, agent: 'speaking' },
  transcript: CONVERSATION.reduce(addToTranscript, emptyTranscript),
  levels: () => ({ caller: 0.05, assistant: 0.45 }),
  notice: null,
  microphoneOn: true,
  byTyping: false,
  voiceOn: true,
  sound: {
    devices: {
      audioinput: [
        { id: 'default', label: 'Default – Built-in microphone' },
        { id: 'h', label: 'Headset (0a12:1243)' },
      ],
      audiooutput: [{ id: 'default', label: 'Default – Built-in speakers' }],
    },
    choice: { audioinput: null, audiooutput: null },
    onChoose: () => undefined,
  },
  onSound: null,
  onVoice: () => undefined,
  onMicrophone: () => undefined,
  onSend: () => Promise.resolve(),
  onEnd: () => undefined,
};

const STATES: Record<string, DuringProps> = {
  speaking: base,
  listening: {
    ...base,
    state: { ...connected, agent: 'listening' },
    levels: () => ({ caller: 0.5, assistant: 0 }),
    transcript: [said('6', 'caller', 'And what does the Donaudampfschifffahrtsgesellschaft', false)].reduce(
      addToTranscript,
      base.transcript,
    ),
  },
  'stand-in': { ...base, state: { ...base.state, standIn: true } },
  typing: { ...base, byTyping: true, voiceOn: false, microphoneOn: false },
};

const wanted = new URLSearchParams(window.location.search).get('state') ?? 'speaking';
const root = document.getElementById('root');
const props = STATES[wanted];
if (root && props) createRoot(root).render(<During {...props} />);
