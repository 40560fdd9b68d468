/** Tables of the page about cost, scope, schedule and quality. */
import { PACK } from './pack.js';

const project = { id: 'project_name', title: 'Project', wrap: true };
const ofProject = (label, columns, sort, empty) => ({ label, columns: [project, ...columns], sort, href: 'link', rows: 12, search: true, total: 'Total', empty });
const whole = (table, more) => ({ ...table, search: true, rows: 12, printed: 500, ...more });

export const CSSQ = {
	scorecard_reasons: {
		label: 'Why what is not green is not',
		search: true,
		columns: [
			{ id: 'name', title: 'Of', wrap: true },
			{ id: 'dimension', title: 'Dimension' },
			{ id: 'status', title: 'Status', flag: ['red', 'amber'], term: 'rag' },
			{ id: 'reason', title: 'Why', wrap: true }
		],
		href: 'link',
		rows: 12,
		empty: 'Everything that is rated is green.'
	},
	kpi_explorer: {
		label: 'KPIs',
		search: true,
		columns: [
			{ id: 'name', title: 'Of', wrap: true },
			{ id: 'kpi', title: 'KPI' },
			{ id: 'dimension', title: 'Dimension' },
			{ id: 'value', title: 'Value', format: 'decimal', neutral: true },
			{ id: 'target', title: 'Target', format: 'decimal', neutral: true },
			{ id: 'unit', title: 'In', blank: true },
			{ id: 'status', title: 'Status', flag: ['red', 'amber'], term: 'rag' },
			{ id: 'previous_1_value', title: 'Month before', format: 'decimal', neutral: true },
			{ id: 'previous_2_value', title: 'Two before', format: 'decimal', neutral: true },
			{ id: 'previous_3_value', title: 'Three before', format: 'decimal', neutral: true },
			{ id: 'trend', title: 'Trend', blank: true, term: 'trend' },
			{ id: 'signal', title: 'Signal', blank: true, wrap: true, term: 'signal' }
		],
		href: 'link',
		rows: 20,
		empty: 'No KPI has a value here in this month.'
	},
	cssq_risks: ofProject(
		'Risks by project',
		[
			{ id: 'open_threats', title: 'Threats', format: 'count', total: 'sum' },
			{ id: 'threat_emv', title: 'Threats, expected', format: 'amount', total: 'sum', term: 'emv' },
			{ id: 'open_opportunities', title: 'Opportunities', format: 'count', total: 'sum' },
			{ id: 'opportunity_emv', title: 'Opportunities, expected', format: 'amount', total: 'sum', term: 'emv' },
			{ id: 'emv', title: 'Both', format: 'amount', total: 'sum', term: 'emv' },
			{ id: 'contingency_left', title: 'Contingency left', format: 'amount', total: 'sum', term: 'contingency' }
		],
		'emv',
		'No risk is open and no contingency is set aside.'
	),
	cssq_changes: ofProject(
		'Change requests by project',
		[
			{ id: 'pending_count', title: 'Undecided', format: 'count', total: 'sum' },
			{ id: 'pending_price', title: 'Undecided, price', format: 'amount', total: 'sum' },
			{ id: 'pending_cost', title: 'Undecided, cost', format: 'amount', total: 'sum' },
			{ id: 'pending_days', title: 'Undecided, days', format: 'count', total: 'sum' },
			{ id: 'oldest_pending_days', title: 'Oldest waits, days', format: 'count' },
			{ id: 'approved_count', title: 'Approved', format: 'count', total: 'sum' },
			{ id: 'approved_price', title: 'Approved, price', format: 'amount', total: 'sum' },
			{ id: 'approved_days', title: 'Approved, days', format: 'count', total: 'sum' },
			{ id: 'cycle_time_days', title: 'Cycle time, days', format: 'decimal', term: 'cycle_time' }
		],
		'-pending_price',
		'No change has been requested.'
	),
	cssq_milestones: ofProject(
		'Milestones by project',
		[
			{ id: 'due_to_date', title: 'Due so far', format: 'count', total: 'sum' },
			{ id: 'hit_to_date', title: 'In time', format: 'count', total: 'sum' },
			{ id: 'hit_rate_pct_to_date', title: 'In time, share', format: 'pct', total: ['hit_to_date', 'due_to_date'] },
			{ id: 'slip_days', title: 'Average slip, days', format: 'decimal', term: 'slip', neutral: true },
			{ id: 'next_milestone', title: 'Next', wrap: true },
			{ id: 'next_milestone_date', title: 'On', format: 'date' }
		],
		'next_milestone_date',
		'No milestone has been delivered.'
	),
	cssq_quality: ofProject(
		'Quality of delivery by project',
		[
			{ id: 'first_submissions', title: 'Tested', format: 'count', total: 'sum' },
			{ id: 'first_time_right', title: 'Right at once', format: 'count', total: 'sum' },
			{ id: 'first_time_right_pct', title: 'First time right', format: 'pct', total: ['first_time_right', 'first_submissions'], term: 'first_time_right' },
			{ id: 'tests_judged', title: 'Judged', format: 'count', total: 'sum' },
			{ id: 'tests_accepted', title: 'Accepted', format: 'count', total: 'sum' },
			{ id: 'acceptance_pct', title: 'Acceptance', format: 'pct', total: ['tests_accepted', 'tests_judged'], term: 'acceptance' },
			{ id: 'defects', title: 'Defects', format: 'count', total: 'sum' }
		],
		'first_time_right_pct',
		'Nothing has been tested yet.'
	),
	cssq_safety: ofProject(
		'Safety by project',
		[
			{ id: 'incidents', title: 'Incidents, month', format: 'count', total: 'sum' },
			{ id: 'near_misses', title: 'Near misses, month', format: 'count', total: 'sum' },
			{ id: 'recordable_cases', title: 'Recordable, 12 months', format: 'count', total: 'sum' },
			{ id: 'lost_time_cases', title: 'With time lost, 12 months', format: 'count', total: 'sum' },
			{ id: 'trir', title: 'TRIR', format: 'decimal', term: 'trir' },
			{ id: 'ltifr', title: 'LTIFR', format: 'decimal', term: 'ltifr' },
			{ id: 'hours', title: 'Hours, month', format: 'count' },
			{ id: 'withheld', title: 'Note', blank: true, term: 'withheld' }
		],
		'-trir',
		'No hours and no incidents have been delivered for this month.'
	),
	cssq_customers: {
		label: 'Customers',
		search: true,
		columns: [
			{ id: 'customer', title: 'Customer', wrap: true },
			{ id: 'nps', title: 'NPS', format: 'count', term: 'nps', neutral: true },
			{ id: 'nps_responses', title: 'NPS answers', format: 'count', total: 'sum' },
			{ id: 'csat', title: 'CSAT', format: 'pct', total: ['satisfied', 'csat_responses'], term: 'csat' },
			{ id: 'csat_responses', title: 'CSAT answers', format: 'count', total: 'sum' },
			{ id: 'complaints_open', title: 'Complaints open', format: 'count', total: 'sum' },
			{ id: 'complaints_opened', title: 'Opened, month', format: 'count', total: 'sum' },
			{ id: 'closure_days', title: 'Days to close', format: 'decimal' },
			{ id: 'oldest_complaint_days', title: 'Oldest open, days', format: 'count' },
			{ id: 'receivable', title: 'Owes', format: 'amount', total: 'sum' },
			{ id: 'overdue', title: 'Overdue', format: 'amount', total: 'sum' },
			{ id: 'overdue_pct', title: 'Overdue %', format: 'pct', total: ['overdue', 'receivable'] },
			{ id: 'upsell', title: 'Upsell', format: 'amount', total: 'sum' },
			{ id: 'cross_sell', title: 'Cross-sell', format: 'amount', total: 'sum' },
			{ id: 'renewal', title: 'Renewal', format: 'amount', total: 'sum' },
			{ id: 'weighted', title: 'Open, weighted', format: 'amount', total: 'sum', term: 'weighted' }
		],
		total: 'All',
		sort: '-weighted',
		rows: 12,
		empty: 'No customer has figures in this month.'
	},
	cssq_people: {
		label: 'Hours and utilisation',
		columns: [
			{ id: 'name', title: 'Group', wrap: true },
			{ id: 'capacity_hours', title: 'To give, hours', format: 'count' },
			{ id: 'billable_hours', title: 'Billable', format: 'count' },
			{ id: 'internal_hours', title: 'Internal', format: 'count' },
			{ id: 'absent_hours', title: 'Absent', format: 'count' },
			{ id: 'bench_hours', title: 'Bench', format: 'count', term: 'bench' },
			{ id: 'billable_utilisation_pct', title: 'Billable utilisation', format: 'pct', term: 'utilisation' },
			{ id: 'total_utilisation_pct', title: 'Utilisation in all', format: 'pct' },
			{ id: 'realisation_pct', title: 'Realisation', format: 'pct', term: 'realisation' },
			{ id: 'note', title: 'Note', blank: true, term: 'withheld' }
		],
		rows: 20,
		empty: 'No hours have been delivered for this month.'
	},
	cssq_open_risks: whole(PACK.programme_risks, { label: 'Open risks and opportunities, the heaviest first' }),
	cssq_open_changes: whole(PACK.programme_changes, { label: 'Change requests without a decision, the oldest first' }),
	cssq_due_milestones: whole(PACK.programme_milestones, { label: 'Milestones that are not reached, the nearest first' }),
	cssq_gates: whole(PACK.programme_gates, { label: 'Gates, those that are not ready first', empty: 'No handover item has been delivered.' }),
	cssq_closing: whole(PACK.programme_closing, { label: 'What blocks the close of projects' })
};
