import { getRouteApi } from '@tanstack/react-router';
import { CallRecord } from '@/features/history/call-record';

const route = getRouteApi('/calls/$callId');

export function CallRoute() {
  return <CallRecord callId={route.useParams().callId} />;
}
