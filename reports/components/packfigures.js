/** The figures about risks, changes, milestones, customer, quality and safety on the pages of projects and programmes. */
import { count } from '$lib/format.js';

const answers = (id) => (row) => `${count(row[id])} answers`;
const outOf = (part, whole) => (row) => `${count(row[part])} of ${count(row[whole])}`;

export const RISKS = [
	{ id: 'open_threats', label: 'Threats open', format: 'count' },
	{ id: 'open_opportunities', label: 'Opportunities open', format: 'count' },
	{ id: 'threat_emv', label: 'Threats, expected', format: 'amount', term: 'emv' },
	{ id: 'opportunity_emv', label: 'Opportunities, expected', format: 'amount', term: 'emv' },
	{ id: 'contingency_left', label: 'Contingency left', format: 'amount', term: 'contingency' }
];
export const CHANGES = [
	{ id: 'pending_count', label: 'Undecided', format: 'count' },
	{ id: 'pending_price', label: 'Undecided, price', format: 'amount' },
	{ id: 'pending_days', label: 'Undecided, days', format: 'count' },
	{ id: 'oldest_pending_days', label: 'Oldest waits, days', format: 'count' },
	{ id: 'approved_count', label: 'Approved', format: 'count' },
	{ id: 'approved_price', label: 'Approved, price', format: 'amount' },
	{ id: 'approved_days', label: 'Approved, days', format: 'count' }
];
export const MILESTONES = [
	{ id: 'due_to_date', label: 'Due so far', format: 'count' },
	{ id: 'hit_rate_pct_to_date', label: 'Reached in time', format: 'pct', of: outOf('hit_to_date', 'due_to_date') },
	{ id: 'slip_days', label: 'Average slip, days', format: 'count', term: 'slip' },
	{ id: 'next_milestone', label: 'Next' },
	{ id: 'next_milestone_date', label: 'On', format: 'date' }
];
export const QUALITY = [
	{ id: 'first_time_right_pct', label: 'First time right', format: 'pct', term: 'first_time_right', of: outOf('first_time_right', 'first_submissions') },
	{ id: 'acceptance_pct', label: 'Accepted', format: 'pct', term: 'acceptance', of: outOf('tests_accepted', 'tests_judged') },
	{ id: 'defects', label: 'Defects so far', format: 'count' },
	{ id: 'supply_on_time_pct', label: 'Supplies on time', format: 'pct' }
];
export const SAFETY = [
	{ id: 'incidents', label: 'Incidents, month', format: 'count' },
	{ id: 'near_misses', label: 'Near misses, month', format: 'count' },
	{ id: 'recordable_cases', label: 'Recordable, 12 months', format: 'count' },
	{ id: 'lost_time_cases', label: 'With time lost, 12 months', format: 'count' },
	{ id: 'trir', label: 'TRIR', format: 'decimal', term: 'trir' },
	{ id: 'ltifr', label: 'LTIFR', format: 'decimal', term: 'ltifr' },
	{ id: 'hours', label: 'Hours, month', format: 'count', term: 'withheld' }
];
export const CUSTOMER = [
	{ id: 'nps', label: 'NPS', format: 'count', term: 'nps', of: answers('nps_responses') },
	{ id: 'csat', label: 'CSAT', format: 'pct', term: 'csat', of: answers('csat_responses') },
	{ id: 'complaints_open', label: 'Complaints open', format: 'count' },
	{ id: 'overdue', label: 'Overdue', format: 'amount' },
	{ id: 'upsell', label: 'Upsell', format: 'amount' },
	{ id: 'cross_sell', label: 'Cross-sell', format: 'amount' },
	{ id: 'renewal', label: 'Renewal', format: 'amount' },
	{ id: 'weighted', label: 'Open, weighted', format: 'amount', term: 'weighted' }
];
const without = (list, ...ids) => list.filter(({ id }) => !ids.includes(id));
/** Of a programme: without what cannot be added up over projects */
export const PROGRAMME = {
	MILESTONES: without(MILESTONES, 'slip_days'),
	QUALITY: without(QUALITY, 'supply_on_time_pct'),
	SAFETY: without(SAFETY, 'trir', 'ltifr')
};
