import { Dialog } from './Dialog.js';
import { Question } from './Question.js';
import type { Leaving } from './use-leaving.js';

/** Asks before what was typed is lost; not there until it asks, for the very Escape that makes it ask would answer it. */
export function DiscardDialog({ leaving }: { leaving: Leaving }) {
  const { isAsked, leave, stay } = leaving;
  if (!isAsked) return null;
  return (
    <Dialog opened title="Discard what you typed?" onClose={stay}>
      <Question confirmLabel="Discard" cancelLabel="Keep editing" destroys confirm={leave} cancel={stay}>
        It has not been saved.
      </Question>
    </Dialog>
  );
}
