import type { Role } from '@querycast/platform-protocol';
import { Navigate } from '@tanstack/react-router';
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { useSession } from '../session/session-context.js';
import { homePath } from './home-path.js';
import { PageSkeleton } from './PageSkeleton.js';

/** Where the page of each role comes from, loaded when somebody of that role opens it. */
export type PagesByRole = Partial<Record<Role, () => Promise<ComponentType>>>;

/** One address with a page for each of some roles; the others are sent home. */
export function rolePage(pages: PagesByRole): () => ReactNode {
  const lazyPages: LazyPages = Object.fromEntries(
    Object.entries(pages).map(([role, load]) => [role, lazy(async () => ({ default: await load() }))]),
  );
  return () => <RolePage pages={lazyPages} />;
}

type LazyPages = Partial<Record<Role, ComponentType>>;

function RolePage({ pages }: { pages: LazyPages }) {
  const { role } = useSession().user;
  const Page = pages[role];
  if (!Page) return <Navigate to={homePath(role)} replace />;
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Page />
    </Suspense>
  );
}
