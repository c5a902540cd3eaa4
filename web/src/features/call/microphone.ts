/** What a browser says about the microphone, without React and without LiveKit. */

/** What stands in the way; each has a sentence in `wording.ts`. */
export type MicrophoneTrouble = 'blocked' | 'none' | 'busy' | 'insecure' | 'failed';

const TROUBLES: Record<string, MicrophoneTrouble> = {
  NotAllowedError: 'blocked',
  SecurityError: 'blocked',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** Why the microphone cannot be used, by the names the browser gives its errors. */
export function troubleOf(error: unknown): MicrophoneTrouble {
  if (!microphoneExists()) return 'insecure';
  return TROUBLES[nameOf(error)] ?? 'failed';
}

/** A page that did not come over https has no `mediaDevices` at all. */
export const microphoneExists = (): boolean => typeof navigator.mediaDevices?.getUserMedia === 'function';

/** Calls, spoken or typed, go over WebRTC. */
export const canCall = (): boolean => typeof globalThis.RTCPeerConnection === 'function';

export type Permission = 'granted' | 'denied' | 'prompt';

async function status(): Promise<PermissionStatus | null> {
  // Older browsers know neither the API nor the name.
  return navigator.permissions?.query({ name: 'microphone' as PermissionName }).catch(() => null) ?? null;
}

/** What the browser will do when it is asked for the microphone. */
export async function microphonePermission(): Promise<Permission> {
  // A page without https may have been granted what it cannot use.
  if (!microphoneExists()) return 'prompt';
  const known = await status();
  if (known) return known.state;
  // Names are hidden until the permission is given.
  const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return devices.some((device) => device.kind === 'audioinput' && device.label) ? 'granted' : 'prompt';
}

/** Calls back when the permission changes, in the address bar for one; returns how to stop. */
export function onPermissionChange(changed: (permission: Permission) => void): () => void {
  let watched: PermissionStatus | null = null;
  let stopped = false;
  const tell = () => watched && changed(watched.state);
  void status().then((known) => {
    if (stopped || !known) return;
    watched = known;
    known.addEventListener('change', tell);
  });
  return () => {
    stopped = true;
    watched?.removeEventListener('change', tell);
  };
}

/** Asks for the microphone: the remembered one, or whichever there is. Throws what the browser throws. */
export async function openMicrophone(deviceId: string | null): Promise<MediaStream> {
  if (!microphoneExists()) throw new Error('no mediaDevices');
  return navigator.mediaDevices.getUserMedia({ audio: deviceId ? { deviceId: { ideal: deviceId } } : true });
}

export const closeStream = (stream: MediaStream | null): void => {
  for (const track of stream?.getTracks() ?? []) track.stop();
};
