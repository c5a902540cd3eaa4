import { ApiProblem, problemFrom, UNREACHABLE } from './problem';

/** Gives a current ID token, refreshed when it is about to expire. */
export type IdTokenSource = () => Promise<string>;

type Options = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
  idToken?: IdTokenSource;
  signal?: AbortSignal;
};

/** One request to our own API; everything but a 2xx is an `ApiProblem`. A 204 gives undefined. */
export async function request<T>(
  path: string,
  { method = 'GET', body, idToken, signal }: Options = {},
): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (idToken) headers.Authorization = `Bearer ${await idToken()}`;
  const response = await fetch(path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
    cache: 'no-store',
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiProblem({ status: UNREACHABLE });
  });
  if (!response.ok) throw await problemFrom(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** No answer, or a fault of the server: worth asking again at once. A refusal stays one. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.status === UNREACHABLE || error.status >= 500);
