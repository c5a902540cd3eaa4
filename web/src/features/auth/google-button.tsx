import type { Auth } from '@firebase/auth';
import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/button';
import { probeGoogle, signInWithGoogle } from './google';
import type { Attempt } from './use-attempt';

type Props = { auth: Auth; busy: boolean; attempt: Attempt };

/** Appears only where Google's script can be loaded. */
export function GoogleButton({ auth, busy, attempt }: Props) {
  const { data: available } = useQuery({
    queryKey: ['google'],
    queryFn: probeGoogle,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!available) return null;
  return (
    <Button disabled={busy} onClick={() => void attempt(() => signInWithGoogle(auth))}>
      Continue with Google
    </Button>
  );
}
