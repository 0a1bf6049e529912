/** Prints one element of the page and nothing else. */
export function printOnly(element: Element): void {
  element.setAttribute('data-print', '');
  // Browsers that do not wait for the dialog fire this when it is closed.
  window.addEventListener('afterprint', () => element.removeAttribute('data-print'), { once: true });
  window.print();
}
