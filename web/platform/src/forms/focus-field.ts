const FOCUSABLE = 'input:not([type="hidden"]), select, textarea, button';

/** Gives the keyboard's focus to a form's field, to the first of its boxes when it is a group of them. */
export function focusField(node: HTMLElement | null): void {
  (node?.matches(FOCUSABLE) ? node : node?.querySelector<HTMLElement>(FOCUSABLE))?.focus();
}
