import { Button } from '@mantine/core';
import { FullPage } from './FullPage.js';

/** A page failed while rendering, or its code could not be loaded. */
export function CrashPage() {
  return (
    <FullPage title="This page failed to open">
      <p>Loading it again usually helps, for example when a new version has just been installed.</p>
      <Button onClick={() => window.location.reload()}>Load again</Button>
    </FullPage>
  );
}
