import type { Browser } from 'playwright/test';
import { type Onlookers, onlookers } from './onlookers.js';
import { comeIn, type DemoName, type Person, untilLoaded } from './person.js';
import { untilLive } from './sign-in.js';
import type { Stack } from './stack.js';
import { recordWire } from './wire-record.js';

/** Where each of some people looks on. */
export type Places = Partial<Record<DemoName, string>>;

/** People at pages, and what each change costs them. */
export interface People<P extends Places> extends Pick<Onlookers<keyof P & string>, 'see'> {
  readonly at: { readonly [Name in keyof P]: Person };
  /** Lets some of them go to other addresses; what that costs is not counted. */
  move(places: Partial<Record<keyof P & string, string>>): Promise<void>;
}

/**
 * One platform and its people, for tests that change things one after the other as a day does: what a test leaves behind
 * must not matter to the next.
 */
export interface Scene {
  readonly stack: Stack;
  /** Brings people to addresses, each in a browser of their own; who has been here before comes back in the same. */
  gather<const P extends Places>(places: P): Promise<People<P>>;
  close(): Promise<void>;
}

/** Opens a scene on a platform with the demo data. */
export function openScene(browser: Browser, stack: Stack): Scene {
  const { url } = stack;
  const here = new Map<string, Person>();

  async function arrive(name: DemoName, path: string): Promise<Person> {
    const known = here.get(name);
    if (known) {
      await go(known, path);
      return known;
    }
    const context = await browser.newContext();
    const page = await context.newPage();
    const person = await comeIn({ page, wire: recordWire(page) }, url, name, path);
    here.set(name, person);
    return person;
  }

  async function go(person: Person, path: string): Promise<void> {
    // Who is there already stays: a page that was live all the time shows what a loaded one would.
    if (person.page.url() !== `${url}${path}`) await person.page.goto(`${url}${path}`);
    await untilLive(person.page);
    await untilLoaded(person);
  }

  return {
    stack,
    async gather<const P extends Places>(places: P) {
      const arrivals = Object.entries(places).map(async ([name, path]) => [name, await arrive(name as DemoName, path)]);
      const at = Object.fromEntries(await Promise.all(arrivals)) as People<P>['at'];
      const { see, forget } = onlookers(url, at as Readonly<Record<keyof P & string, Person>>);
      return {
        at,
        see,
        async move(moves) {
          const ways = Object.entries<string | undefined>(moves).map(async ([name, path]) => {
            const person = here.get(name);
            if (!person || path === undefined) throw new Error(`${name} is not here`);
            await go(person, path);
            forget(name as keyof P & string);
          });
          await Promise.all(ways);
        },
      };
    },
    async close() {
      for (const { page } of here.values()) await page.context().close();
    },
  };
}
