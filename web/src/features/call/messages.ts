/** What comes over the room's text streams, checked before it is believed. */
import type { Source } from '@/lib/calls';
import type { Told } from './machine';

export const TOPIC = {
  transcription: 'lk.transcription',
  chat: 'lk.chat',
  sources: 'insta.sources',
  call: 'insta.call',
} as const;

export const ASK_FOR_A_PERSON = 'Let me talk to a person';

export type SourcesMessage = { turn: number; sources: Source[] };
export type CallMessage = { ended: boolean; told: Told; reason: string | null };

const record = (value: unknown): Record<string, unknown> =>
  value && typeof value === 'object' ? (value as Record<string, unknown>) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function parse(json: string): Record<string, unknown> {
  try {
    return record(JSON.parse(json));
  } catch {
    return {};
  }
}

export function readSources(json: string): SourcesMessage | null {
  const body = parse(json);
  if (typeof body.turn !== 'number' || !Array.isArray(body.sources)) return null;
  const sources = body.sources.map(record).flatMap((each) => {
    const source = {
      article_id: text(each.article_id),
      title: text(each.title),
      url: text(each.url),
      quote: text(each.quote),
    };
    return source.title && (source.url || source.article_id) ? [source] : [];
  });
  return { turn: body.turn, sources };
}

const TOLD: readonly string[] = ['warming_up', 'waiting_for_agent', 'resumed', 'human_joined'];

export function readCall(json: string): CallMessage | null {
  const body = parse(json);
  const state = text(body.state);
  const reason = text(body.reason) || null;
  if (state === 'ended') return { ended: true, told: null, reason };
  return TOLD.includes(state) ? { ended: false, told: state as Told, reason } : null;
}
