import { MICROPHONE, NOTICES } from './wording';

/** Something the caller should know while the call goes on. */
export type CallNotice = { text: string; offersSound: boolean };

type Kind = keyof typeof MICROPHONE | keyof typeof NOTICES;

/** Another device may be the mend: then the choice is one tap away. */
const MENDED_BY_ANOTHER_DEVICE: readonly Kind[] = ['none', 'lost', 'silent', 'busy', 'speaker'];

export const callNotice = (kind: Kind): CallNotice => ({
  text: { ...MICROPHONE, ...NOTICES }[kind],
  offersSound: MENDED_BY_ANOTHER_DEVICE.includes(kind),
});
