/** Adding up what is shown: sums in hundredths, which are whole numbers, so that no cent is lost; ratios from sums. */
import { isFigure } from '$lib/format.js';

/** The sum of a column, null where it has no figure at all. */
export const sum = (rows, id) => {
	const values = rows.map((row) => row[id]).filter(isFigure);
	return values.length ? values.reduce((total, value) => total + Math.round(Number(value) * 100), 0) / 100 : null;
};

/** The ratio of two sums, null where there is nothing to divide by. */
export const ratio = (rows, above, below) => {
	const [over, under] = [sum(rows, above), sum(rows, below)];
	return over === null || !under ? null : over / under;
};

/**
 * One row for each value of `key` (a column or a function of the row).
 * `sums`: columns that are added; `ratios`: `{ margin_pct: ['margin', 'revenue'] }`, derived from the sums;
 * `keep`: columns that are the same in all rows of a group. `rows` of the group come with each as `rows`.
 */
export function grouped(rows, key, { sums = [], ratios = {}, keep = [] } = {}) {
	const of = typeof key === 'function' ? key : (row) => row[key];
	const groups = new Map();
	for (const row of rows) {
		const value = of(row);
		const name = value instanceof Date ? value.getTime() : value;
		if (!groups.has(name)) groups.set(name, { value, rows: [] });
		groups.get(name).rows.push(row);
	}
	return [...groups.values()].map(({ value, rows: found }) => ({
		...(typeof key === 'function' ? {} : { [key]: value }),
		key: value,
		...Object.fromEntries(keep.map((id) => [id, found[0][id]])),
		...Object.fromEntries(sums.map((id) => [id, sum(found, id)])),
		...Object.fromEntries(Object.entries(ratios).map(([id, [above, below]]) => [id, ratio(found, above, below)])),
		count: found.length,
		rows: found
	}));
}
