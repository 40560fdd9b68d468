export const HOME = {
	attention: {
		label: 'What needs attention',
		columns: [
			{ id: 'what', title: 'What', wrap: true },
			{ id: 'cases', title: 'Cases', format: 'count' },
			{ id: 'at_stake', title: 'At stake', format: 'cents' },
			{ id: 'unit', title: 'In', blank: true },
			{ id: 'meaning', title: 'What it means', wrap: true }
		],
		href: 'link',
		rows: 20,
		empty: 'Nothing needs attention: no exception is open, nothing was refused or rejected, every check passed.'
	}
};
