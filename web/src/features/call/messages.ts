/** What comes over the room's text streams, checked before it is believed. */
import type { Source } from '@/lib/calls';

export const TOPIC = {
  transcription: 'lk.transcription',
  chat: 'lk.chat',
  sources: 'insta.sources',
  call: 'insta.call',
  heard: 'insta.heard',
} as const;

export const ASK_FOR_A_PERSON = 'Let me talk to a person';

export type SourcesMessage = { turn: number; sources: Source[] };

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
      heading: text(each.heading),
      ...(Number.isSafeInteger(each.version) ? { version: Number(each.version) } : {}),
    };
    return source.title && (source.url || source.article_id) ? [source] : [];
  });
  return { turn: body.turn, sources };
}

/** The sentence why the assistant ended the call; null when that is not what the message says. */
export function readEnd(json: string): { reason: string | null } | null {
  const body = parse(json);
  return body.state === 'ended' ? { reason: text(body.reason) || null } : null;
}

/** Whether another mind answers in the place of the call's own from now on; null when the message says nothing of it. */
export function readStandIn(json: string): boolean | null {
  const { state } = parse(json);
  if (state === 'stand_in') return true;
  // Another assistant that goes on with the call begins with the call's own mind.
  return state === 'restored' || state === 'resumed' ? false : null;
}
