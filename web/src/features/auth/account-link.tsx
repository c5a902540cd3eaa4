import { type Auth, applyActionCode, checkActionCode } from '@firebase/auth';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { buttonClasses } from '@/components/button';
import { Contact } from '@/components/contact';
import { Loading } from '@/components/loading';
import { Notice } from '@/components/notice';
import type { Config } from '@/lib/config';
import { nowVerified } from './confirm-email';
import { DoorFrame } from './door-frame';
import { refusalFor } from './errors';
import { firebaseAuth } from './firebase';
import { NewPassword } from './new-password';
import { speakerOf } from './use-attempt';

/** Where the links of Firebase's mails lead when the project's action address is this page. */
export function AccountLink({ config, mode, oobCode }: { config: Config; mode: string; oobCode: string }) {
  const auth = firebaseAuth(config.firebase);
  if (mode === 'resetPassword') return <NewPassword auth={auth} config={config} oobCode={oobCode} />;
  return <ConfirmedAddress auth={auth} config={config} oobCode={oobCode} />;
}

/** A link works once: the answer is asked for once and kept, however often this is drawn. */
const onceOnly = {
  retry: false,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
} as const;

type Props = { auth: Auth; config: Config; oobCode: string };

function ConfirmedAddress({ auth, config, oobCode }: Props) {
  const { data: email, error } = useQuery({
    ...onceOnly,
    queryKey: ['account-link', oobCode],
    queryFn: async () => {
      const { data } = await checkActionCode(auth, oobCode);
      await applyActionCode(auth, oobCode);
      // The sign-in of this browser learns of it at once; another one's page asks by itself.
      await nowVerified(auth).catch(() => false);
      return data.email ?? '';
    },
  });
  const refusal = error ? refusalFor(error, speakerOf(config)) : null;
  return (
    <DoorFrame
      config={config}
      title={
        email === undefined ? (refusal ? 'This link does not work' : 'One moment') : 'Your email is confirmed'
      }
      lead={
        email ? (
          <>
            <strong className="font-semibold break-words text-ink">{email}</strong> is yours.
          </>
        ) : null
      }
    >
      {refusal ? (
        <Notice>
          {refusal.sentence} Sign in and we send it, or write to{' '}
          <Contact contact={config.company.support_contact} />.
        </Notice>
      ) : null}
      {email === undefined && !refusal ? <Loading what="your link" /> : null}
      {email !== undefined || refusal ? (
        <Link to="/" className={buttonClasses('primary')}>
          Go on
        </Link>
      ) : null}
    </DoorFrame>
  );
}
