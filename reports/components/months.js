/** Months as the site has them: `2026-10-01`. */
import { get } from 'svelte/store';
import { MONTHS, view } from '$lib/view.js';

/** The first day of the month `n` months away */
export const away = (month, n) => {
	const date = new Date(month);
	return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + n, 1));
};
/** The fiscal year of the month that is looked at, as readers call it */
export const fiscalYear = () => {
	const here = MONTHS.find(({ month }) => month === get(view).month);
	return here ? `FY ${here.fiscal_year}` : '';
};
