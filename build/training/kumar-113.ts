import { kumar } from '../../models/networks/kumar.ts';
import type { TrainingPlan } from '../../models/training/trainer.ts';

/** How `kumar-113` is trained. The plan was fixed before the validation pictures were looked at; nothing is chosen by them. */
export const KUMAR_PLAN: TrainingPlan = {
  epochs: 40,
  batch: 16,
  rate: 0.0004,
  decay: 0.02,
  smoothing: 0.05,
  seed: 113,
  variation: { mirror: true, rotate: 15, shift: 0.06, zoom: 0.1, gamma: 0.2 },
};

/** The network that is trained. */
export const KUMAR_NETWORK = kumar;
