import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** One script and one style sheet under fixed names: the server serves them, and a report holds them. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../../dist/viewer/page',
    emptyOutDir: true,
    modulePreload: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        entryFileNames: 'page.js',
        assetFileNames: 'page[extname]',
        codeSplitting: false,
      },
    },
  },
});
