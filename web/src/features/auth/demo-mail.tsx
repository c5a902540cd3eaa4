import { useQuery } from '@tanstack/react-query';
import { textLink } from '@/components/text-link';
import type { Config } from '@/lib/config';

type Kind = 'VERIFY_EMAIL' | 'PASSWORD_RESET';
type Code = { email: string; oobCode: string; requestType: Kind };
type Props = { config: Config; kind: Kind; email: string; sentAt: number };

const MODES = { VERIFY_EMAIL: 'verifyEmail', PASSWORD_RESET: 'resetPassword' } as const;
const TRIES = 5;

/** The Auth emulator sends no mail: what would be in it stands here. It gives its links to anyone who asks. */
export function DemoMail({ config, kind, email, sentAt }: Props) {
  const { emulator_url, project_id } = config.firebase;
  const { data: code } = useQuery({
    queryKey: ['demo-mail', kind, email, sentAt],
    enabled: Boolean(emulator_url),
    queryFn: async ({ signal }) => {
      const answer = await fetch(`${emulator_url}/emulator/v1/projects/${project_id}/oobCodes`, { signal });
      const { oobCodes } = (await answer.json()) as { oobCodes: Code[] };
      const mine = oobCodes.filter((each) => each.requestType === kind && each.email === email.toLowerCase());
      return mine.at(-1)?.oobCode ?? null;
    },
    // An address without an account gets no link.
    refetchInterval: ({ state }) => (state.data || state.dataUpdateCount >= TRIES ? false : 1000),
  });
  if (!emulator_url) return null;
  return (
    <p className="text-muted">
      The sign-in emulator sends no mail.{' '}
      {code ? (
        // As from a mail: the page is opened anew, outside of what is signed in here.
        <a
          href={`/account-link?${new URLSearchParams({ mode: MODES[kind], oobCode: code })}`}
          className={textLink}
        >
          Open the link that would be in it
        </a>
      ) : (
        'There is no link for this address.'
      )}
    </p>
  );
}
