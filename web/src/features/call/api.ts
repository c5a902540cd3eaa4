import { request } from '@/lib/api';
import type { Identity } from '@/lib/identity';

export type JoinToken = { server_url: string; participant_token: string; room_name: string; call_id: string };

/** POST /api/token: reserves a call and returns what is needed to join it. */
export const requestJoinToken = (identity: Identity): Promise<JoinToken> =>
  request<JoinToken>('/api/token', { method: 'POST', idToken: identity.idToken });
