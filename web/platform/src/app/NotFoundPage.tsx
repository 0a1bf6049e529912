import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { FullPage } from './FullPage.js';

/** An address without a page. */
export function NotFoundPage() {
  return (
    <FullPage title="There is no such page">
      <p>The address may be mistyped, or the page has moved.</p>
      <Button renderRoot={(props) => <Link to="/" {...props} />}>Go to the start</Button>
    </FullPage>
  );
}
