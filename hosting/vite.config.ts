import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Libraries change less often than the desk: their own chunks stay in the browser's cache. */
const libraries = [
  { name: 'firebase', test: /node_modules[\\/](@firebase|firebase|re2js|idb)[\\/]/ },
  { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|@radix-ui)[\\/]/ },
];

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: libraries } } },
  },
});
