/** Whether nothing in particular has the keyboard's focus, or only `gone`, which is about to leave the page. */
export function isFocusLost(gone: Element): boolean {
  const { activeElement, body } = document;
  // The main part has it after a click on nothing.
  return !activeElement || activeElement === body || activeElement === gone || activeElement.tagName === 'MAIN';
}

/** The dialog on top, if there is one. */
export function topDialog(): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>('[role="dialog"]')].at(-1);
}

/** Lets the keyboard go on in the open dialog, or at the page's heading, when what had the focus has gone. */
export function focusPlaceIfLost(): void {
  if (!isFocusLost(document.body)) return;
  (topDialog() ?? document.querySelector<HTMLElement>('main h1'))?.focus({ preventScroll: true });
}
