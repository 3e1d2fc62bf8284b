/** English words of the reading screen. */
export const viewer = {
  'viewer.opening': 'Opening the study',
} as const;
