import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { SignedIn } from '../session/SignedIn.js';
import { CrashPage } from './CrashPage.js';
import { NotFoundPage } from './NotFoundPage.js';
import { rolePage } from './role-page.js';

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

/** Everything below needs a person; who has no page at an address is sent home. */
const signedInRoute = createRoute({ getParentRoute: () => rootRoute, id: 'signed-in', component: SignedIn });

const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  component: rolePage({
    parent: async () => (await import('../parent/ParentHomePage.js')).ParentHomePage,
    student: async () => (await import('../student/StudentHomePage.js')).StudentHomePage,
    teacher: async () => (await import('../teacher/TeacherHomePage.js')).TeacherHomePage,
    tutor: async () => (await import('../tutor/TutorHomePage.js')).TutorHomePage,
  }),
});

const childRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/children/$childId',
  component: rolePage({ parent: async () => (await import('../parent/ChildPage.js')).ChildPage }),
});

const studentsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/students',
  component: rolePage({
    teacher: async () => (await import('../teacher/TeacherStudentsPage.js')).TeacherStudentsPage,
    tutor: async () => (await import('../tutor/StudentsPage.js')).StudentsPage,
  }),
});

const studentRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/students/$studentId',
  component: rolePage({
    teacher: async () => (await import('../teacher/TeacherStudentPage.js')).TeacherStudentPage,
  }),
});

const plansRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/plans',
  component: rolePage({
    student: async () => (await import('../student/StudentPlansPage.js')).StudentPlansPage,
    teacher: async () => (await import('../teacher/TeacherPlansPage.js')).TeacherPlansPage,
  }),
});

const materialsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/materials',
  component: rolePage({
    student: async () => (await import('../student/StudentMaterialsPage.js')).StudentMaterialsPage,
    teacher: async () => (await import('../teacher/TeacherMaterialsPage.js')).TeacherMaterialsPage,
  }),
});

const progressRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/progress',
  component: rolePage({
    student: async () => (await import('../student/StudentProgressPage.js')).StudentProgressPage,
  }),
});

const weeklyReportsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/weekly-reports',
  component: rolePage({
    parent: async () => (await import('../parent/ParentWeeklyReportsPage.js')).ParentWeeklyReportsPage,
    teacher: async () => (await import('../teacher/TeacherWeeklyReportsPage.js')).TeacherWeeklyReportsPage,
    tutor: async () => (await import('../tutor/TutorWeeklyReportsPage.js')).TutorWeeklyReportsPage,
  }),
});

const usersRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/users',
  component: rolePage({ admin: async () => (await import('../admin/UsersPage.js')).UsersPage }),
});

const profileRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/profile',
  component: lazyRouteComponent(() => import('../profile/ProfilePage.js'), 'ProfilePage'),
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  demoRoute,
  signedInRoute.addChildren([
    homeRoute,
    childRoute,
    studentsRoute,
    studentRoute,
    plansRoute,
    materialsRoute,
    progressRoute,
    weeklyReportsRoute,
    usersRoute,
    profileRoute,
  ]),
]);

/** The pages and their addresses. */
export const router = createRouter({ routeTree, scrollRestoration: true, defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
