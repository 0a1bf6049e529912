import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { SignedIn } from '../session/SignedIn.js';
import { CrashPage } from './CrashPage.js';
import { NotFoundPage } from './NotFoundPage.js';

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage, errorComponent: CrashPage });

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  component: lazyRouteComponent(() => import('../session/LoginGate.js'), 'LoginGate'),
});

const demoRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/demo',
  component: lazyRouteComponent(() => import('../demo/DemoPage.js'), 'DemoPage'),
});

/** Everything below needs a person. */
const signedInRoute = createRoute({ getParentRoute: () => rootRoute, id: 'signed-in', component: SignedIn });

const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../parent/ParentHomePage.js'), 'ParentHomePage'),
});

const childRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/children/$childId',
  component: lazyRouteComponent(() => import('../parent/ChildPage.js'), 'ChildPage'),
});

const studentsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/students',
  component: lazyRouteComponent(() => import('../tutor/StudentsPage.js'), 'StudentsPage'),
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  demoRoute,
  signedInRoute.addChildren([homeRoute, childRoute, studentsRoute]),
]);

/** The pages and their addresses. */
export const router = createRouter({ routeTree, scrollRestoration: true, defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
