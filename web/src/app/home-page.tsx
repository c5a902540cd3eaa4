import { CallPage } from '@/features/call/call-page';
import { EarlierCalls } from '@/features/history/earlier-calls';
import { useInCall } from './in-call';

export function HomePage() {
  const { setInCall } = useInCall();
  return <CallPage earlier={<EarlierCalls />} onStage={setInCall} />;
}
