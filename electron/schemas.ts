import { config } from 'zod';

// Schemas check by walking, not by functions that they compile: main evaluates no text, and a start doesn't wait for it.
// Each schema asks once, when it is made, so this comes before any of the contract's.
config({ jitless: true });
