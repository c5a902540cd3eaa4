import type { Auth } from '@firebase/auth';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import type { Config } from '@/lib/config';
import { ResetPassword } from './reset-password';
import { SignIn } from './sign-in';
import { SignUp } from './sign-up';

/** The addresses of the forms beside the sign-in, which has every other one. */
export const FORMS = ['/sign-up', '/reset-password'];

export type DoorProps = {
  auth: Auth;
  config: Config;
  /** Kept from one form to the next. */
  email: string;
  onEmail: (email: string) => void;
};

type Props = { auth: Auth; config: Config; farewell: string };

/** What is shown to those who are not signed in: three forms with an address each, sign-in at every other. */
export function Door({ auth, config, farewell }: Props) {
  const path = useLocation({ select: (location) => location.pathname });
  const [email, setEmail] = useState('');
  const form: DoorProps = { auth, config, email, onEmail: setEmail };
  switch (path) {
    case '/sign-up':
      return <SignUp {...form} />;
    case '/reset-password':
      return <ResetPassword {...form} />;
    default:
      return <SignIn {...form} farewell={farewell} />;
  }
}
