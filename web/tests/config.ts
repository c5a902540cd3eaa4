import type { Config } from '@/lib/config';

/** An installation as GET /api/config describes it. */
export const CONFIG: Config = {
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
  firebase: { project_id: 'demo', api_key: 'key', auth_domain: '', emulator_url: null },
  google_sign_in: false,
  demo: false,
};
