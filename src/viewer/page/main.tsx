import './no-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './style/page.css';
import { embeddedSource } from './source/embedded-source.ts';
import { httpSource } from './source/http-source.ts';
import { SourceProvider } from './source/source.tsx';
import { applyTheme } from './theme.tsx';

const source = document.getElementById('snapshot') ? await embeddedSource() : httpSource;

applyTheme();
const root = document.getElementById('page');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <SourceProvider value={source}>
        <App />
      </SourceProvider>
    </StrictMode>,
  );
}
