import { defineConfig } from 'vite';

// One script, one style sheet, nothing inline: the server's Content-Security-Policy allows no more.
export default defineConfig({
  base: '/',
  build: {
    target: 'es2022',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
