/**
 * The page of one project or programme: its sections as the build packed them into one text (page_texts.py), and what its
 * reader looks at of them. The page comes with the default month; another month of this one page is one small file.
 */
import { derived, writable } from 'svelte/store';
import { base } from '$app/paths';
import { isFigure } from '$lib/format.js';
import { view } from '$lib/view.js';
import about from '$lib/about.json';
import scope from '$lib/scope.json';

const named = ({ columns, rows }) => rows.map((row) => Object.fromEntries(columns.map((column, n) => [column, row[n]])));
const read = (sections) => Object.fromEntries(Object.entries(sections).map(([name, section]) => [name, named(section)]));

const loaded = new Map();
function load(kind, key) {
	const address = `${base}/figures/${kind}/${key}.json?v=${about.refresh_id}`;
	if (!loaded.has(address)) {
		const answer = fetch(address).then(async (response) => {
			if (!response.ok) throw new Error(`${response.status}`);
			return read(await response.json());
		});
		answer.catch(() => loaded.delete(address));
		loaded.set(address, answer);
	}
	return loaded.get(address);
}

const chosen = (rows, { month, basis }) => {
	const kept = rows.filter((row) => row.month === month);
	return kept.length && 'basis' in kept[0] ? kept.filter((row) => row.basis === basis) : kept;
};

/**
 * A store of `{ sections, month, basis, state }` for what is looked at; `sections` by name, each its rows. Hand it the
 * text of the page by `given`. `state` is `ready`, `loading` (the month before) or `missing`.
 */
export function pack(kind, key) {
	const given = writable({});
	let last = { sections: {}, month: scope.default_month, basis: 'now', state: 'ready' };
	const { subscribe } = derived([given, view], ([$given, $view], set) => {
		const { month, basis } = $view;
		const make = (sections) => (last = { sections, month, basis, state: 'ready' });
		if (month === scope.default_month && basis === 'now') {
			set(make($given));
			return undefined;
		}
		let isWanted = true;
		set({ ...last, state: 'loading' });
		load(kind, key).then(
			(found) => {
				const other = Object.entries(found).map(([name, rows]) => [name, chosen(rows, { month, basis })]);
				if (isWanted) set(make({ ...$given, ...Object.fromEntries(other) }));
			},
			() => isWanted && set({ ...last, sections: {}, month, basis, state: 'missing' })
		);
		return () => (isWanted = false);
	});
	return { subscribe, given: (text) => given.set(text ? read(JSON.parse(text)) : {}) };
}

const before = (month) => {
	const date = new Date(month);
	return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)).toISOString().slice(0, 10);
};
const share = (above, below) => (isFigure(above) && Number(below) ? Number(above) / Number(below) : null);

/** The month, the month before and everything to date, as `MonthFigures` shows them; nothing where nothing ever happened. */
export function statement({ series = [], closed = [] }, { month, basis }, label) {
	const known = series.filter((row) => row.month <= month);
	if (!known.length) return [];
	const asClosed = basis === 'closed' ? closed[0] : undefined;
	const here = asClosed ?? series.find((row) => row.month === month) ?? {};
	const previous = series.find((row) => row.month === before(month)) ?? {};
	const toDate = asClosed ?? known[known.length - 1];
	const measures = (row, prefix, suffix = '') => ({
		[`${prefix}revenue`]: row[`revenue${suffix}`] ?? null,
		[`${prefix}cost`]: row[`cost${suffix}`] ?? null,
		[`${prefix}margin`]: row[`margin${suffix}`] ?? null,
		[`${prefix}margin_pct`]: share(row[`margin${suffix}`], row[`revenue${suffix}`])
	});
	return [
		{
			month,
			previous_month: before(month),
			year_label: label,
			...measures(here, ''),
			...measures(previous, 'previous_'),
			...measures(toDate, 'year_', '_to_date')
		}
	];
}

const CATEGORIES = ['labour', 'subcontract', 'material', 'equipment', 'travel', 'other', 'loss_provision'];
const cents = (value) => Math.round(Number(value ?? 0) * 100);
/** What the cost is made of, the month and everything up to it, the largest first. */
export function costMix({ series = [], closed = [] }, { month, basis }) {
	const known = series.filter((row) => row.month <= month);
	const here = basis === 'closed' ? closed : series.filter((row) => row.month === month);
	const total = (list, id) => list.reduce((sum, row) => sum + cents(row[id]), 0) / 100;
	const mix = CATEGORIES.map((id) => ({
		category: id.replace('_', ' '),
		measure: id === 'loss_provision' ? 'loss_provision_change' : id,
		cost: basis === 'closed' ? total(closed, `${id}_to_date`) : total(known, id),
		month_cost: here.length ? total(here, id) : null
	})).filter(({ cost, month_cost: inMonth }) => cost !== 0 || inMonth);
	const whole = total(mix, 'cost');
	return mix.map((row) => ({ ...row, share: share(row.cost, whole) })).sort((a, b) => b.cost - a.cost);
}

const PERCENT = { fraction: '%', pp: 'pp' };
/** KPI rows as they are written: shares as percentages, the unit beside them. */
export const kpiRows = (rows = []) =>
	rows.map((row) => {
		const scale = row.unit in PERCENT ? 100 : 1;
		const scaled = (id) => (isFigure(row[id]) ? Number(row[id]) * scale : null);
		return {
			...row,
			unit: PERCENT[row.unit] ?? (row.unit === 'ratio' || row.unit === 'count' ? null : row.unit),
			status: (row.status ?? 'not_rated').replace('_', ' '),
			value: scaled('value'),
			target: scaled('target'),
			previous_1_value: scaled('previous_1_value'),
			previous_2_value: scaled('previous_2_value'),
			previous_3_value: scaled('previous_3_value')
		};
	});

/** Ratings: a symbol and a word, so that the colour is never alone */
const RATINGS = {
	green: { symbol: '●', word: 'green' },
	amber: { symbol: '▲', word: 'amber' },
	red: { symbol: '■', word: 'red' },
	not_rated: { symbol: '–', word: 'not rated' }
};
export const rating = (status) => RATINGS[status ?? 'not_rated'] ?? RATINGS.not_rated;

/** An amount on a drawing, where there is no room: 1.9 M, −310 k */
export function brief(value) {
	if (!isFigure(value)) return '';
	const size = Math.abs(Number(value));
	const text = size >= 1e6 ? `${(size / 1e6).toFixed(size >= 1e8 ? 0 : size % 5e5 ? 2 : 1)} M` : size >= 1e3 ? `${(size / 1e3).toFixed(0)} k` : size.toFixed(0);
	return Number(value) < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** Marks of an axis from nought to `top`, at steps of 1, 2 or 5 */
export function marks(top) {
	const size = 10 ** Math.floor(Math.log10(top / 4));
	const step = [1, 2, 5, 10].map((each) => each * size).find((each) => top / each <= 5) ?? top;
	return Array.from({ length: Math.floor(top / step) + 1 }, (_, n) => n * step);
}

const DRIVERS = [
	['price', 'Price'], ['approved_changes', 'Approved changes'], ['hours', 'Hours'], ['rate', 'Rate'],
	['subcontract', 'Subcontract'], ['material', 'Material'], ['equipment', 'Equipment'], ['travel', 'Travel'],
	['other', 'Other'], ['fx', 'Currencies'], ['risk', 'Loss provision'], ['residual', 'Left over']
];
/** A walk between two versions of the margin as bars: the version before, each step that moved it, the version after. */
export function walkOf(row) {
	if (!row) return [];
	const [from, to] = row.walk.split(' to ');
	const after = row.walk.slice(from.length + 4);
	// what rounds to nothing is in the table, not in the drawing
	const steps = DRIVERS.filter(([id]) => isFigure(row[id]) && Math.abs(Number(row[id])) >= 0.5).map(([id, name]) => ({ name, value: Number(row[id]) }));
	return [
		{ name: from, value: Number(row.from_margin), whole: true },
		...steps,
		{ name: to === undefined ? 'after' : after, value: Number(row.to_margin), whole: true }
	];
}
