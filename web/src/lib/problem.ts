/** A refusal of the API (problem+json, RFC 9457), or the lack of an answer. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryAfterS: number | null;

  constructor(init: { status: number; code?: string; detail?: string; retryAfterS?: number | null }) {
    super(init.detail || `HTTP ${init.status}`);
    this.name = 'ApiProblem';
    this.status = init.status;
    this.code = init.code ?? '';
    this.detail = init.detail ?? '';
    this.retryAfterS = init.retryAfterS ?? null;
  }
}

/** Status 0 stands for "no answer at all": offline, or the server is away. */
export const UNREACHABLE = 0;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads `Retry-After` in both of its forms, seconds and date. */
export function retryAfterSeconds(header: string | null, now: Date = new Date()): number | null {
  if (!header) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds));
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now.getTime()) / 1000));
}

export async function problemFrom(response: Response): Promise<ApiProblem> {
  const retryAfterS = retryAfterSeconds(response.headers.get('Retry-After'));
  const body: Record<string, unknown> = await response
    .json()
    .then((value: unknown) => (value && typeof value === 'object' ? (value as Record<string, unknown>) : {}))
    .catch(() => ({}));
  return new ApiProblem({
    status: response.status,
    code: text(body.code),
    detail: text(body.detail) || text(body.title) || text(body.reason),
    retryAfterS,
  });
}

/** "in 20 seconds", "in 3 minutes": when trying again makes sense. */
export function waitInWords(seconds: number | null): string {
  if (seconds === null) return 'in a moment';
  if (seconds < 1) return 'now';
  if (seconds < 90) return `in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  if (seconds < 5400) return `in ${Math.ceil(seconds / 60)} minutes`;
  return `in ${Math.ceil(seconds / 3600)} hours`;
}

/** One sentence for a person: what happened, then what to do. */
export function sentenceFor(error: unknown): string {
  if (!(error instanceof ApiProblem))
    return 'This page ran into a fault of its own. Reload it, then try again.';
  switch (error.status) {
    case UNREACHABLE:
      return 'We cannot reach the server. Check your connection, then try again.';
    case 401:
      return 'Your sign-in has expired. Sign in again to go on.';
    case 403:
      return error.detail || 'Your account may not do this. Ask your support team.';
    case 404:
      return 'There is nothing here, or it is not yours to see.';
    case 429:
      return `${error.detail || 'That was too often.'} Try again ${waitInWords(error.retryAfterS)}.`;
    case 503:
      return `${error.detail || 'The assistant is not ready.'} Try again ${waitInWords(error.retryAfterS)}.`;
    default:
      return error.status >= 500
        ? 'The server could not finish this. Try again in a moment.'
        : error.detail || 'The server refused this request.';
  }
}
