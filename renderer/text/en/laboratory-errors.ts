import type { ErrorWords, LabFaultCode } from '../codes.ts';

const INTACT = 'Nothing was changed or lost.';
const STUDIES_STAY = 'Your studies and measurements are sealed and untouched.';
const AGAIN = 'Try again.';
const RESTART = 'Close Vitrine and start it again. If it happens again, send the code to support.';

/** English words for what goes wrong in the Laboratory and in the engine process. */
export const labFaults: Pick<ErrorWords['faults'], LabFaultCode> = {
  'schemes/picture': [
    'This picture has a form that the Laboratory does not take.',
    INTACT,
    'Choose a grey or colour picture of up to 16 bit.',
  ],
  'schemes/file': [
    'The file can’t be read as a picture.',
    INTACT,
    'Save it again as JPEG, PNG without interlacing, or DICOM.',
  ],
  'schemes/constant': [
    'All pixels of this picture have one value, so there is nothing to measure.',
    INTACT,
    'Choose a picture that shows something.',
  ],
  'schemes/too-small': ['The picture is too small for this.', INTACT, 'Choose a larger picture, or smaller blocks.'],
  'schemes/too-large': ['The picture is larger than the Laboratory takes.', INTACT, 'Choose a smaller picture.'],
  'schemes/depth': [
    'The system takes {{low}} to {{high}} bit, and this picture has {{bits}}.',
    INTACT,
    'Choose another system, or a picture of that depth.',
  ],
  'schemes/parameter': [
    'A parameter has a value that the system does not take.',
    INTACT,
    'Go back to the defaults, or choose a value inside the range.',
  ],
  'schemes/payload': [
    'What the system made could not be decrypted again.',
    INTACT,
    'Choose other parameters, or another picture.',
  ],
  'schemes/altered': ['The authenticated encryption refused what it was given.', INTACT, AGAIN],
  'schemes/key': ['The key has another length than the system needs.', INTACT, RESTART],
  'systems/unknown-system': ['There is no such system.', INTACT, 'Choose one of the list.'],
  'systems/unknown-attack': ['There is no such attack on this system.', INTACT, 'Choose one of the list.'],
  'systems/other-kind': ['This system is no image cipher.', INTACT, 'Its description says where it runs.'],
  'engine/cancelled': [
    'The work was cancelled.',
    'Nothing of it was kept; your studies are untouched.',
    'Start it again when you want it.',
  ],
  'engine/crashed': [
    'The computing process ended.',
    'Nothing of the work was kept; your studies are untouched.',
    'Start it again, with a smaller picture where you can.',
  ],
  'engine/memory': [
    'The work took more memory than it may, and was ended.',
    'Your studies are untouched.',
    'Choose a smaller picture.',
  ],
  'engine/answer': [
    'The computing process gave an answer that makes no sense, and was ended.',
    'Nothing of the work was kept; your studies are untouched.',
    AGAIN,
  ],
  'engine/no-frame': [
    'The image could not be opened for the computing process.',
    STUDIES_STAY,
    'Open the study again, then try once more.',
  ],
  'lab/no-such-picture': [
    'The Laboratory does not hold this picture any more.',
    STUDIES_STAY,
    'Choose the picture again.',
  ],
};
