import { queryOptions } from '@tanstack/react-query';
import { request } from '@/lib/api';
import type { Rating, RecordedTurn, Ticket } from '@/lib/calls';
import type { Identity } from '@/lib/identity';

export type Me = {
  user_id: string;
  email: string | null;
  email_verified: boolean;
  name: string | null;
  plan: string;
  role: 'customer' | 'support' | 'admin';
};

/** GET /api/me: whether the signed-in person may call. A confirmed address is asked about anew. */
export const meQuery = (identity: Identity) =>
  queryOptions({
    queryKey: ['me', identity.userId, identity.emailVerified],
    queryFn: ({ signal }) => request<Me>('/api/me', { idToken: identity.idToken, signal }),
  });

export type StoredTicket = Ticket & { ticket_id: string; briefing: string; created_at: string };

export type StoredCall = {
  call_id: string;
  started_at: string;
  ended_at: string | null;
  summary: string | null;
  open_question: string | null;
  solved: boolean | null;
  rating: Rating | null;
  turns: RecordedTurn[];
  tickets: StoredTicket[];
  /** When retention deletes it; null when it is kept until its caller deletes it. */
  deleted_at: string | null;
};

/** GET /api/me/data: everything stored about the person; the download is this answer as it came. */
export type StoredData = {
  exported_at: string;
  retention_days: number;
  profile: Me & { created_at: string; last_seen_at: string };
  account_facts: Record<string, unknown>;
  /** What the company said of the person's confirmed address. */
  known_people: { email: string; updated_at: string }[];
  calls: StoredCall[];
  summaries: { summary: string; created_at: string }[];
};

export const storedQuery = (identity: Identity) =>
  queryOptions({
    queryKey: ['stored', identity.userId],
    queryFn: ({ signal }) => request<StoredData>('/api/me/data', { idToken: identity.idToken, signal }),
  });

/** DELETE /api/me: everything of it, for good. */
export const eraseMe = (identity: Identity) =>
  request<void>('/api/me', { method: 'DELETE', idToken: identity.idToken });
