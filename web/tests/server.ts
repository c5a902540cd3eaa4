import { setupServer } from 'msw/node';

/** Answers for the API in unit tests; each test says what it needs with `server.use`. */
export const server = setupServer();
