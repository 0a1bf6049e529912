import type { Role } from '@querycast/platform-protocol';

/** A page in the navigation. */
export interface NavigationItem {
  readonly to: '/' | '/students' | '/materials' | '/plans' | '/progress' | '/weekly-reports' | '/users';
  readonly label: string;
}

/** The pages of each role, the home page first. */
export const NAVIGATION: Readonly<Record<Role, readonly NavigationItem[]>> = {
  parent: [
    { to: '/', label: 'Children' },
    { to: '/weekly-reports', label: 'Weekly reports' },
  ],
  student: [
    { to: '/', label: 'Overview' },
    { to: '/materials', label: 'Materials' },
    { to: '/plans', label: 'Plans' },
    { to: '/progress', label: 'Progress' },
  ],
  teacher: [
    { to: '/', label: 'Overview' },
    { to: '/students', label: 'Students' },
    { to: '/plans', label: 'Plans' },
    { to: '/materials', label: 'Materials' },
    { to: '/weekly-reports', label: 'Weekly reports' },
  ],
  tutor: [
    { to: '/', label: 'Overview' },
    { to: '/students', label: 'Students' },
    { to: '/weekly-reports', label: 'Weekly reports' },
  ],
  admin: [{ to: '/users', label: 'Users' }],
};
