/** Words of the first page. */
export const HOME = {
	plan: { word: 'Plan', short: 'What the baseline in force at the month\u2019s end says of the month (without one: the plan as sold). A project without a plan of revenue and cost is in no plan figure. The plan of the backlog is the revenue that the baseline puts after the month.' },
	baseline: { word: 'Baseline', short: 'The approved plan that performance is measured against, until a newer one is approved.' },
	backlog: { word: 'Order backlog', short: 'What has been ordered and not yet earned: price of the contracts less revenue to date, at the month\u2019s end.' },
	cash: { word: 'Cash, collected less paid', short: 'What customers paid in the month less what suppliers were paid, tax included, on the day of payment. Salaries are not delivered as payments and are not in it.' },
	year_to_date: { word: 'Year to date', short: 'The months of the fiscal year up to and with the month that is looked at.' },
	dimension: { word: 'Dimension', short: 'What a project is judged by: cost, scope, schedule, quality, customer, safety.' },
	exception: { word: 'Exception', short: 'Something that a figure lacks or rests on, named with the amount at stake instead of being guessed.' },
	provision: { word: 'Loss provision', short: 'What a contract line is still expected to lose, booked as cost at once (IAS 37.66).' },
	eac: { word: 'Cost at completion (EAC)', short: 'Cost to date and the estimate of what is still to come.' },
	catch_up: { word: 'Work of earlier months', short: 'Revenue of the month for work done before, because an estimate or a price changed; also called cumulative catch-up.' },
	publication: { word: 'Publication', short: 'The figures and pages that one refresh put in place, all at once.' },
	restatement: { word: 'Restatement', short: 'A change of a month after it was closed; the closed figures stay, the difference is shown beside them.' },
	close: { word: 'Close', short: 'The figures of a month as they were frozen; what arrives later does not change them.' }
};
