import type { KeyTask, KeyTasks } from './key-tasks.ts';
import type { StudyVault, VerifyObserver } from './types.ts';

/**
 * The vault as main holds it: what says something of a patient is asked by the page itself, over its port to the vault
 * process, and not through main.
 */
export interface MainVault extends Omit<StudyVault, 'search' | 'details' | 'annotations' | 'append' | 'keys'> {
  /** As `StudyVault` has it, but for the plan that names patients. */
  keys<Task extends Exclude<KeyTask, 'retention-plan'>>(
    task: Task,
    request: KeyTasks[Task][0],
    observer?: VerifyObserver,
  ): Promise<KeyTasks[Task][1]>;
}
