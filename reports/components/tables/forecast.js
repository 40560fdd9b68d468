const project = { id: 'project_name', title: 'Project', wrap: true };
const money = (id, title, more = {}) => ({ id, title, format: 'amount', total: 'sum', ...more });
// amounts of a project's own currency: never added up, never written in the reader's unit
const own = (id, title, more = {}) => ({ id, title, format: 'count', ...more });

export const FORECAST = {
	forecast_months: {
		label: 'Planned value, earned value and actual cost to date by month',
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'pv', title: 'Planned value', format: 'amount', term: 'pv' },
			{ id: 'ev', title: 'Earned value', format: 'amount', term: 'ev' },
			{ id: 'ac', title: 'Actual cost', format: 'amount', term: 'ac' },
			{ id: 'cv', title: 'Cost variance', format: 'amount', term: 'cv' },
			{ id: 'sv', title: 'Schedule variance', format: 'amount', term: 'sv' },
			{ id: 'cpi', title: 'CPI', format: 'decimal', term: 'cpi' },
			{ id: 'spi', title: 'SPI', format: 'decimal', term: 'spi' }
		],
		sort: '-month',
		rows: 6,
		empty: 'Nothing has been planned, earned or spent.'
	},
	forecast_ahead: {
		label: 'What the baselines plan still',
		columns: [
			{ id: 'month', title: 'Month ahead', format: 'month' },
			{ id: 'pv', title: 'Planned value', format: 'amount', term: 'pv' },
			{ id: 'pv_change', title: 'Of the month', format: 'amount', total: 'sum' }
		],
		total: 'Still planned',
		sort: 'month',
		rows: 6,
		empty: 'The baselines plan nothing after this month.'
	},
	forecast_list: {
		label: 'Forecast by project',
		search: true,
		columns: [
			project,
			money('bac', 'Budget', { term: 'bac' }),
			money('ac', 'Cost to date', { term: 'ac' }),
			{ id: 'complete_pct', title: 'Complete', format: 'pct', total: ['ev', 'bac'], term: 'complete' },
			money('eac', 'Estimate at completion', { term: 'eac' }),
			money('vac', 'Budget less estimate', { term: 'vac' }),
			money('p10', 'P10', { term: 'p10' }),
			money('p80', 'P80', { term: 'p80' }),
			money('p90', 'P90', { term: 'p90' }),
			{ id: 'range', title: 'Range' },
			{ id: 'cpi', title: 'CPI', format: 'decimal', total: ['ev', 'ac'], term: 'cpi' },
			{ id: 'spi', title: 'SPI', format: 'decimal', total: ['ev', 'pv'], term: 'spi' },
			{ id: 'spi_t', title: 'SPI(t)', format: 'decimal', term: 'spi_t' },
			{ id: 'schedule_finish', title: 'Finish at this pace', format: 'date', term: 'pace' },
			money('end_margin', 'Margin at completion', { term: 'margin_at_completion' }),
			{ id: 'end_margin_pct', title: 'Margin %', format: 'pct', total: ['end_margin', 'end_revenue'] },
			{ id: 'state', title: 'Note', flag: ['no estimate', 'no baseline or no rate'], blank: true }
		],
		total: 'Total',
		sort: '-eac',
		href: 'link',
		rows: 12,
		empty: 'No project has a forecast in this month.'
	},
	forecast_methods: {
		label: 'Estimate at completion by method',
		search: true,
		columns: [
			project,
			{ id: 'recommended', title: 'Recommended' },
			own('eac', 'Recommended estimate', { term: 'eac' }),
			own('bottom_up', 'Bottom up', { term: 'bottom_up' }),
			own('remaining_at_budget', 'Rest at budget', { term: 'remaining_at_budget' }),
			own('cpi', 'CPI', { term: 'method_cpi' }),
			own('cpi_spi', 'CPI × SPI', { term: 'method_cpi_spi' }),
			own('cpi_spi_t', 'CPI × SPI(t)', { term: 'method_cpi_spi_t' }),
			own('last_3', 'Last 3 months', { term: 'last_months' }),
			own('last_6', 'Last 6 months', { term: 'last_months' }),
			own('weighted', 'Weighted', { term: 'weighted' }),
			own('reference_class', 'Like projects', { term: 'reference_class' }),
			{ id: 'currency', title: 'In' }
		],
		sort: 'project_name',
		href: 'link',
		rows: 12,
		empty: 'No project has an estimate in this month.'
	},
	recommendations: {
		label: 'Why a method is recommended',
		search: true,
		columns: [
			project,
			{ id: 'recommended', title: 'Recommended' },
			{ id: 'why', title: 'Why', wrap: true },
			{ id: 'missing', title: 'Methods without an estimate, and why', wrap: true, blank: true }
		],
		sort: 'project_name',
		href: 'link',
		rows: 6,
		empty: 'No project has an estimate in this month.'
	},
	authors: {
		label: 'Estimates of project manager and finance',
		search: true,
		columns: [
			project,
			money('eac', 'Recommended', { term: 'eac' }),
			money('manager_eac', 'Project manager'),
			money('finance_eac', 'Finance'),
			money('apart', 'Finance less manager'),
			{ id: 'apart_pct', title: 'Apart %', format: 'pct', total: ['apart', 'manager_compared'] }
		],
		total: 'Total',
		sort: '-apart',
		href: 'link',
		rows: 10,
		empty: 'Neither a project manager nor finance has stated a forecast for these projects by then.'
	},
	exposure: {
		label: 'Open risks and pending changes by project',
		search: true,
		columns: [
			project,
			money('eac', 'Estimate at completion', { term: 'eac' }),
			money('threats', 'Open threats, expected', { term: 'emv' }),
			money('opportunities', 'Open opportunities, expected', { term: 'emv' }),
			money('adjusted', 'Estimate with risks as expected'),
			{ id: 'changes', title: 'Pending changes', format: 'count', total: 'sum', term: 'pending_changes' },
			money('change_price', 'Their price'),
			money('change_cost', 'Their cost'),
			money('change_margin', 'Their margin')
		],
		total: 'Total',
		sort: '-threats',
		href: 'link',
		rows: 10,
		empty: 'No risk is open and no change is pending.'
	},
	version_months: {
		label: 'Margin at completion by month of the plan versions',
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'versions', title: 'New versions', format: 'count', total: 'sum' },
			{ id: 'new_projects', title: 'New projects', format: 'count', total: 'sum' },
			money('added', 'From new projects'),
			money('moved', 'From new versions'),
			{ id: 'margin', title: 'Margin at completion', format: 'amount', term: 'margin_at_completion' },
			{ id: 'margin_pct', title: 'Margin %', format: 'pct' }
		],
		total: 'All months',
		sort: '-month',
		rows: 8,
		empty: 'No plan version had been approved by then.'
	},
	forecast_versions: {
		label: 'Plan versions of the month',
		search: true,
		columns: [
			project,
			{ id: 'version', title: 'Version', code: true },
			{ id: 'kind', title: 'Kind' },
			{ id: 'source', title: 'By', blank: true },
			{ id: 'approved', title: 'Approved', format: 'date' },
			{ id: 'previous', title: 'Margin before', format: 'amount' },
			{ id: 'margin', title: 'Margin at completion', format: 'amount', term: 'margin_at_completion' },
			{ id: 'change', title: 'Change', format: 'change' },
			{ id: 'margin_pct', title: 'Margin %', format: 'pct' },
			{ id: 'reason', title: 'Why', wrap: true }
		],
		href: 'link',
		rows: 12,
		empty: 'No plan version was approved in this month.'
	},
	accuracy: {
		label: 'Error of each method by progress of the work',
		columns: [
			{ id: 'method', title: 'Method' },
			{ id: 'error_0', title: '0–20 % complete', format: 'pct', term: 'mape' },
			{ id: 'error_20', title: '20–40 %', format: 'pct' },
			{ id: 'error_40', title: '40–60 %', format: 'pct' },
			{ id: 'error_60', title: '60–80 %', format: 'pct' },
			{ id: 'error_80', title: '80–100 %', format: 'pct' },
			{ id: 'state', title: 'Note', blank: true, wrap: true }
		],
		rows: 20,
		empty: 'No project has finished: no method has a record yet.'
	},
	accuracy_records: {
		label: 'Record of each method',
		search: true,
		columns: [
			{ id: 'method', title: 'Method' },
			{ id: 'band', title: 'Complete' },
			{ id: 'projects', title: 'Finished projects', format: 'count' },
			{ id: 'forecasts', title: 'Estimates', format: 'count' },
			{ id: 'error_pct', title: 'Error', format: 'pct', term: 'mape' },
			{ id: 'bias_pct', title: 'Bias', format: 'pct', term: 'bias' },
			{ id: 'p80_pct', title: 'P80 held', format: 'pct', term: 'p80_held' },
			{ id: 'state', title: 'Note', blank: true, flag: ['too few projects'] }
		],
		rows: 9,
		empty: 'No project has finished: no method has a record yet.'
	},
	bias: {
		label: 'Bias of forecasts',
		columns: [
			{ id: 'kind', title: 'Of' },
			{ id: 'name', title: 'Name', wrap: true },
			{ id: 'projects', title: 'Finished projects', format: 'count' },
			{ id: 'versions', title: 'Forecasts', format: 'count' },
			{ id: 'bias_pct', title: 'Bias', format: 'pct', term: 'bias' },
			{ id: 'error_pct', title: 'Error', format: 'pct', term: 'mape' }
		],
		rows: 20,
		empty: 'No project with forecasts has finished: there is nothing to compare them with yet.'
	},
	cash: {
		label: 'Cash forecast by month',
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			money('billings', 'To be billed, net'),
			money('collections', 'From customers', { term: 'collections' }),
			money('retention', 'Of it retention', { term: 'retention' }),
			money('suppliers', 'To suppliers'),
			money('payroll', 'To staff', { term: 'payroll' }),
			money('net', 'Net'),
			{ id: 'net_to_date', title: 'Running net', format: 'amount' },
			{ id: 'state', title: 'Note', blank: true, flag: ['a rate is missing: a project is not in it'] }
		],
		total: 'All months',
		sort: 'month',
		rows: 12,
		empty: 'Nothing is expected to be billed, collected or paid.'
	},
	lags: {
		label: 'When customers are expected to pay',
		columns: [
			{ id: 'customer_name', title: 'Customer', wrap: true },
			{ id: 'lag_days', title: 'Days from invoice to payment', format: 'count', term: 'lag' },
			{ id: 'basis', title: 'Which rest on' },
			{ id: 'projects', title: 'Projects', format: 'count' },
			money('collections', 'Expected in all')
		],
		total: 'All customers',
		sort: '-collections',
		rows: 10,
		empty: 'No money is expected from a customer.'
	},
	people: {
		label: 'Hours planned and hours that there are, by role',
		search: true,
		columns: [
			{ id: 'role', title: 'Role', code: true },
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'planned', title: 'Planned hours', format: 'count' },
			{ id: 'capacity', title: 'Capacity', format: 'count', term: 'capacity' },
			{ id: 'gap', title: 'Capacity less planned', format: 'count' },
			{ id: 'cost', title: 'Cost of the plan', format: 'amount' },
			{ id: 'gap_cost', title: 'Cost of what is missing', format: 'amount' },
			{ id: 'state', title: 'Note', blank: true, flag: ['people are missing'] }
		],
		rows: 12,
		empty: 'No hours are planned ahead.'
	},
	schedules: {
		label: 'How far schedules can be believed',
		search: true,
		columns: [
			project,
			{ id: 'trust', title: 'Trust', flag: ['low'], term: 'schedule_trust' },
			{ id: 'spi', title: 'SPI', format: 'decimal', term: 'spi' },
			{ id: 'spi_t', title: 'SPI(t)', format: 'decimal', term: 'spi_t' },
			{ id: 'reason', title: 'Why', wrap: true },
			{ id: 'checks', title: 'Failed checks', wrap: true, blank: true },
			{ id: 'hit_pct', title: 'Tasks done in time', format: 'pct' },
			{ id: 'float_days', title: 'Float of the finish, days', format: 'count', term: 'float' },
			{ id: 'finish', title: 'Finish by its links', format: 'date' },
			{ id: 'status_date', title: 'Status of', format: 'date' }
		],
		sort: 'project_name',
		href: 'link',
		rows: 12,
		empty: 'None of these projects has delivered a schedule.'
	}
};
