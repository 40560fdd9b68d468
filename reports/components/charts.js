/**
 * What the charts share. The parts to build a page with, each with its `label` (for who does not see it), a sentence
 * where it is `empty`, dark mode, units of the reader, and figures that must stand in a table beneath it as well:
 *
 * - `BarLine`: bars (beside or on each other), lines and a band over months or other categories; `MonthChart` is one.
 *   Series are told apart by pattern, symbol and dash, not by colour alone.
 * - `Walk`: a waterfall from one amount to another, the steps between them signed.
 * - `Heat`: a table of ratings, thing by dimension, each with symbol and word; real table, so that it can be read out.
 *
 * All text from data goes through `escaped` in tooltips; ECharts writes the rest as text on its canvas.
 */
import { FORMATS, amount, axisAmount, axisUnitOf, escaped, isFigure, pct, unitOf } from '$lib/format.js';
import about from '$lib/about.json';

const SHADE = 'rgba(128,128,128,0.55)';
/** How the n-th bar series is filled; the first is plain */
export const PATTERNS = [
	undefined,
	{ symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: 'rgba(0,0,0,0.28)' },
	{ symbol: 'circle', symbolSize: 0.5, dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], color: 'rgba(255,255,255,0.6)' },
	{ symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4, color: 'rgba(255,255,255,0.5)' },
	{ symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 3], rotation: 0, color: 'rgba(0,0,0,0.3)' },
	{ symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 3], rotation: Math.PI / 2, color: 'rgba(255,255,255,0.5)' }
];
/** The symbol and the dash of the n-th line series */
export const SYMBOLS = ['diamond', 'circle', 'triangle', 'rect', 'roundRect', 'pin'];
export const DASHES = ['solid', 'dashed', 'dotted', [8, 3, 2, 3], 'solid', 'dashed'];
/** The band between two lines */
export const BAND = { color: 'rgba(128,128,128,0.18)', decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 5], rotation: -Math.PI / 4, color: SHADE } };

export const figure = (value) => (isFigure(value) ? Number(value) : null);
/** A figure in a tooltip, with its unit where it is an amount */
export const told = (format, value) =>
	format === 'amount' && isFigure(value) ? `${amount(value)} ${escaped(unitOf(about.base_currency))}` : escaped(FORMATS[format](value));

/** What every chart begins with */
export const frame = (label) => ({
	aria: { enabled: true, label: { description: label } },
	animation: false,
	grid: { left: 4, right: 8, top: 58, bottom: 14, containLabel: true }
});
/** The key to the series: `entries` of `{ name, icon }` */
export const legend = (entries) => ({
	top: 0,
	left: 0,
	itemGap: 20,
	itemWidth: 14,
	itemHeight: 10,
	textStyle: { padding: [0, 0, 0, 6] },
	selectedMode: false,
	data: entries
});
/** An axis of amounts, of shares (`pct`), or of plain numbers (`count`, `decimal`) */
export const valueAxis = (format, more = {}) => ({
	type: 'value',
	name: format === 'amount' ? axisUnitOf(about.base_currency) : format === 'pct' ? '%' : '',
	nameLocation: 'end',
	nameGap: 12,
	nameTextStyle: { align: 'left' },
	axisLabel: { formatter: (x) => (format === 'amount' ? axisAmount(x) : format === 'pct' ? pct(x) : FORMATS[format](x)) },
	...more
});

/** Lines that the words of a key take, in a room so many pixels wide; 1 while the room is not known */
export const linesOf = (words, room) => {
	let [lines, used] = [1, 0];
	for (const word of words) {
		const needed = word.length * 6.8 + 42;
		if (used && used + needed > room) [lines, used] = [lines + 1, 0];
		used += needed;
	}
	return room ? lines : 1;
};
