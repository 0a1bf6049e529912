import { afterEach, expect, test } from 'vitest';
import { focusField } from './focus-field.js';

afterEach(() => document.body.replaceChildren());

function place(html: string): HTMLElement | null {
  document.body.innerHTML = html;
  return document.querySelector('[data-path]');
}

test('a field gets the focus itself', () => {
  focusField(place('<textarea data-path="content"></textarea>'));
  expect(document.activeElement?.tagName).toBe('TEXTAREA');
});

test('of a group of boxes the first one gets the focus', () => {
  focusField(place('<div data-path="subjects"><input type="hidden" /><input type="checkbox" value="1" /></div>'));
  expect(document.activeElement?.getAttribute('value')).toBe('1');
});

test('a field that is not there changes nothing', () => {
  focusField(place(''));
  expect(document.activeElement).toBe(document.body);
});
