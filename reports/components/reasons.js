/**
 * Why a margin moved, in words: which of revenue and the kinds of cost did most of it. All from the rows of the exports
 * portfolio and margin_costs; amounts in the reader's unit.
 */
import { amount } from '$lib/format.js';

export const CATEGORIES = [
	{ id: 'labour', name: 'labour' },
	{ id: 'subcontract', name: 'subcontractors' },
	{ id: 'material', name: 'material' },
	{ id: 'equipment', name: 'equipment' },
	{ id: 'travel', name: 'travel' },
	{ id: 'other', name: 'other cost' },
	{ id: 'provision', name: 'loss provision' }
];
export const DRIVERS = [
	{ id: 'price', name: 'Price and volume' },
	{ id: 'approved_changes', name: 'Approved changes' },
	{ id: 'hours', name: 'Hours' },
	{ id: 'rate', name: 'Cost of an hour' },
	{ id: 'subcontract', name: 'Subcontractors' },
	{ id: 'material', name: 'Material' },
	{ id: 'equipment', name: 'Equipment' },
	{ id: 'travel', name: 'Travel' },
	{ id: 'other', name: 'Other cost' },
	{ id: 'fx', name: 'Currencies' },
	{ id: 'risk', name: 'Loss provision' },
	{ id: 'residual', name: 'Left over' }
];

const hundredths = (value) => Math.round(Number(value ?? 0) * 100);
/** The difference of two figures, to the cent; a missing one is nothing */
export const less = (a, b) => (hundredths(a) - hundredths(b)) / 100;

// the biggest ones: three at most, and none that is a tenth of the biggest
const biggest = (effects) => {
	const found = effects.filter(({ effect }) => effect !== 0).sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
	return found.filter(({ effect }, n) => n < 3 && Math.abs(effect) * 10 >= Math.abs(found[0].effect));
};
const sentence = (parts) => {
	const text = parts.join('; ');
	return text ? `${text[0].toUpperCase()}${text.slice(1)}.` : '';
};

const against = (row, costs, prefix, higher, lower) => {
	const revenue = less(row.revenue, row[`${prefix}revenue`]);
	const effects = [
		{ name: 'revenue', effect: revenue, moved: revenue },
		...CATEGORIES.map(({ id, name }) => {
			const moved = less(costs?.[id], costs?.[`${prefix}${id}`]);
			return { name, effect: -moved, moved };
		})
	];
	return biggest(effects).map(({ name, moved }) => {
		const earlier = Number(costs?.catch_up ?? 0);
		const told =
			name === 'revenue' && earlier !== 0 && Math.abs(earlier) * 10 >= Math.abs(moved)
				? ` (${amount(earlier)} of the month\u2019s is for work of earlier months: its estimate or price changed)`
				: '';
		return `${name} ${amount(Math.abs(moved))} ${moved > 0 ? higher : lower}${told}`;
	});
};

/** Why the margin of the month is another than that of the month before */
export function sincePrevious(row, costs) {
	const isFirst = !Number(row.previous_revenue) && !Number(row.previous_cost);
	const isOver = !Number(row.revenue) && !Number(row.cost);
	const words = sentence(against(row, costs, 'previous_', 'more', 'less'));
	return isFirst ? `Nothing the month before. ${words}` : isOver ? `Nothing in the month. ${words}` : words;
}

/** Why the margin of the month is another than planned */
export const againstPlan = (row, costs) => sentence(against(row, costs, 'plan_', 'above plan', 'below plan'));

/** What did most of a walk from one version of the margin to another */
export const ofWalk = (row) =>
	sentence(
		biggest(DRIVERS.map(({ id, name }) => ({ name: name.toLowerCase(), effect: less(row[id], 0) }))).map(
			({ name, effect }) => `${name} ${effect > 0 ? '+' : '−'}${amount(Math.abs(effect))}`
		)
	);
