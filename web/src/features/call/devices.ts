/** Which microphone and loudspeaker this browser has, and which ones the caller chose. Kept in this browser only. */

export type DeviceKind = 'audioinput' | 'audiooutput';
export type Device = { id: string; label: string };
export type Devices = Record<DeviceKind, Device[]>;
export type Choice = Record<DeviceKind, string | null>;

export const NO_DEVICES: Devices = { audioinput: [], audiooutput: [] };

const KEY: Record<DeviceKind, string> = { audioinput: 'insta.microphone', audiooutput: 'insta.speaker' };

/** The devices that have a name: without permission a browser tells that there are some, but not which. */
export async function listDevices(): Promise<Devices> {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  const of = (kind: DeviceKind): Device[] =>
    all
      // Chrome lists what the system prefers a second time under these ids.
      .filter((each) => each.kind === kind && each.label && each.deviceId !== 'communications')
      .map((each) => ({ id: each.deviceId, label: each.label }));
  return { audioinput: of('audioinput'), audiooutput: canChooseSpeaker() ? of('audiooutput') : [] };
}

export const canChooseSpeaker = (): boolean =>
  typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;

/** Storage may be switched off; then nothing is remembered. */
export function rememberedChoice(): Choice {
  const read = (kind: DeviceKind): string | null => {
    try {
      return localStorage.getItem(KEY[kind]);
    } catch {
      return null;
    }
  };
  return { audioinput: read('audioinput'), audiooutput: read('audiooutput') };
}

export function rememberChoice(kind: DeviceKind, id: string): void {
  try {
    localStorage.setItem(KEY[kind], id);
  } catch {
    // It holds for this call.
  }
}

/** What a choice means among the devices there are now: one that was unplugged is not chosen. */
export function chosenAmong(devices: Device[], id: string | null): string {
  const there = devices.find((device) => device.id === id) ?? devices.find((each) => each.id === 'default');
  return (there ?? devices[0])?.id ?? '';
}
