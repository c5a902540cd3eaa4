/** The keys of a call, without React: one list for the handler, `aria-keyshortcuts` and the sheet that shows them. */

export type Action = 'microphone' | 'type' | 'person' | 'voice' | 'sound' | 'end' | 'help';

type Shortcut = { action: Action; key: string; shift?: boolean; label: string };

export const SHORTCUTS: readonly Shortcut[] = [
  { action: 'microphone', key: 'm', label: 'Mute or unmute your microphone' },
  { action: 'type', key: 't', label: 'Type a question' },
  { action: 'person', key: 'p', label: 'Get a person' },
  { action: 'voice', key: 'v', label: 'Turn the assistant’s voice on or off' },
  { action: 'sound', key: 's', label: 'Choose microphone and speaker' },
  // With Shift, so that a stray key does not end a call.
  { action: 'end', key: 'e', shift: true, label: 'End the call' },
  { action: 'help', key: '?', label: 'Show these keys' },
];

type Pressed = Pick<
  KeyboardEvent,
  'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat' | 'isComposing'
>;

/** What a key asks for; nothing with Ctrl, Alt or Cmd, which belong to the browser. */
export function actionFor(pressed: Pressed): Action | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.repeat || pressed.isComposing)
    return null;
  const found = SHORTCUTS.find(
    ({ key, shift }) =>
      key === pressed.key.toLowerCase() && (key === '?' || Boolean(shift) === pressed.shiftKey),
  );
  return found?.action ?? null;
}

/** A key typed into a field is text; a key in an open dialog is that dialog's. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest('input, textarea, select, [contenteditable="true"], dialog') !== null;
}

/** For `aria-keyshortcuts`; nothing when the keys are switched off. */
export function keysOf(action: Action, enabled: boolean): string | undefined {
  const shortcut = SHORTCUTS.find((each) => each.action === action);
  if (!enabled || !shortcut) return undefined;
  return shortcut.shift ? `Shift+${shortcut.key.toUpperCase()}` : shortcut.key.toUpperCase();
}

const KEY = 'insta.shortcuts';

/** Single keys can be switched off (WCAG 2.1.4): software that types what it hears would press them. */
export function shortcutsWanted(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export function wantShortcuts(wanted: boolean): void {
  try {
    localStorage.setItem(KEY, wanted ? 'on' : 'off');
  } catch {
    // It holds for this call.
  }
}
