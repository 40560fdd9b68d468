/**
 * What the field's words mean, in a sentence, by the word's key: shown where a reader rests on it, and listed in the
 * dictionary under `#<key>`. They are written down by page: `terms/<page>.js`.
 */
import { MARGIN } from './terms/margin.js';
import { TRUST } from './terms/trust.js';

export const TERMS = { ...MARGIN, ...TRUST };
