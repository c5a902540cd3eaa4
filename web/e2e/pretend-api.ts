/** Answers for the page in looks.spec.ts only: enough to see every page full, without a stack. */
import type { Page, Route } from 'playwright-core';

const hour = 3_600_000;
const ago = (hours: number): string => new Date(Date.now() - hours * hour).toISOString();

export const CONFIG = {
  company_name: 'Tidewater',
  support_contact: 'support@tidewater.example',
  company: {
    name: 'Tidewater',
    support_contact: 'support@tidewater.example',
    logo_url: null,
    accent: null,
    privacy_url: 'https://tidewater.example/privacy',
  },
  signup: 'known',
  retention_days: 90,
  languages: [{ code: 'en', name: 'English' }],
  mode: 'local',
  firebase: { project_id: 'demo', api_key: 'key', auth_domain: '', emulator_url: 'http://127.0.0.1:9' },
  google_sign_in: false,
  demo: true,
  demo_users: [
    { email: 'maya@tidewater.example', password: 'x', role: 'customer', name: 'Maya' },
    { email: 'sam@tidewater.example', password: 'x', role: 'support', name: 'Sam' },
  ],
};

const SOURCE = {
  article_id: 'a1',
  title: 'Reset your password',
  url: '/help/a1',
  quote: 'Enter the email address of your account; the link works for 60 minutes.',
};

const CALLS = [
  {
    call_id: 'c1',
    started_at: ago(0.4),
    ended_at: ago(0.3),
    end_reason: 'caller',
    summary: 'You asked how to reset your password. The answer came from “Reset your password”.',
    open_question: null,
    solved: true,
    rating: { solved: true, comment: null },
    turns: 3,
  },
  {
    call_id: 'c2',
    started_at: ago(70),
    ended_at: ago(69.9),
    end_reason: 'caller',
    summary: 'You asked about single sign-on.',
    open_question: 'Which identity providers does the Donaudampfschifffahrtsgesellschaftsabrechnung support?',
    solved: false,
    rating: null,
    turns: 5,
  },
];

const ME = {
  user_id: 'maya',
  email: 'maya@tidewater.example',
  email_verified: true,
  name: 'Maya Lindholm',
  plan: 'team',
  role: 'customer',
};

const DETAIL = {
  ...CALLS[0],
  ticket: null,
  turns: [
    turn(1, 'assistant', 'Hello Maya, this is the AI assistant of Tidewater. How can I help?'),
    turn(2, 'caller', 'How do I reset my password?'),
    {
      ...turn(3, 'assistant', SOURCE.quote),
      sources: [SOURCE],
      interrupted: true,
      heard: 'Enter the email address',
    },
  ],
};

function turn(number: number, speaker: string, text: string) {
  return {
    number,
    speaker,
    text,
    heard: text,
    interrupted: false,
    sources: [] as unknown[],
    mind: speaker === 'caller' ? '' : number === 1 ? 'app' : 'grounded',
    started_at: ago(0.4),
  };
}

const STORED = {
  exported_at: ago(0),
  retention_days: 90,
  profile: { ...ME, created_at: ago(2000), last_seen_at: ago(0.1) },
  account_facts: {
    seats_used: 14,
    renews_on: '1 March 2027',
    invoices_go_to: 'Rechnungseingangsbearbeitungsstelle, Donaudampfschifffahrtsgesellschaft',
  },
  known_people: [{ email: ME.email, updated_at: ago(300) }],
  calls: CALLS.map((call, index) => ({
    ...call,
    turns: DETAIL.turns,
    tickets:
      index === 1
        ? [
            {
              ticket_id: 't1',
              subject: 'Single sign-on with our own identity provider',
              briefing: '',
              status: 'delivered',
              created_at: ago(70),
            },
          ]
        : [],
    rating: index === 0 ? { solved: true, comment: 'Quick and clear' } : null,
    deleted_at: new Date(Date.now() + 80 * 24 * hour).toISOString(),
  })),
  summaries: [],
};

const ARTICLE = {
  article_id: 'a1',
  title: 'Reset your password',
  updated_at: ago(500),
  markdown: `# Reset your password

You can set a **new password** at any time. <script>alert('no')</script>

## When you are signed out

1. Open the sign-in page.
2. Choose *Forgot password?*
3. Enter the **email address** of your account; the link works for 60 minutes.

| Plan | Link works for |
|---|---|
| Free | 60 minutes |
| Team | 24 hours |

See [Two-factor sign-in](/help/a2) and \`tidewater login --reset\`.
`,
};

const json = (route: Route, body: unknown, status = 200) =>
  route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const ID_TOKEN = `${encode({ alg: 'none' })}.${encode({ sub: 'maya', exp: 4_000_000_000, iat: 1 })}.`;
const USER = { localId: 'maya', email: ME.email, displayName: 'Maya' };

type Pretence = {
  /** Answers by path in place of the usual ones. */
  api?: Record<string, unknown>;
  /** Whether the address of whoever signs in is confirmed. */
  verified?: boolean;
};

export async function pretend(page: Page, { api = {}, verified = true }: Pretence = {}): Promise<void> {
  const answers: Record<string, unknown> = {
    '/api/config': CONFIG,
    '/readyz': { status: 'ready' },
    '/api/me': ME,
    '/api/me/data': STORED,
    '/api/me/calls': { calls: CALLS },
    '/api/me/calls/c1': DETAIL,
    '/api/articles/a1': ARTICLE,
    ...api,
  };
  await page.route(
    (url) => url.pathname.startsWith('/api/') || url.pathname === '/readyz',
    (route) => {
      const answer = answers[new URL(route.request().url()).pathname];
      return answer === undefined ? json(route, { detail: 'No such thing' }, 404) : json(route, answer);
    },
  );
  const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
  await page.route('http://127.0.0.1:9/**', (route) => {
    const path = new URL(route.request().url()).pathname;
    const body = path.endsWith(':lookup')
      ? { users: [{ ...USER, emailVerified: verified }] }
      : { ...USER, idToken: ID_TOKEN, refreshToken: 'r', expiresIn: '3600' };
    return route.fulfill({
      status: 200,
      headers,
      contentType: 'application/json',
      body: JSON.stringify(body),
    });
  });
}
