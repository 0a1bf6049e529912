import type { Role } from '../rooms.js';

/** A person as others see them. */
export interface PersonName {
  id: number;
  name: string;
}

/** The person who is logged in. */
export interface CurrentUser extends PersonName {
  role: Role;
}

/** What `GET` and `PATCH /api/auth/me` answer: the same person as they alone see themselves. */
export interface Profile extends CurrentUser {
  firstName: string;
  lastName: string;
  email: string;
}

/** What `POST /api/auth/login`, `POST /api/auth/refresh` and `POST /api/auth/password` answer. */
export interface LoginResponse {
  /** Access token for `Authorization: Bearer` and for the socket; lives 15 minutes. */
  token: string;
  /** ISO 8601 UTC. */
  expiresAt: string;
  user: CurrentUser;
}

/** Body of `PATCH /api/auth/me`; at least one of them. */
export interface EditProfile {
  firstName?: string;
  lastName?: string;
}

/** Body of `POST /api/auth/password`. */
export interface ChangePassword {
  currentPassword: string;
  /** 8..1,024 characters; neither the current one nor the own e-mail. */
  newPassword: string;
}

/** Somebody who gets an account. */
export interface NewPerson {
  firstName: string;
  lastName: string;
  email: string;
  /** At least 8 characters. */
  password: string;
}

/** Body of `POST /api/tutor/students`: at most one of `parent`, who gets an account as well, and `parentId`. */
export interface CreateStudent extends NewPerson {
  /** 1..12. */
  grade: number;
  goal?: string;
  parent?: NewPerson;
  parentId?: number;
}

/** Body of `PATCH /api/tutor/students/:studentId`; at least one of them. */
export interface EditStudent {
  /** 1..12. */
  grade?: number;
  goal?: string;
  /** `null` for none. */
  parentId?: number | null;
}

/** What `POST` and `PATCH` of a student answer. */
export interface StudentProfile extends PersonName {
  grade: number;
  goal: string;
  parentId: number | null;
}

/** One element of `GET /api/admin/users`, and what `POST` and `PATCH` of a user answer. */
export interface AdminUser {
  id: number;
  email: string;
  role: Role;
  firstName: string;
  lastName: string;
  isActive: boolean;
}

/** Body of `POST /api/admin/users`. Students come in through their tutor. */
export interface CreateUser extends NewPerson {
  role: Exclude<Role, 'student'>;
}

/** Body of `PATCH /api/admin/users/:userId`; at least one of them. */
export interface EditUser extends EditProfile {
  isActive?: boolean;
}

/** One element of `GET /api/demo/accounts`. */
export interface DemoAccount {
  email: string;
  name: string;
  role: Role;
  /** What there is to see as this person. */
  note: string;
}
