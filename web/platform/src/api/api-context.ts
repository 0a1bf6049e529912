import { createContext, useContext } from 'react';
import type { PlatformApi } from './platform-api.js';

/** The API of the person whose pages are inside. */
export const ApiContext = createContext<PlatformApi | undefined>(undefined);

/** The API of the surrounding person. Throws outside of one. */
export function useApi(): PlatformApi {
  const api = useContext(ApiContext);
  if (!api) throw new Error('useApi needs an ApiContext around it');
  return api;
}
