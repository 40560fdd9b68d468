/** Months as texts (`2026-10`), which sort by themselves, and sums that run on from month to month. */

/** The month of a date or of a text that begins with one */
export const monthKey = (value) => new Date(value).toISOString().slice(0, 7);
export const monthStart = (key) => `${key}-01`;

const next = (key) => {
	const [year, month] = key.split('-').map(Number);
	return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
};
/** Every month from the first to the last, both included */
export const monthsBetween = (first, last) => {
	const found = [];
	for (let key = first; key <= last; key = next(key)) found.push(key);
	return found;
};

/**
 * One row for each month from the first row's to `last` (the last row's), with `sums` of the month (0 where it has none)
 * and, as `<id>_to_date`, up to it. Sums run in hundredths, so that no cent is lost.
 */
export function running(rows, sums, last = undefined) {
	const by = new Map(Array.from(rows ?? []).map((row) => [monthKey(row.month), row]));
	if (!by.size) return [];
	const keys = [...by.keys()].sort();
	const total = Object.fromEntries(sums.map((id) => [id, 0]));
	const end = last && last > keys[0] ? last : keys[keys.length - 1];
	return monthsBetween(keys[0], end).map((key) => {
		const row = by.get(key) ?? {};
		for (const id of sums) total[id] += Math.round(Number(row[id] ?? 0) * 100);
		return {
			month: monthStart(key),
			...Object.fromEntries(sums.map((id) => [id, Number(row[id] ?? 0)])),
			...Object.fromEntries(sums.map((id) => [`${id}_to_date`, total[id] / 100]))
		};
	});
}
