import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let root: Root;
let place: HTMLElement;
let PageTitle: typeof import('./PageTitle.js').PageTitle;

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  // A document that has just been loaded.
  vi.resetModules();
  ({ PageTitle } = await import('./PageTitle.js'));
  document.body.innerHTML = '<a href="/plans">Plans</a><input /><button>Other</button><div id="place"></div>';
  place = document.getElementById('place') as HTMLElement;
  root = createRoot(place);
  open('/');
});

afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

/** Opens the page of an address; its heading is another one each time. */
function open(path: string): void {
  window.history.pushState(null, '', path);
  act(() => root.render(<PageTitle key={crypto.randomUUID()} title={`Page ${path}`} />));
}

const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();
const focused = () => document.activeElement?.textContent || document.activeElement?.tagName;

test('the heading of the first page leaves the focus alone', () => {
  expect(document.activeElement).toBe(document.body);
  expect(document.title).toBe('Page / · Querycast');
});

test('the heading of a page that a link led to gets the focus', () => {
  focus('a');
  open('/plans');
  expect(focused()).toBe('Page /plans');
  expect(document.title).toBe('Page /plans · Querycast');
});

test('the heading gets the focus when what led there has gone', () => {
  open('/plans');
  expect(focused()).toBe('Page /plans');
});

test('whoever types or has gone on elsewhere stays there', () => {
  focus('input');
  open('/plans');
  expect(focused()).toBe('INPUT');
  focus('button');
  open('/');
  expect(focused()).toBe('Other');
});

test('another heading at the same address, or with another search, is no other page', () => {
  open('/?week=1');
  expect(document.activeElement).toBe(document.body);
});
