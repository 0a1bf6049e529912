import { useEffect, useLayoutEffect } from 'react';

/** `useLayoutEffect` without the warning of React 18 when a server renders, where neither of them runs. */
export const useBrowserLayoutEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect;
