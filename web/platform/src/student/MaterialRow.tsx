import { Button } from '@mantine/core';
import type { StudentMaterial } from '@querycast/platform-protocol';
import { useEffect, useRef } from 'react';
import { isFocusLost } from '../app/focus.js';
import { StatusBadge } from '../app/StatusBadge.js';
import { Glow } from '../live/Glow.js';
import { TYPE_WORDS } from '../materials/material-words.js';
import { ProgressBar } from '../progress/ProgressBar.js';
import { formatMinutes } from '../progress/progress-words.js';
import classes from './materials.module.css';

/** What can be done with a material. */
export interface MaterialActions {
  /** Opens the form. */
  startReport(material: StudentMaterial): void;
  /** Asks first. */
  markDone(material: StudentMaterial): void;
  /** Whether it is being asked about this one. */
  isAsked(material: StudentMaterial): boolean;
}

/** A material with how far the student has come, and the buttons to come further. */
export function MaterialRow(props: { material: StudentMaterial; color: string; actions: MaterialActions }) {
  const { material, color, actions } = props;
  const { title, type, author, timeSpentMinutes, progressPercentage, isCompleted } = material;
  return (
    <>
      <div className={classes.words}>
        <h3 className={classes.title}>{title}</h3>
        <p className={classes.facts}>
          <span>{TYPE_WORDS[type]}</span>
          <span>{author.name}</span>
          <Glow value={`${formatMinutes(timeSpentMinutes)} spent`} />
        </p>
      </div>
      <ProgressBar value={progressPercentage} label={`Progress in ${title}`} color={color} />
      <RowActions material={material} isCompleted={isCompleted} actions={actions} />
    </>
  );
}

function RowActions(props: { material: StudentMaterial; isCompleted: boolean; actions: MaterialActions }) {
  const { material, isCompleted, actions } = props;
  const place = useFocusAfterMarking(actions.isAsked(material));
  return (
    <div className={classes.actions}>
      <Button
        ref={place}
        variant="default"
        size="xs"
        aria-label={`Report progress of ${material.title}`}
        onClick={() => actions.startReport(material)}
      >
        Report progress
      </Button>
      {isCompleted ? (
        <span className={classes.completed}>
          <StatusBadge status="completed" />
        </span>
      ) : (
        <Button
          variant="light"
          size="xs"
          aria-label={`Mark as done: ${material.title}`}
          onClick={() => actions.markDone(material)}
        >
          Mark as done
        </Button>
      )}
    </div>
  );
}

/** The button that asks goes when the answer is yes: who gave it by keyboard goes on beside it, at the place. */
function useFocusAfterMarking(isAsked: boolean) {
  const place = useRef<HTMLButtonElement>(null);
  const wasAsked = useRef(false);
  useEffect(() => {
    if (!isAsked && wasAsked.current && isFocusLost(document.body)) place.current?.focus({ preventScroll: true });
    wasAsked.current = isAsked;
  }, [isAsked]);
  return place;
}
