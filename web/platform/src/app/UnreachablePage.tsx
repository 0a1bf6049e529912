import { Button } from '@mantine/core';
import { FullPage } from './FullPage.js';

/** The server did not answer before anything could be shown. */
export function UnreachablePage({ onRetry }: { onRetry: () => void }) {
  return (
    <FullPage title="No connection">
      <p>The server cannot be reached. Check your connection and try again.</p>
      <Button onClick={onRetry}>Try again</Button>
    </FullPage>
  );
}
