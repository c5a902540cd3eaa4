import { useSuspenseQuery } from '@tanstack/react-query';
import { StoredPage } from '@/features/account/stored-page';
import { ConfirmEmail } from '@/features/auth/confirm-email';
import { configQuery } from '@/lib/config';

export function StoredRoute() {
  const { data: config } = useSuspenseQuery(configQuery);
  return <StoredPage confirmEmail={<ConfirmEmail config={config} />} />;
}
