/**
 * The documents under a figure: which figures have them, where they are fetched, and the address that leads to them.
 * The files are written by pipelines/publishing/documents.py.
 */
import { base } from '$app/paths';
import about from '$lib/about.json';

const COST = ['labour', 'subcontract', 'material', 'equipment', 'travel', 'other', 'loss_provision_change'];
const LINES = 'margin.revenue_by_contract_line_month';
const COSTS = 'core.fct_cost_lines';
const BALANCES = 'margin.contract_balances_by_contract_month';

/**
 * The figures by their name in the address: `name`; `parts`, the figures that a figure is made of, with their sign;
 * `source`, the published table with every document; `at`: a balance, at the end of the month.
 */
export const MEASURES = {
	revenue: { name: 'Revenue', source: LINES },
	labour: { name: 'Labour', source: COSTS },
	subcontract: { name: 'Subcontractors', source: COSTS },
	material: { name: 'Material', source: COSTS },
	equipment: { name: 'Equipment', source: COSTS },
	travel: { name: 'Travel', source: COSTS },
	other: { name: 'Other cost', source: COSTS },
	loss_provision_change: { name: 'Change of loss provisions', source: LINES },
	cost: { name: 'Cost of sales', parts: COST.map((id) => [id, 1]), source: COSTS },
	margin: { name: 'Gross margin', parts: [['revenue', 1], ...COST.map((id) => [id, -1])], source: COSTS },
	quality: { name: 'Poor quality, part of the cost', source: COSTS },
	billed: { name: 'Billed, net', source: 'core.fct_invoice_lines' },
	collected: { name: 'Collected, with tax', source: 'core.fct_payments' },
	receivable: { name: 'Receivable', source: 'margin.receivables_ageing', at: true },
	retention: { name: 'Retained by customers', source: BALANCES, at: true },
	contract_asset: { name: 'Unbilled work (contract asset)', source: BALANCES, at: true },
	contract_liability: { name: 'Billed ahead (contract liability)', source: BALANCES, at: true },
	loss_provision: { name: 'Loss provision', source: BALANCES, at: true },
	backlog: { name: 'Backlog', source: BALANCES, at: true }
};
export const partsOf = (measure) => MEASURES[measure].parts ?? [[measure, 1]];

const yearMonth = (month) => (month instanceof Date ? month.toISOString() : String(month)).slice(0, 7);

/** Where the documents under a figure are listed. `query`: what is looked at besides (view.js). */
export function documentsAddress(projectKey, month, measure, query = '') {
	const parameters = new URLSearchParams(query);
	parameters.set('month', yearMonth(month));
	parameters.set('project', projectKey);
	if (measure) parameters.set('measure', measure);
	return `/documents/?${parameters}`;
}

const loaded = new Map();
function load(file) {
	const address = `${base}/figures/documents/${file}.json?v=${about.refresh_id}`;
	if (!loaded.has(address)) {
		const answer = fetch(address).then((response) => {
			if (!response.ok) throw new Error(`${response.status}`);
			return response.json();
		});
		answer.catch(() => loaded.delete(address));
		loaded.set(address, answer);
	}
	return loaded.get(address);
}

const named = (columns, row) => Object.fromEntries(columns.map((column, n) => [column, row[n]]));
const hundredths = (value) => Math.round(Number(value ?? 0) * 100);

/** The figures of a project's month with what their documents add up to, in the order of MEASURES. */
export async function figuresOf(projectKey, month) {
	const { columns, rows, project_name, project_id, lists } = await load(`${projectKey}/index`);
	const found = new Map(rows.filter((row) => row[0] === yearMonth(month)).map((row) => [row[1], named(columns, row)]));
	const figures = Object.keys(MEASURES).flatMap((measure) => {
		const parts = partsOf(measure).filter(([id]) => found.has(id));
		if (parts.length === 0) return [];
		const added = (column, signed) =>
			parts.reduce((total, [id, sign]) => total + (signed ? sign : 1) * hundredths(found.get(id)[column]), 0) / 100;
		const [figure, amount] = [added('figure', true), added('amount', true)];
		return [
			{
				measure,
				name: MEASURES[measure].name,
				figure,
				amount,
				difference: (hundredths(figure) - hundredths(amount)) / 100,
				documents: added('documents'),
				without_amount: added('without_amount'),
				shown: added('shown')
			}
		];
	});
	return { project_name, project_id, list: lists[yearMonth(month)], figures };
}

/** The documents of one figure, the largest first. */
export async function documentsOf(projectKey, month, measure, list) {
	if (!list) return [];
	const { columns, rows, files } = await load(`${projectKey}/${list}`);
	const signs = new Map(partsOf(measure));
	return rows
		.filter((row) => row[0] === yearMonth(month) && signs.has(row[1]))
		.map((row) => {
			const document = named(columns, row);
			const [id, name, sha256] = files[document.file] ?? [];
			const sign = signs.get(document.measure);
			const signed = (value) => (value === null ? null : sign * value);
			return {
				...document,
				kind: MEASURES[document.measure].name,
				amount: signed(document.amount),
				amount_base: signed(document.amount_base),
				file_name: name ?? id ?? null,
				sha256: sha256?.slice(0, 12) ?? null
			};
		})
		.sort((a, b) => Math.abs(b.amount_base ?? Infinity) - Math.abs(a.amount_base ?? Infinity));
}
