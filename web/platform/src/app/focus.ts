/** Whether nothing has the keyboard's focus, or only `gone`, which is about to leave the page. */
export function isFocusLost(gone: Element): boolean {
  const { activeElement, body } = document;
  return activeElement === null || activeElement === body || activeElement === gone;
}

/** Lets the keyboard go on at the page's heading when what had the focus has left the page. */
export function focusHeadingIfLost(): void {
  if (isFocusLost(document.body)) document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
}
