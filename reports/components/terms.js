/**
 * What the field's words mean, in a sentence, by the word's key: shown where a reader rests on it, and listed in the
 * dictionary under `#<key>`. They are written down by page: `terms/<page>.js`.
 */
import { BALANCES } from './terms/balances.js';
import { CSSQ } from './terms/cssq.js';
import { FORECAST } from './terms/forecast.js';
import { HOME } from './terms/home.js';
import { MARGIN } from './terms/margin.js';
import { TRUST } from './terms/trust.js';

export const TERMS = { ...HOME, ...MARGIN, ...FORECAST, ...BALANCES, ...CSSQ, ...TRUST };
