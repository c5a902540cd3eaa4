import { NotHere } from '@/components/not-here';

export function NotFound() {
  return <NotHere title="There is no page here">The address may be old or mistyped.</NotHere>;
}
