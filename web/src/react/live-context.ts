import { createContext } from 'react';
import type { LiveClient } from '../client/live-client.js';

/** The live client of the surrounding provider. */
export const LiveContext = createContext<LiveClient | undefined>(undefined);
