/** Words of revenue, cost and margin. */
export const MARGIN = {
	revenue: { word: 'Revenue', short: 'What was earned in the month by the contract\u2019s method, whether billed or not.' },
	cost: { word: 'Cost of sales', short: 'What the projects cost in the month: labour at cost rates, subcontractors, material, equipment, travel, other, and the change of loss provisions.' },
	margin: { word: 'Gross margin', short: 'Revenue less cost of sales.' },
	margin_pct: { word: 'Gross margin %', short: 'Gross margin as a part of revenue; not a markup on cost.' }
};
