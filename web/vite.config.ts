import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { loadEnv } from 'vite';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => {
  const env = loadEnv(mode, import.meta.dirname, 'VITE_');
  return {
    plugins: [react(), tailwindcss()],
    resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
    build: { target: 'es2023', sourcemap: false },
    server: {
      host: '127.0.0.1',
      // Development only: the built page is served by the API itself, on the same origin.
      proxy: Object.fromEntries(
        ['/api', '/readyz', '/healthz'].map((path) => [path, env.VITE_API_BASE || 'http://127.0.0.1:8080']),
      ),
    },
    test: {
      environment: 'node',
      include: ['src/**/*.test.{ts,tsx}'],
      setupFiles: ['tests/setup.ts'],
      restoreMocks: true,
      testTimeout: 90_000,
    },
  };
});
