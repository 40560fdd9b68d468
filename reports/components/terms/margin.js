/** Words of revenue, cost and margin. */
export const MARGIN = {
	revenue: { word: 'Revenue', short: 'What was earned in the month by the contract\u2019s method, whether billed or not.' },
	cost: { word: 'Cost of sales', short: 'What the projects cost in the month: labour at cost rates, subcontractors, material, equipment, travel, other, and the change of loss provisions.' },
	margin: { word: 'Gross margin', short: 'Revenue less cost of sales.' },
	margin_pct: { word: 'Gross margin %', short: 'Gross margin as a part of revenue; not a markup on cost.' },
	as_sold: { word: 'As sold', short: 'The plan that the contract was won with: price and expected cost.' },
	forecast: { word: 'Forecast', short: 'What a project is expected to have earned and cost when it is done, as last approved.' },
	walk: { word: 'Walk', short: 'The steps from one margin to another, each with its cause; together they are the difference, to the cent. Also called a bridge.' },
	key_project: { word: 'Key project', short: 'A project that the firm marks as one to watch.' },
	quality: { word: 'Cost of poor quality', short: 'What of the cost was for doing things again: rework, defects, complaints. A part of cost, not an addition.' },
	fx: { word: 'Effect of currencies', short: 'What the margin gained or lost because rates were other than budgeted. Empty where a budget rate is missing.' },
	margin_of_delivery: { word: 'Margin of delivery', short: 'The margin without the effect of currencies, at budget rates.' }
};
