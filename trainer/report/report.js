/* SPDX-License-Identifier: MIT */
/* Filters, order, search, enlarged pictures and keys of a report. Without it the page shows all cases,
 * the worst first. Whatever comes from data is only compared, or put in as text. */
'use strict';

const form = document.getElementById('filters');
const list = document.getElementById('list');
const shown = document.getElementById('shown');
const large = document.getElementById('large');
const cases = [...list.children].map(element => ({
	element,
	id: element.dataset.id,
	reading: element.dataset.reading,
	agreement: Number(element.dataset.agreement),
	shuffle: Number(element.dataset.shuffle),
	sets: element.dataset.sets.split(' '),
	errors: new Set(element.dataset.errors.split(' ')),
	groups: groupsOf(element),
	text: null,
}));
const groupSelects = new Map();

function groupsOf(element) {
	const groups = new Map();

	for (const term of element.querySelectorAll('.groups > div'))
		groups.set(term.firstChild.textContent, term.lastChild.textContent);
	return groups;
}

/* What the search looks at, gathered when it is first needed. */
function textOf(item) {
	if (item.text === null) {
		const parts = item.element.querySelectorAll('h3, .diff, .why, pre');

		item.text = [...parts].map(part => part.textContent).join('\n').toLowerCase();
	}
	return item.text;
}

function byName(a, b) {
	return a.localeCompare(b, 'en', {numeric: true});
}

function addOptions(select, values) {
	for (const value of [...new Set(values)].sort(byName))
		select.add(new Option(value, value));
}

/* A select for every way to group drawings. */
function addGroupSelects() {
	const names = new Set(cases.flatMap(item => [...item.groups.keys()]));

	for (const name of names) {
		const label = document.createElement('label');
		const select = document.createElement('select');

		select.name = 'by ' + name;
		select.add(new Option('all', ''));
		addOptions(select, cases.filter(item => item.groups.has(name))
			.map(item => item.groups.get(name)));
		label.append(name[0].toUpperCase() + name.slice(1), ' ', select);
		document.getElementById('more-filters').append(label);
		groupSelects.set(name, select);
	}
}

const readings = {
	'exact': reading => reading === 'exact',
	'not-exact': reading => reading !== 'exact',
	'valid': reading => reading === 'exact' || reading === 'part',
	'not-valid': reading => reading !== 'exact' && reading !== 'part',
};

function fits(item, words) {
	const e = form.elements;

	if (e.error.value && !item.errors.has(e.error.value))
		return false;
	if (e.reading.value && !readings[e.reading.value](item.reading))
		return false;
	if (e.set.value && !item.sets.includes(e.set.value))
		return false;
	for (const [name, select] of groupSelects)
		if (select.value && item.groups.get(name) !== select.value)
			return false;
	return words.every(word => textOf(item).includes(word));
}

const orders = {
	worst: (a, b) => a.agreement - b.agreement,
	best: (a, b) => b.agreement - a.agreement,
	random: (a, b) => a.shuffle - b.shuffle,
	id: (a, b) => byName(a.id, b.id),
};

let order = 'worst';

function sortCases() {
	if (order === form.elements.order.value)
		return;
	order = form.elements.order.value;
	cases.sort(orders[order]);
	list.append(...cases.map(item => item.element));
}

function isPicked(button) {
	if (button.dataset.error)
		return form.elements.error.value === button.dataset.error;
	return groupSelects.get(button.dataset.by)?.value === button.dataset.is;
}

function apply() {
	const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
	let count = 0;

	for (const item of cases) {
		const is = fits(item, words);

		item.element.hidden = !is;
		count += is;
	}
	sortCases();
	shown.textContent = count === cases.length ? `${count} cases` :
		`${count} of ${cases.length} cases`;
	for (const button of document.querySelectorAll('.pick:not(:disabled)'))
		button.setAttribute('aria-pressed', isPicked(button));
}

function setSelect(select, value) {
	select.value = select.value === value ? '' : value;
	apply();
	if (select.value)
		document.getElementById('cases').scrollIntoView();
}

function pick(button) {
	if (button.dataset.error)
		setSelect(form.elements.error, button.dataset.error);
	else
		setSelect(groupSelects.get(button.dataset.by), button.dataset.is);
}

/* What no case was kept of has nothing to show. */
function disableEmptyPicks() {
	for (const button of document.querySelectorAll('.pick')) {
		const {error, by, is} = button.dataset;

		button.disabled = !cases.some(item => error ? item.errors.has(error) :
			item.groups.get(by) === is);
	}
}

function enlarge(button) {
	large.replaceChildren(button.firstElementChild.cloneNode(true));
	large.showModal();
}

/* The case that has the focus, or holds what has it, or -1, of those that are shown. */
function move(by) {
	const visible = cases.filter(item => !item.element.hidden);
	const at = visible.findIndex(item => item.element.contains(document.activeElement));
	const next = visible[Math.min(Math.max(at + by, 0), visible.length - 1)];

	if (next) {
		next.element.focus({preventScroll: true});
		next.element.scrollIntoView({block: 'start'});
	}
}

function clear() {
	form.reset();
	if (document.activeElement !== document.body)
		document.activeElement.blur();
}

function onKey(event) {
	const isTyping = event.target.matches('input, select');

	if (event.ctrlKey || event.altKey || event.metaKey || large.open)
		return;
	if (event.key === 'Escape')
		clear();
	else if (isTyping)
		return;
	else if (event.key === '/')
		form.elements.text.focus();
	else if (event.key === 'j' || event.key === 'k')
		move(event.key === 'j' ? 1 : -1);
	else if (event.key === 'Enter' && event.target.matches('.case'))
		enlarge(event.target.querySelector('.zoom'));
	else
		return;
	event.preventDefault();
}

/* The digits are one stop of the tab key, in which arrows go from cell to cell. */
function addArrows(table) {
	const buttons = [...table.querySelectorAll('button')];
	const place = button => {
		const cell = button.closest('td');

		return [cell.cellIndex, cell.parentElement.rowIndex];
	};
	const steps = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

	buttons.forEach((button, i) => { button.tabIndex = i === 0 ? 0 : -1; });
	table.addEventListener('keydown', event => {
		const step = steps[event.key];

		if (!step || !event.target.matches('button'))
			return;
		const [x, y] = place(event.target);
		const ahead = buttons.map(button => {
			const [bx, by] = place(button);
			const along = (bx - x) * step[0] + (by - y) * step[1];
			const aside = Math.abs((bx - x) * step[1]) + Math.abs((by - y) * step[0]);

			return {button, along, far: along + 3 * aside};
		}).filter(other => other.along > 0).sort((a, b) => a.far - b.far);

		event.preventDefault();
		if (ahead.length > 0) {
			buttons.forEach(button => { button.tabIndex = -1; });
			ahead[0].button.tabIndex = 0;
			ahead[0].button.focus();
		}
	});
}

addGroupSelects();
disableEmptyPicks();
document.querySelectorAll('table.digits').forEach(addArrows);
form.addEventListener('input', apply);
form.addEventListener('submit', event => event.preventDefault());
form.addEventListener('reset', () => setTimeout(apply));
document.addEventListener('keydown', onKey);
document.addEventListener('click', event => {
	const button = event.target.closest('button');

	if (large.open)
		large.close();
	else if (button && button.matches('.pick'))
		pick(button);
	else if (button && button.matches('.zoom'))
		enlarge(button);
});
apply();
