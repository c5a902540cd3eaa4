import { queryOptions } from '@tanstack/react-query';
import { request } from './api';
import type { Identity } from './identity';

export type Source = {
  article_id: string;
  title: string;
  url: string;
  quote: string;
  /** The path of headings under the title that the sentence stands under; empty before the first. */
  heading?: string;
  /** Which text of the article was quoted. */
  version?: number;
};

/** The cited sentences under one heading. */
type CitedPassage = { heading: string; quotes: string[] };

/** One text of an article with every sentence of it that is cited; `key` tells it from the others of a list. */
export type CitedArticle = Pick<Source, 'article_id' | 'title' | 'url' | 'version'> & {
  key: string;
  passages: CitedPassage[];
};

/** An answer may cite several sentences of one article: that is one article. */
export function byArticle(sources: Source[]): CitedArticle[] {
  const articles = new Map<string, CitedArticle>();
  for (const { quote, heading = '', article_id, title, url, version } of sources) {
    const key = `${article_id || url} ${version ?? ''}`;
    const known = articles.get(key) ?? { key, article_id, title, url, version, passages: [] };
    articles.set(key, known);
    if (!quote) continue;
    const passage = known.passages.find((each) => each.heading === heading);
    if (!passage) known.passages.push({ heading, quotes: [quote] });
    else if (!passage.quotes.includes(quote)) passage.quotes.push(quote);
  }
  return [...articles.values()];
}

/** What the caller said after the call. */
export type Rating = { solved: boolean; comment: string | null };

export type CallSummary = {
  call_id: string;
  started_at: string;
  ended_at: string | null;
  end_reason: string | null;
  summary: string | null;
  open_question: string | null;
  solved: boolean | null;
  rating: Rating | null;
  turns: number;
};

export type RecordedTurn = {
  number: number;
  speaker: 'caller' | 'assistant' | 'staff';
  text: string;
  heard: string;
  interrupted: boolean;
  sources: Source[];
  /** Who thought of it: a model by its name, `grounded`, `app`; empty for the caller. */
  mind: string;
  started_at: string;
};

/** What was left for a person; `open` until a mail or a webhook has taken it. */
export type Ticket = { subject: string; status: 'open' | 'delivered' };

export type CallDetail = Omit<CallSummary, 'turns'> & {
  turns: RecordedTurn[];
  ticket: Ticket | null;
};

export const callsQuery = (identity: Identity) =>
  queryOptions({
    queryKey: ['calls', identity.userId],
    queryFn: ({ signal }) =>
      request<{ calls: CallSummary[] }>('/api/me/calls', { idToken: identity.idToken, signal }).then(
        (body) => body.calls,
      ),
  });

export const callQuery = (identity: Identity, callId: string) =>
  queryOptions({
    queryKey: ['calls', identity.userId, callId],
    queryFn: ({ signal }) =>
      request<CallDetail>(`/api/me/calls/${encodeURIComponent(callId)}`, {
        idToken: identity.idToken,
        signal,
      }),
  });

/** DELETE /api/me/calls/{id}: what was said, the summary, the rating and what was passed on go with it. */
export const deleteCall = (identity: Identity, callId: string) =>
  request<void>(`/api/me/calls/${encodeURIComponent(callId)}`, {
    method: 'DELETE',
    idToken: identity.idToken,
  });

/** PUT /api/me/calls/{id}/rating: one word of the caller's about the call; a second time replaces the first. */
export const rateCall = (identity: Identity, callId: string, rating: { solved: boolean; comment?: string }) =>
  request<Rating>(`/api/me/calls/${encodeURIComponent(callId)}/rating`, {
    method: 'PUT',
    body: rating,
    idToken: identity.idToken,
  });
