import '@fontsource-variable/onest/wght.css';
import './app/mantine.css';
import './app/global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.js';
import { createPageSessionStore } from './session/page-session.js';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no element with the id "root"');

createRoot(root).render(
  <StrictMode>
    <App store={createPageSessionStore()} />
  </StrictMode>,
);
