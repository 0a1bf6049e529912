import { Dialog } from './Dialog.js';
import { Question } from './Question.js';
import type { Leaving } from './use-leaving.js';

/** Asks before what was typed is lost. */
export function DiscardDialog({ leaving }: { leaving: Leaving }) {
  const { isAsked, leave, stay } = leaving;
  return (
    <Dialog opened={isAsked} title="Discard what you typed?" onClose={stay}>
      <Question confirmLabel="Discard" cancelLabel="Keep editing" destroys confirm={leave} cancel={stay}>
        It has not been saved.
      </Question>
    </Dialog>
  );
}
