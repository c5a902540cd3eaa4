import { createContext, useContext } from 'react';

/** Whether a call is going on, for what surrounds it. */
export type InCall = { inCall: boolean; setInCall: (inCall: boolean) => void };

export const InCallContext = createContext<InCall>({ inCall: false, setInCall: () => undefined });
export const useInCall = (): InCall => useContext(InCallContext);
