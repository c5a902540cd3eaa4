import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { AccountLink } from '@/features/auth/account-link';
import { configQuery } from '@/lib/config';

const route = getRouteApi('/account-link');

export function AccountLinkRoute() {
  const { data: config } = useSuspenseQuery(configQuery);
  const { mode, oobCode } = route.useSearch();
  return <AccountLink config={config} mode={mode} oobCode={oobCode} />;
}
