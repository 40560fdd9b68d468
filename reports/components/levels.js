/** The levels that scorecards and KPIs are kept at, and which of their groups the reader's filters leave. */
import scope from '$lib/scope.json';
import { FILTERS, NONE } from '$lib/view.js';

export const LEVELS = [
	{ id: 'programme', name: 'Programmes', filter: 'programme', column: 'programme_key' },
	{ id: 'business group', name: 'Business groups', filter: 'group', column: 'id' },
	{ id: 'market', name: 'Markets', filter: 'market', column: 'id' },
	{ id: 'customer', name: 'Customers', filter: 'customer', column: 'id' },
	{ id: 'key projects', name: 'Key projects and others' }
];

/** The groups of a level with at least one project that is looked at; `kept`: keys of the projects, null where all are. */
export function groupsOf(rows, level, kept) {
	const found = rows.filter((row) => row.level === level);
	const { filter, column } = LEVELS.find(({ id }) => id === level);
	if (kept === null || !filter) return found;
	const { place } = FILTERS.find(({ id }) => id === filter);
	const values = new Set(scope.projects.filter(([key]) => kept.has(key)).map((project) => project[place] ?? NONE));
	return found.filter((row) => values.has(row[column] ?? NONE));
}
