/** Whether nothing has the keyboard's focus, or only `gone`, which is about to leave the page. */
export function isFocusLost(gone: Element): boolean {
  const { activeElement, body } = document;
  return activeElement === null || activeElement === body || activeElement === gone;
}
