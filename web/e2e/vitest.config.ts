import { defineConfig } from 'vitest/config';

// Real browsers on two cores: one file at a time, and time for a stack that starts from nothing.
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../node_modules/.vite-e2e',
  test: {
    environment: 'node',
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'pages',
          include: process.env.GALLERY ? ['make-gallery.ts'] : ['looks*.spec.ts', 'size.spec.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'calls',
          include: process.env.GALLERY ? [] : ['call*.spec.ts', 'own-account.spec.ts'],
          globalSetup: ['./one-stack.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'calls on openai',
          include: process.env.INSTA_E2E_URL ? ['openai/*.spec.ts'] : [],
          globalSetup: ['./one-stack.ts'],
        },
      },
    ],
  },
});
