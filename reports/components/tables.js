/**
 * The columns of every table on the site, by the table's name; where they are written down: `tables/<page>.js`.
 *
 * A column: `id`, `title`, `format` (format.js; text where none is said); `total`: `sum`, or for a ratio the two sums that
 * it is derived from (ratios are never added or averaged); `flag`: values that are set off, with a mark beside the word;
 * `blank`: a cell without a value stays empty; `wrap`: sentences and names; `code`: ids; `term`: its entry in terms.js, where
 * the title alone would be jargon; `href`: the column with the address that this one leads to; `documents`: the figure
 * (documents.js, or a function of the row that names it) whose documents this one leads to, of the row's project_key and month; `screen`: a column that paper has no
 * room for; `neutral`: below zero is nothing bad.
 * A table: `label`, `columns`, `empty` (the sentence where there is nothing), `search`, `rows` (shown at first), `sort`,
 * `total` (the first cell of the totals), `href` (of the first column), `printed` (rows on paper, 500 where none is said),
 * `anchor` (the column with the id that an address can name after `#`: the row is shown, whichever place it has), `links: false` where the table need not link to the pages
 * of rows that it does not show, because another table does.
 */
import { BALANCES } from './tables/balances.js';
import { DOCUMENTS } from './tables/documents.js';
import { FORECAST } from './tables/forecast.js';
import { HOME } from './tables/home.js';
import { CSSQ } from './tables/cssq.js';
import { MARGIN } from './tables/margin.js';
import { PACK } from './tables/pack.js';
import { PROJECT } from './tables/project.js';
import { TRUST } from './tables/trust.js';

export const TABLES = {
	...HOME,
	...MARGIN,
	...FORECAST,
	...BALANCES,
	...PROJECT,
	...PACK,
	...CSSQ,
	...DOCUMENTS,
	...TRUST
};
