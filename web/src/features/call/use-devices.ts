import { useCallback, useEffect, useState } from 'react';
import {
  type Choice,
  type DeviceKind,
  listDevices,
  NO_DEVICES,
  rememberChoice,
  rememberedChoice,
} from './devices';

/** The devices there are, as they come and go, and the caller's choice among them. */
export function useDevices() {
  const [devices, setDevices] = useState(NO_DEVICES);
  const [choice, setChoice] = useState<Choice>(rememberedChoice);

  const look = useCallback(() => void listDevices().then(setDevices), []);
  useEffect(() => {
    look();
    navigator.mediaDevices?.addEventListener?.('devicechange', look);
    return () => navigator.mediaDevices?.removeEventListener?.('devicechange', look);
  }, [look]);

  const choose = useCallback((kind: DeviceKind, id: string) => {
    rememberChoice(kind, id);
    setChoice((before) => ({ ...before, [kind]: id }));
  }, []);

  return { devices, choice, choose, look };
}
