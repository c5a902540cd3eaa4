import { request } from '@/lib/api';
import type { Identity } from '@/lib/identity';
import { ApiProblem } from '@/lib/problem';

export type JoinToken = { server_url: string; participant_token: string; room_name: string; call_id: string };

/** What the server asks of someone whose last call is still being closed: they hung up and called again. */
const CLOSING_S = 5;

/** POST /api/token: reserves a call and returns what is needed to join it. Without a language, the company's own. */
export async function requestJoinToken(
  identity: Identity,
  language: string | null = null,
): Promise<JoinToken> {
  const path = `/api/token${language ? `?${new URLSearchParams({ language })}` : ''}`;
  const ask = () => request<JoinToken>(path, { method: 'POST', idToken: identity.idToken });
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 429 || error.retryAfterS !== CLOSING_S)
      throw error;
    await new Promise((resolve) => setTimeout(resolve, CLOSING_S * 1000));
    return ask();
  }
}
