/**
 * The columns of every table on the site, by the table's name; where they are written down: `tables/<page>.js`.
 *
 * A column: `id`, `title`, `format` (format.js; text where none is said); `total`: `sum`, or for a ratio the two sums that
 * it is derived from (ratios are never added or averaged); `flag`: values that are set off, with a mark beside the word;
 * `blank`: a cell without a value stays empty; `wrap`: sentences and names; `code`: ids; `term`: its entry in terms.js, where
 * the title alone would be jargon; `href`: the column with the address that this one leads to.
 * A table: `label`, `columns`, `empty` (the sentence where there is nothing), `search`, `rows` (shown at first), `sort`,
 * `total` (the first cell of the totals), `href` (of the first column), `links: false` where it need not link to the pages of rows
 * that it does not show, because another table does.
 */
import { BALANCES } from './tables/balances.js';
import { HOME } from './tables/home.js';
import { MARGIN } from './tables/margin.js';
import { PROJECT } from './tables/project.js';
import { TRUST } from './tables/trust.js';

export const TABLES = { ...HOME, ...MARGIN, ...BALANCES, ...PROJECT, ...TRUST };
