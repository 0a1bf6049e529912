import type { ChangePassword, CurrentUser, LoginResponse } from '@querycast/platform-protocol';
import { requestLogin, requestLogout, requestPasswordChange, requestRefresh } from '../api/auth-api.js';
import { ApiRequestError } from '../api/errors.js';
import type { SendRequest } from '../api/request.js';
import { type Access, createAccess, type EndReason, SessionEndedError } from './access.js';

/** What one session holds besides its token; made at login, closed with the session. */
export interface SessionResources {
  close(): void;
}

/** A logged-in person and everything that belongs to this login alone. */
export interface ActiveSession<Resources extends SessionResources> {
  /** Unique per login, also when the same person logs in again: the React key of all that is rendered for it. */
  readonly id: string;
  readonly user: CurrentUser;
  readonly access: Access;
  readonly resources: Resources;
}

/** Why nobody is logged in, where that needs an explanation. */
export type SignedOutReason = EndReason | 'logout_unconfirmed';

/** Who is logged in on this page. */
export type SessionState<Resources extends SessionResources> =
  | { readonly status: 'resuming' }
  | { readonly status: 'unreachable' }
  | { readonly status: 'anonymous'; readonly reason?: SignedOutReason }
  | { readonly status: 'active'; readonly session: ActiveSession<Resources> };

/**
 * Who the page waits for while nobody is logged in: whose session ended by itself, by id; after a log-out `nobody`, for
 * whoever comes next begins anew.
 */
export type AwaitedPerson = number | 'anybody' | 'nobody';

/** The session of the page, as an external store. */
export interface SessionStore<Resources extends SessionResources> {
  state(): SessionState<Resources>;
  subscribe(listener: () => void): () => void;
  /** Asks whether the refresh cookie still stands for somebody. Never rejects: the state tells. */
  resume(): Promise<void>;
  /** The same for the first page that wants to know; without effect afterwards. */
  resumeOnce(): void;
  /** Rejects as `requestLogin` does, the state unchanged. */
  login(email: string, password: string): Promise<void>;
  /** Forgets the person at once, then tells the API. Never rejects: the state tells. */
  logout(): Promise<void>;
  /**
   * Changes the password of whoever is logged in, which logs them out everywhere else; here the login goes on, the cache and
   * the pages with it. Rejects as `requestPasswordChange` does, or with `SessionEndedError`.
   */
  changePassword(passwords: ChangePassword): Promise<void>;
  awaited(): AwaitedPerson;
  /** Shows how a person who is logged in is called now; the session goes on. Without effect when it is another one's. */
  rename(user: Pick<CurrentUser, 'id' | 'name'>): void;
}

/** Options of `createSessionStore`. */
export interface SessionStoreOptions<Resources extends SessionResources> {
  send: SendRequest;
  open: (user: CurrentUser, access: Access) => Resources;
  /** Runs refreshes of this browser one after the other. Default: as they come. */
  exclusively?: <T>(task: () => Promise<T>) => Promise<T>;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

/** Keeps at most one person logged in; what belonged to the one before is closed before the next state is seen. */
export function createSessionStore<Resources extends SessionResources>(
  options: SessionStoreOptions<Resources>,
): SessionStore<Resources> {
  const { send, open, exclusively = (task) => task(), now } = options;
  const listeners = new Set<() => void>();
  let state: SessionState<Resources> = { status: 'resuming' };
  // Counts who the page belongs to: an answer that arrives for an earlier turn is nobody's any more.
  let turn = 0;
  let asked = false;
  let awaited: AwaitedPerson = 'anybody';
  // The session to end when a log-out has to be repeated.
  let leaving: string | undefined;

  function become(next: SessionState<Resources>): void {
    const previous = state;
    turn += 1;
    state = next;
    if (previous.status === 'active') {
      previous.session.access.close();
      previous.session.resources.close();
    }
    for (const listener of listeners) listener();
  }

  function rename({ id, name }: Pick<CurrentUser, 'id' | 'name'>): void {
    if (state.status !== 'active' || state.session.user.id !== id || state.session.user.name === name) return;
    const { session } = state;
    // No new turn: the token, the cache and the live connection are those of the same login.
    state = { status: 'active', session: { ...session, user: { ...session.user, name } } };
    for (const listener of listeners) listener();
  }

  const refresh = () => exclusively(() => requestRefresh(send));

  function activate(granted: LoginResponse): void {
    const mine = turn + 1;
    const access = createAccess({
      granted,
      requestGrant: refresh,
      send,
      onEnd: (reason) => {
        if (turn !== mine) return;
        awaited = granted.user.id;
        become({ status: 'anonymous', reason });
      },
      ...(now ? { now } : {}),
    });
    const resources = open(granted.user, access);
    become({ status: 'active', session: { id: `${granted.user.id}.${mine}`, user: granted.user, access, resources } });
  }

  async function resume(): Promise<void> {
    asked = true;
    if (state.status !== 'resuming') become({ status: 'resuming' });
    const mine = turn;
    try {
      const granted = await refresh();
      if (turn !== mine) return;
      if (granted) activate(granted);
      else become({ status: 'anonymous' });
    } catch (error) {
      if (turn !== mine) return;
      const refused = error instanceof ApiRequestError && error.status < 500;
      become(refused ? { status: 'anonymous' } : { status: 'unreachable' });
    }
  }

  async function login(email: string, password: string): Promise<void> {
    const mine = turn;
    const granted = await requestLogin(send, email, password);
    if (turn === mine) activate(granted);
  }

  async function logout(): Promise<void> {
    if (state.status === 'active') leaving = state.session.access.lastToken();
    awaited = 'nobody';
    become({ status: 'anonymous' });
    const mine = turn;
    try {
      await requestLogout(send, leaving);
    } catch {
      // The cookie may have survived: say so instead of pretending, a reload would log the person in again.
      if (turn === mine) become({ status: 'anonymous', reason: 'logout_unconfirmed' });
    }
  }

  async function changePassword(passwords: ChangePassword): Promise<void> {
    if (state.status !== 'active') throw new SessionEndedError('closed');
    const { access } = state.session;
    const change = async () => {
      // Before the turn is taken: a token that has to be renewed takes a turn itself.
      const token = await access.token();
      // No refresh of this browser in between: it would fetch the cookie of a session that is over, or find it missing.
      return exclusively(() => requestPasswordChange(send, token, passwords));
    };
    const granted = await change().catch(async (error: unknown) => {
      if (!(error instanceof ApiRequestError) || error.status !== 401) throw error;
      await access.renew();
      return change();
    });
    access.adopt(granted);
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    resume,
    resumeOnce() {
      if (!asked) void resume();
    },
    login,
    logout,
    changePassword,
    awaited: () => awaited,
    rename,
  };
}
