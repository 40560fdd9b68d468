/** Tables of the pages of projects and programmes. `printed`: what two sheets of paper have room for. */
import { exception } from './columns.js';

const project = { id: 'project_name', title: 'Project', wrap: true };
const inProgramme = (table) => ({ ...table, columns: [project, ...table.columns], href: 'link' });

const kpis = {
	label: 'KPIs of the month',
	columns: [
		{ id: 'kpi', title: 'KPI' },
		{ id: 'dimension', title: 'Dimension' },
		{ id: 'value', title: 'Value', format: 'decimal', neutral: true },
		{ id: 'target', title: 'Target', format: 'decimal', neutral: true },
		{ id: 'unit', title: 'In', blank: true },
		{ id: 'status', title: 'Status', flag: ['red', 'amber'], term: 'rag' },
		{ id: 'previous_1_value', title: 'Month before', format: 'decimal', screen: true, neutral: true },
		{ id: 'previous_2_value', title: 'Two before', format: 'decimal', screen: true, neutral: true },
		{ id: 'previous_3_value', title: 'Three before', format: 'decimal', screen: true, neutral: true },
		{ id: 'trend', title: 'Trend', blank: true, term: 'trend' },
		{ id: 'signal', title: 'Signal', blank: true, wrap: true, screen: true, term: 'signal' },
		{ id: 'reason', title: 'Why not green', blank: true, wrap: true, screen: true }
	],
	rows: 12,
	printed: 9,
	empty: 'No KPI has a value in this month.'
};
const plan = [
	{ id: 'version', title: 'Version' },
	{ id: 'revenue', title: 'Revenue', format: 'amount' },
	{ id: 'cost', title: 'Cost', format: 'amount' },
	{ id: 'margin', title: 'Margin', format: 'amount' },
	{ id: 'margin_pct', title: 'Margin %', format: 'pct' }
];
const milestones = [
	{ id: 'milestone', title: 'Milestone', wrap: true },
	{ id: 'baseline_date', title: 'Planned', format: 'date' },
	{ id: 'forecast_date', title: 'Expected', format: 'date' }
];
const milestoneEnd = [
	{ id: 'slip_days', title: 'Days late', format: 'count', term: 'slip', neutral: true },
	{ id: 'state', title: 'State', flag: ['overdue'] }
];
const risks = [
	{ id: 'title', title: 'Risk or opportunity', wrap: true },
	{ id: 'kind', title: 'Kind' },
	{ id: 'probability_pct', title: 'Likely', format: 'pct' },
	{ id: 'low', title: 'At least', format: 'amount', screen: true, term: 'three_point' },
	{ id: 'likely', title: 'Most likely', format: 'amount', screen: true, term: 'three_point' },
	{ id: 'high', title: 'At most', format: 'amount', screen: true, term: 'three_point' },
	{ id: 'emv', title: 'Expected', format: 'amount', term: 'emv' },
	{ id: 'schedule_days', title: 'Days', format: 'count' },
	{ id: 'response', title: 'Response', blank: true, screen: true },
	{ id: 'risk_id', title: 'Id', code: true, screen: true }
];
const changes = [
	{ id: 'title', title: 'Change request', wrap: true },
	{ id: 'status', title: 'Status' },
	{ id: 'price', title: 'Price', format: 'amount' },
	{ id: 'cost', title: 'Cost', format: 'amount' },
	{ id: 'schedule_days', title: 'Days', format: 'count' },
	{ id: 'requested_date', title: 'Requested', format: 'date', screen: true }
];
const opportunities = {
	label: 'Further business',
	columns: [
		{ id: 'title', title: 'Further business', wrap: true },
		{ id: 'kind', title: 'Kind' },
		{ id: 'stage', title: 'Stage' },
		{ id: 'amount', title: 'Amount', format: 'amount', total: 'sum', screen: true },
		{ id: 'weighted', title: 'Weighted', format: 'amount', total: 'sum', term: 'weighted' },
		{ id: 'expected_close_date', title: 'Expected', format: 'date', screen: true }
	],
	rows: 10,
	printed: 3,
	empty: 'No further business has been delivered that grew out of this.'
};
const gates = [
	{ id: 'gate', title: 'Gate', term: 'gate' },
	{ id: 'state', title: 'State', flag: ['not ready'] },
	{ id: 'items', title: 'Items', format: 'count' },
	{ id: 'done', title: 'Done', format: 'count' },
	{ id: 'mandatory_open', title: 'Mandatory open', format: 'count' },
	{ id: 'overdue', title: 'Overdue', format: 'count', screen: true },
	{ id: 'next_due_date', title: 'Next due', format: 'date' },
	{ id: 'waiting', title: 'Unbilled work that waits', format: 'amount', screen: true }
];
const closing = [
	{ id: 'name', title: 'To close' },
	{ id: 'state', title: 'State', flag: ['blocks'] },
	{ id: 'open_count', title: 'Open', format: 'count' },
	{ id: 'amount', title: 'Amount', format: 'amount' }
];

export const PACK = {
	pack_kpis: kpis,
	pack_methods: {
		label: 'Estimates at completion by method',
		columns: [
			{ id: 'method', title: 'Method' },
			{ id: 'to_go', title: 'To go', format: 'amount' },
			{ id: 'eac', title: 'At completion', format: 'amount', term: 'eac' },
			{ id: 'variance', title: 'Against budget', format: 'amount', term: 'vac' },
			{ id: 'note', title: 'Note', wrap: true, blank: true, screen: true }
		],
		rows: 12,
		printed: 9,
		empty: 'No method gives an estimate for this month.'
	},
	pack_versions: {
		label: 'Margin at completion by version',
		columns: [
			{ id: 'version', title: 'Version', code: true },
			{ id: 'kind', title: 'Kind', screen: true },
			{ id: 'source', title: 'By', screen: true },
			{ id: 'approved_date', title: 'Approved', format: 'date' },
			{ id: 'revenue', title: 'Revenue', format: 'amount', screen: true },
			{ id: 'cost', title: 'Cost', format: 'amount', screen: true },
			{ id: 'margin', title: 'Margin', format: 'amount' },
			{ id: 'margin_pct', title: 'Margin %', format: 'pct' },
			{ id: 'change', title: 'Change', format: 'change' },
			{ id: 'reason', title: 'Why', wrap: true, blank: true, screen: true }
		],
		rows: 12,
		printed: 5,
		empty: 'No version of the plan has been delivered.'
	},
	pack_milestones: {
		label: 'Milestones',
		columns: [...milestones, { id: 'actual_date', title: 'Reached', format: 'date' }, ...milestoneEnd, { id: 'is_acceptance', title: 'Acceptance', format: 'yes', screen: true }],
		rows: 15,
		printed: 7,
		empty: 'No milestone has been delivered.'
	},
	pack_schedule_checks: {
		label: 'Checks of the schedule',
		columns: [
			{ id: 'name', title: 'Check' },
			{ id: 'state', title: 'State', flag: ['failed'] },
			{ id: 'value', title: 'Value', format: 'decimal', neutral: true },
			{ id: 'passes_when', title: 'Passes with' },
			{ id: 'threshold', title: 'Threshold', format: 'decimal', neutral: true },
			{ id: 'note', title: 'Note', wrap: true, blank: true }
		],
		rows: 5,
		printed: 0,
		empty: 'No schedule has been delivered.'
	},
	pack_risks: {
		label: 'Risks and opportunities',
		columns: [...risks.slice(0, 2), { id: 'status', title: 'Status' }, ...risks.slice(2)],
		rows: 10,
		printed: 4,
		empty: 'No risk has been delivered.'
	},
	pack_changes: {
		label: 'Change requests',
		columns: [...changes, { id: 'decided_date', title: 'Decided', format: 'date', screen: true }, { id: 'change_request_id', title: 'Id', code: true, screen: true }],
		rows: 10,
		printed: 3,
		empty: 'No change request has been delivered.'
	},
	pack_opportunities: opportunities,
	pack_complaints: {
		label: 'Complaints',
		columns: [
			{ id: 'complaint_id', title: 'Complaint', code: true },
			{ id: 'state', title: 'State', flag: ['open'] },
			{ id: 'severity', title: 'Severity' },
			{ id: 'opened_date', title: 'Opened', format: 'date' },
			{ id: 'closed_date', title: 'Closed', format: 'date' },
			{ id: 'cost', title: 'Cost', format: 'amount', screen: true },
			{ id: 'has_action', title: 'Corrective action', format: 'yes', screen: true }
		],
		rows: 6,
		printed: 2,
		empty: 'Nobody has complained.'
	},
	pack_gates: { label: 'Gates', columns: gates, rows: 10, printed: 4, empty: 'No handover item has been delivered.' },
	pack_handover: {
		label: 'Items of gates that are open',
		columns: [
			{ id: 'item', title: 'Open item', wrap: true },
			{ id: 'gate', title: 'Gate' },
			{ id: 'kind', title: 'Kind' },
			{ id: 'due_date', title: 'Due', format: 'date' }
		],
		rows: 8,
		printed: 3,
		empty: 'No item of a gate is open.'
	},
	pack_closing: { label: 'What must be clear before it is closed', columns: closing, rows: 10, printed: 9, empty: 'There is nothing to close yet.' },
	pack_planned_hours: {
		label: 'Hours planned',
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'role', title: 'Role', code: true },
			{ id: 'hours', title: 'Hours', format: 'count' },
			{ id: 'note', title: 'Note', blank: true, term: 'withheld' }
		],
		rows: 8,
		printed: 0,
		empty: 'No hours are planned for the months to come.'
	},
	programme_list: {
		label: 'Programmes',
		search: true,
		columns: [
			{ id: 'programme_name', title: 'Programme', wrap: true },
			{ id: 'overall', title: 'Status', flag: ['red', 'amber'], term: 'rag' },
			{ id: 'projects', title: 'Projects', format: 'count', total: 'sum' },
			{ id: 'revenue', title: 'Revenue to date', format: 'amount', total: 'sum' },
			{ id: 'margin', title: 'Margin to date', format: 'amount', total: 'sum' },
			{ id: 'margin_pct', title: 'Margin % to date', format: 'pct', total: ['margin', 'revenue'] },
			{ id: 'customer_name', title: 'Customer', wrap: true },
			{ id: 'programme_manager', title: 'Manager' },
			{ id: 'programme_id', title: 'Id', code: true }
		],
		total: 'Total',
		sort: 'programme_name',
		href: 'link',
		rows: 50,
		empty: 'No programme has been delivered yet.'
	},
	programme_projects: {
		label: 'Projects of this programme',
		columns: [
			project,
			{ id: 'overall', title: 'Status', flag: ['red', 'amber'], term: 'rag' },
			{ id: 'revenue', title: 'Revenue, month', format: 'amount', total: 'sum' },
			{ id: 'margin', title: 'Margin, month', format: 'amount', total: 'sum' },
			{ id: 'revenue_to_date', title: 'Revenue to date', format: 'amount', total: 'sum' },
			{ id: 'margin_to_date', title: 'Margin to date', format: 'amount', total: 'sum' },
			{ id: 'margin_pct_to_date', title: 'Margin % to date', format: 'pct', total: ['margin_to_date', 'revenue_to_date'] },
			{ id: 'forecast_revenue', title: 'Revenue at completion', format: 'amount', total: 'sum' },
			{ id: 'forecast_margin', title: 'Margin at completion', format: 'amount', total: 'sum' },
			{ id: 'forecast_margin_pct', title: 'Margin % at completion', format: 'pct', total: ['forecast_margin', 'forecast_revenue'] },
			{ id: 'project_id', title: 'Id', code: true, screen: true }
		],
		total: 'Programme',
		href: 'link',
		rows: 25,
		printed: 12,
		empty: 'No project of this programme has figures in this month.'
	},
	programme_plans: { label: 'Margin of this programme by version', columns: plan, empty: 'No plan with revenue and cost has been delivered for its projects.' },
	programme_estimates: {
		label: 'Estimates at completion of its projects',
		columns: [
			project,
			{ id: 'currency_code', title: 'Currency' },
			{ id: 'method', title: 'Method' },
			{ id: 'spent', title: 'Spent', format: 'amount', screen: true },
			{ id: 'eac', title: 'At completion', format: 'amount', term: 'eac' },
			{ id: 'p10', title: 'P10', format: 'amount', term: 'range' },
			{ id: 'p50', title: 'P50', format: 'amount', term: 'range', screen: true },
			{ id: 'p80', title: 'P80', format: 'amount', term: 'range' },
			{ id: 'margin', title: 'Margin', format: 'amount' },
			{ id: 'margin_pct', title: 'Margin %', format: 'pct' }
		],
		href: 'link',
		rows: 15,
		printed: 8,
		empty: 'No project of this programme is estimated in this month.'
	},
	programme_milestones: inProgramme({ label: 'Milestones ahead', columns: [...milestones, ...milestoneEnd], rows: 10, printed: 6, empty: 'No milestone is ahead.' }),
	programme_risks: inProgramme({ label: 'Open risks and opportunities', columns: risks, rows: 10, printed: 6, empty: 'No risk is open.' }),
	programme_changes: inProgramme({ label: 'Undecided change requests', columns: changes, rows: 10, printed: 4, empty: 'No change request waits for a decision.' }),
	programme_opportunities: inProgramme({ ...opportunities }),
	programme_gates: inProgramme({ label: 'Gates that are not ready', columns: gates, rows: 10, printed: 5, empty: 'No gate waits.' }),
	programme_closing: inProgramme({ label: 'What blocks the close of its projects', columns: closing, rows: 10, printed: 6, empty: 'Nothing blocks a close.' }),
	programme_exceptions: inProgramme({ label: 'Open exceptions of its projects', columns: exception, rows: 10, printed: 3, empty: 'No exception is open on its projects.' }),
	programme_health: {
		label: 'Customers of this programme',
		columns: [
			{ id: 'customer', title: 'Customer', wrap: true },
			{ id: 'nps', title: 'NPS', format: 'count', term: 'nps', neutral: true },
			{ id: 'nps_responses', title: 'NPS answers', format: 'count' },
			{ id: 'csat', title: 'CSAT', format: 'pct', term: 'csat' },
			{ id: 'csat_responses', title: 'CSAT answers', format: 'count' },
			{ id: 'complaints_open', title: 'Complaints open', format: 'count' },
			{ id: 'overdue', title: 'Overdue', format: 'amount' },
			{ id: 'upsell', title: 'Upsell', format: 'amount', screen: true },
			{ id: 'cross_sell', title: 'Cross-sell', format: 'amount', screen: true },
			{ id: 'renewal', title: 'Renewal', format: 'amount', screen: true },
			{ id: 'weighted', title: 'Open, weighted', format: 'amount', term: 'weighted' }
		],
		rows: 8,
		printed: 4,
		empty: 'No customer of this programme has figures in this month.'
	}
};
