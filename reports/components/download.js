/** A table as a CSV file, made in the browser from what the page shows: every row that was found, figures as they
 * are, whatever the unit on the page. */
import { isNumeric } from '$lib/format.js';

// what a spreadsheet would take for a formula; a figure below zero is not meant
const FORMULA = /^[=+\-@\t\r]/;
const AMOUNTS = new Set(['amount', 'cents', 'change']);
const DATES = { month: 7, date: 10, time: 19 };

const cell = (column, value) => {
	if (value === null || value === undefined) return '';
	// to the cent, without what is left of it in binary
	if (AMOUNTS.has(column.format)) return String(Math.round(Number(value) * 100) / 100);
	if (isNumeric(column.format)) return String(value);
	if (DATES[column.format]) {
		const moment = value instanceof Date ? value : new Date(value);
		return Number.isNaN(moment.getTime()) ? '' : moment.toISOString().slice(0, DATES[column.format]).replace('T', ' ');
	}
	const text = String(value);
	const harmless = FORMULA.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** The rows as text: RFC 4180, the columns' titles first. */
export const csv = (columns, rows) =>
	[columns.map((column) => cell({}, column.title)), ...rows.map((row) => columns.map((c) => cell(c, row[c.id])))]
		.map((cells) => `${cells.join(',')}\r\n`)
		.join('');

/** Hands the file to the reader; a mark at its beginning tells spreadsheets that it is UTF-8. */
export function download(name, columns, rows) {
	const link = document.createElement('a');
	link.href = URL.createObjectURL(new Blob(['\ufeff', csv(columns, rows)], { type: 'text/csv;charset=utf-8' }));
	link.download = `${name}.csv`;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
