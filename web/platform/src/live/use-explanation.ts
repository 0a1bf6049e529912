import { useWindowEvent } from '@mantine/hooks';
import { type PointerEvent, useEffect, useRef, useState } from 'react';

/** How far from the button and the explanation the mouse still counts as over them, in pixels: there is a gap between. */
const NEAR = 14;

/** When an explanation is open: hovered, focused or tapped, until the mouse or the focus is elsewhere, or Escape. */
export function useExplanation() {
  const target = useRef<HTMLButtonElement>(null);
  const explanation = useRef<HTMLDivElement>(null);
  const [isHovered, setHovered] = useState(false);
  const [isHeld, setHeld] = useState(false);

  function close(): void {
    setHovered(false);
    setHeld(false);
  }

  useMouseElsewhere(isHovered, [target, explanation], () => setHovered(false));
  useWindowEvent('keydown', ({ key }) => {
    if (key === 'Escape') close();
  });
  return {
    isOpen: isHovered || isHeld,
    close,
    explanation,
    target: {
      ref: target,
      // Not `onPointerEnter`: React misses that when what was under the mouse before has left the page.
      onPointerOver: ({ pointerType }: PointerEvent) => {
        if (pointerType === 'mouse') setHovered(true);
      },
      onFocus: () => setHeld(true),
      onBlur: () => setHeld(false),
      // A tap does not give the focus to a button everywhere.
      onClick: () => setHeld(true),
    },
  };
}

/**
 * Tells when the mouse has moved away from all of `places`. Not by what it leaves: a button whose words change may get
 * narrower, and then leaves a mouse that has not moved at all.
 */
function useMouseElsewhere(
  isWatching: boolean,
  places: readonly { readonly current: Element | null }[],
  onElsewhere: () => void,
): void {
  const latest = useRef({ places, onElsewhere });
  useEffect(() => {
    latest.current = { places, onElsewhere };
  });
  useEffect(() => {
    if (!isWatching) return;
    const moved = ({ clientX, clientY }: globalThis.PointerEvent) => {
      const isOver = latest.current.places.some(({ current }) => current && isNear(current, clientX, clientY));
      if (!isOver) latest.current.onElsewhere();
    };
    const gone = () => latest.current.onElsewhere();
    const { documentElement } = document;
    document.addEventListener('pointermove', moved);
    documentElement.addEventListener('pointerleave', gone);
    return () => {
      document.removeEventListener('pointermove', moved);
      documentElement.removeEventListener('pointerleave', gone);
    };
  }, [isWatching]);
}

function isNear(element: Element, x: number, y: number): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return x >= left - NEAR && x <= right + NEAR && y >= top - NEAR && y <= bottom + NEAR;
}
