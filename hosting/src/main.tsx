import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import './components/tokens.css';
import './components/base.css';
import { GatePage } from './features/sign-in/gate-pages.tsx';
import { DeskContext } from './lib/desk-context.tsx';
import { firebasePorts } from './lib/firebase-ports.ts';
import { createRegistry } from './lib/registry.ts';
import { fetchJsonFile, loadRuntimeConfig } from './lib/runtime-config.ts';
import { initialTheme } from './lib/use-theme.ts';

const element = document.getElementById('root');
if (element === null) throw new Error('Invariant: index.html has #root');
const root = createRoot(element);
document.documentElement.dataset['theme'] = initialTheme();

const config = await loadRuntimeConfig(fetchJsonFile);
if (config.ok) {
  const ports = firebasePorts(config.value);
  root.render(
    <StrictMode>
      <DeskContext value={{ ports, registry: createRegistry(ports) }}>
        <App />
      </DeskContext>
    </StrictMode>,
  );
} else
  root.render(
    <GatePage title="Not connected">
      <p role="alert">{config.error}</p>
    </GatePage>,
  );
