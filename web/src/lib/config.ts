import { queryOptions } from '@tanstack/react-query';
import { request } from './api';

export type DemoUser = { email: string; password: string; role: string; name?: string };

/** How the company introduces itself. `accent` is `oklch(L C H)`. */
export type Company = {
  name: string;
  support_contact: string;
  logo_url: string | null;
  accent: string | null;
  privacy_url: string | null;
};

/** One that calls can be held in; `name` is what its speakers call it. */
export type Language = { code: string; name: string };

/** GET /api/config: what this installation is, so that one build serves all of them. */
export type Config = {
  company_name: string;
  support_contact: string;
  company: Company;
  /** Who may call: people the company knows, everyone at its customers' domains, or anybody. */
  signup: 'known' | 'domains' | 'open';
  /** Days until a call is deleted; 0 keeps it until its caller deletes it. */
  retention_days: number;
  /** At least one; the first is the company's own. */
  languages: Language[];
  mode: 'realtime' | 'pipeline' | 'local';
  firebase: {
    project_id: string;
    api_key: string | null;
    auth_domain: string | null;
    emulator_url: string | null;
  };
  google_sign_in: boolean;
  demo: boolean;
  demo_users?: DemoUser[];
};

export const configQuery = queryOptions({
  queryKey: ['config'],
  queryFn: ({ signal }) => request<Config>('/api/config', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  // The API may still be starting when the page is already open.
  retry: true,
  retryDelay: 1500,
});

/** GET /readyz, which answers 503 with the same shape while something is missing. */
export type Readiness = { status: 'ready' | 'warming_up' | 'unavailable'; reason?: string };

/** No answer, and one that a proxy gave in its place, are answers too: nobody can be called. */
export async function fetchReadiness(signal?: AbortSignal): Promise<Readiness> {
  try {
    const response = await fetch('/readyz', { signal, cache: 'no-store' });
    const body = (await response.json()) as Readiness;
    if (body.status) return body;
  } catch (error) {
    if (signal?.aborted) throw error;
  }
  return { status: 'unavailable' };
}

/** Asked again and again only until it is ready: a call that meets a fault says so itself. */
export const readinessQuery = queryOptions({
  queryKey: ['readiness'],
  queryFn: ({ signal }) => fetchReadiness(signal),
  refetchInterval: (query) => (query.state.data?.status === 'ready' ? false : 1500),
  // A browser without a network gets its answer too.
  networkMode: 'always',
  staleTime: 10_000,
});
