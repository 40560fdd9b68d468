/**
 * What the reader looks at: a month, as it was closed or as it is now, some of the projects, and the unit of amounts. It
 * is kept in the address, so that it can be sent to somebody; pages come with the default month of all projects on them, other months
 * are fetched as small files from the site itself.
 */
import { derived, get, readable, writable } from 'svelte/store';
import { goto } from '$app/navigation';
import { base } from '$app/paths';
import { UNITS, setUnit } from '$lib/format.js';
import { grouped } from '$lib/sums.js';
import about from '$lib/about.json';
import scope from '$lib/scope.json';

/** What stands for "not given" in the address and in a filter */
export const NONE = '(none)';
/** Filters by their name in the address, with the place of their value in a project's row of scope.json */
export const FILTERS = [
	{ id: 'group', label: 'Business group', place: 1 },
	{ id: 'market', label: 'Market', place: 2 },
	{ id: 'customer', label: 'Customer', place: 3, names: new Map(scope.customers) },
	{ id: 'programme', label: 'Programme', place: 4, names: new Map(scope.programmes) }
];
export const MONTHS = scope.months;
const ALL = Object.fromEntries(FILTERS.map(({ id }) => [id, null]));
const DEFAULT = { month: scope.default_month, basis: 'now', unit: 'one', ...ALL };

const values = new Map(FILTERS.map(({ id, place }) => [id, new Set(scope.projects.map((p) => p[place] ?? NONE))]));
/** The values that a filter can take, with their names, sorted by name */
export const choices = (filter) =>
	[...values.get(filter.id)]
		.map((value) => ({ value, name: value === NONE ? 'not given' : (filter.names?.get(value) ?? value) }))
		.sort((a, b) => (a.value === NONE) - (b.value === NONE) || String(a.name).localeCompare(String(b.name), 'en'));

const state = writable(DEFAULT);
// before anything that shows an amount hears of the new unit
state.subscribe(({ unit }) => setUnit(unit));
/** What is looked at: month (`2026-10-01`), basis (`now` or `closed`), unit, group, market, customer, programme (null: all) */
export const view = { subscribe: state.subscribe };

const monthOf = (text) => MONTHS.find(({ month }) => month.slice(0, 7) === text);

/** Takes what an address says; anything in it that there is not is left out. */
export function readAddress(parameters) {
	const month = monthOf(parameters.get('month')) ?? monthOf(DEFAULT.month?.slice(0, 7));
	const next = { ...DEFAULT, month: month?.month ?? null };
	if (parameters.get('basis') === 'closed' && month?.is_closed) next.basis = 'closed';
	if (Object.hasOwn(UNITS, parameters.get('unit') ?? '')) next.unit = parameters.get('unit');
	for (const { id } of FILTERS) if (values.get(id).has(parameters.get(id))) next[id] = parameters.get(id);
	if (JSON.stringify(next) !== JSON.stringify(get(state))) state.set(next);
}

const written = (wanted) => {
	const parameters = new URLSearchParams();
	if (wanted.month !== DEFAULT.month) parameters.set('month', wanted.month.slice(0, 7));
	if (wanted.basis !== 'now') parameters.set('basis', wanted.basis);
	if (wanted.unit !== DEFAULT.unit) parameters.set('unit', wanted.unit);
	for (const { id } of FILTERS) if (wanted[id] !== null) parameters.set(id, wanted[id]);
	const text = parameters.toString();
	return text ? `?${text}` : '';
};
/** What is looked at as the end of an address: empty, or with its question mark */
export const query = derived(state, written);

/** Looks at all projects again. */
export const lookAtAll = () => look(ALL);
// what a page itself keeps in the address (the project whose documents are listed) stays there
const beside = (end) => {
	const parameters = new URLSearchParams(end);
	for (const [name, value] of new URLSearchParams(window.location.search)) {
		if (!Object.hasOwn(DEFAULT, name)) parameters.append(name, value);
	}
	const text = parameters.toString();
	return text ? `?${text}` : '';
};

/** Looks at something else, and puts it into the address. */
export function look(change) {
	const wanted = { ...get(state), ...change };
	if (!MONTHS.find(({ month }) => month === wanted.month)?.is_closed) wanted.basis = 'now';
	state.set(wanted);
	goto(window.location.pathname + beside(written(wanted)), { noScroll: true, keepFocus: true });
}

const isWanted = (project, wanted) =>
	FILTERS.every(({ id, place }) => wanted[id] === null || (project[place] ?? NONE) === wanted[id]);
/** True where some projects are left out */
export const isFiltered = derived(state, (wanted) => FILTERS.some(({ id }) => wanted[id] !== null));
/** The projects, customers and programmes that are looked at, as sets of their keys */
export const chosen = derived(state, (wanted) => {
	const projects = scope.projects.filter((project) => isWanted(project, wanted));
	return {
		project_key: new Set(projects.map(([key]) => key)),
		customer_id: new Set(projects.map((project) => project[3])),
		programme_key: new Set(projects.map((project) => project[4]))
	};
});

const loaded = new Map();
async function load(table, file) {
	const address = `${base}/figures/${table}/${file}.json?v=${about.refresh_id}`;
	if (!loaded.has(address)) {
		const answer = fetch(address).then(async (response) => {
			if (!response.ok) throw new Error(`${response.status}`);
			const { columns, rows } = await response.json();
			return rows.map((row) => Object.fromEntries(columns.map((column, n) => [column, row[n]])));
		});
		answer.catch(() => loaded.delete(address));
		loaded.set(address, answer);
	}
	return loaded.get(address);
}

const kept = (rows, by, sets, filtered) => (filtered && by ? rows.filter((row) => sets[by].has(row[by])) : rows);
const fetched = (table, file, make, set, before) => {
	let isWantedStill = true;
	set({ ...before, state: 'loading' });
	load(table, file).then(
		(rows) => isWantedStill && set(make(rows)),
		() => isWantedStill && set({ rows: [], basis: 'now', state: 'missing' })
	);
	return () => (isWantedStill = false);
};

/**
 * The rows of a monthly table (`files="month"` in export.py) for what is looked at: a store of
 * `{ rows, basis, state }`; `basis` says how the rows really are (a table without closed rows shows them as they are
 * now), `state` is `ready`, `loading` (the rows before) or `missing`. Hand it the rows of the default month, which came
 * with the page, by `given`. `by`: the column that the filters apply to (project_key, customer_id, programme_key), or null.
 */
export function figures(table, { by = 'project_key' } = {}) {
	const given = writable([]);
	let last = { rows: [], basis: 'now' };
	const { subscribe } = derived([given, state, chosen, isFiltered], ([$given, $view, $chosen, $filtered], set) => {
		const basis = $view.basis === 'closed' && scope.with_closed.includes(table) ? 'closed' : 'now';
		const make = (rows) => (last = { rows: kept(rows, by, $chosen, $filtered), basis, state: 'ready' });
		if ($view.month === DEFAULT.month && basis === 'now') {
			set(make($given));
			return undefined;
		}
		const file = $view.month.slice(0, 7) + (basis === 'closed' ? '.closed' : '');
		return fetched(table, file, make, set, last);
	});
	return { subscribe, given: (data) => given.set(Array.from(data ?? [])) };
}

/**
 * Months of a table (`files="whole"` in export.py) of the projects that are looked at, a store like `figures`.
 * Hand it the months of all projects, added up by the page's SQL, by `given`; where projects are left out, the table is
 * fetched and added up here. `sums` and `ratios` as in sums.js.
 */
export function series(table, { by = 'project_key', key = 'month', sums, ratios = {} }) {
	const given = writable([]);
	let last = { rows: [], basis: 'now' };
	const { subscribe } = derived([given, chosen, isFiltered], ([$given, $chosen, $filtered], set) => {
		const make = (rows) => (last = { rows, basis: 'now', state: 'ready' });
		if (!$filtered) {
			set(make($given));
			return undefined;
		}
		const add = (rows) => make(grouped(kept(rows, by, $chosen, true), key, { sums, ratios }));
		return fetched(table, 'all', add, set, last);
	});
	return { subscribe, given: (data) => given.set(Array.from(data ?? [])) };
}

const places = new Map(scope.projects.map((project) => [project[0], project]));
/** What a project has for a filter, by the project's key: `{ value, name }` */
export const placeOf = (projectKey, filterId) => {
	const { place, names } = FILTERS.find(({ id }) => id === filterId);
	const value = places.get(projectKey)?.[place] ?? NONE;
	return { value, name: value === NONE ? 'not given' : (names?.get(value) ?? value) };
};

/** Rows with a `project_key`, with the names that stand for it and the address of its page */
export const named = (rows) =>
	rows.map((row) => ({
		...row,
		project_name: places.get(row.project_key)?.[5] ?? row.project_name,
		customer_name: placeOf(row.project_key, 'customer').name,
		link: row.project_key ? `/projects/${row.project_key}/` : null
	}));

/** True once the page runs in a browser: what only a reader needs (long lists of choices) is not in the page as it is served */
export const inBrowser = readable(false, (set) => {
	if (typeof window !== 'undefined') set(true);
});
