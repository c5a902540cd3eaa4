// @vitest-environment happy-dom
import { renderHook } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useLateRefusal } from './use-late-refusal';

const unhandled = (reason: unknown): Event =>
  Object.assign(new Event('unhandledrejection', { cancelable: true }), { reason });

test('a microphone refused behind the scenes is told; other faults stay faults', () => {
  const told = vi.fn();
  renderHook(() => useLateRefusal(told));
  const refusal = unhandled(new DOMException('Permission denied', 'NotAllowedError'));
  window.dispatchEvent(refusal);
  expect(told).toHaveBeenCalledOnce();
  expect(refusal.defaultPrevented).toBe(true);

  for (const other of [
    new Error('Permission denied'),
    new DOMException('play() failed', 'NotAllowedError'),
  ]) {
    const fault = unhandled(other);
    window.dispatchEvent(fault);
    expect(fault.defaultPrevented).toBe(false);
  }
  expect(told).toHaveBeenCalledOnce();
});
