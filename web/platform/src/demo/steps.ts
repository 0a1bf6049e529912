import type { Step } from './step.js';
import { assignStep } from './step-assign.js';
import { planStep } from './step-plan.js';
import { profileStep } from './step-profile.js';
import { progressStep } from './step-progress.js';

/** The guide's scenarios, in its order. */
export const STEPS: readonly Step[] = [assignStep, planStep, progressStep, profileStep];
