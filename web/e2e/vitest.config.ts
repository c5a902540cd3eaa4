import { defineConfig } from 'vitest/config';

// Real browsers on two cores: one file at a time, and time for a stack that starts from nothing.
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../node_modules/.vite-e2e',
  test: {
    include: process.env.GALLERY ? ['make-gallery.ts'] : ['*.spec.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
