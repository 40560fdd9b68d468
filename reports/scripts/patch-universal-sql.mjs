/**
 * Makes the installed @evidence-dev/universal-sql work without a network. Idempotent; run after every `npm ci`.
 *
 * As released it reads Parquet through an extension that duckdb-wasm downloads while running: a build without a
 * network waits for ever, and every reader's browser asks a foreign host. Here
 *   node.js     attaches one DuckDB file (a format that needs no extension) and never loads an extension,
 *   browser.js  is replaced: a reader's browser gets answers, no engine (patches/browser.js),
 *   both.js     leaves an empty date empty instead of turning it into 1 January 1970.
 *
 * The stock files are kept beside the patched ones as *.stock and known by their SHA-256: another release stops
 * here with its name instead of being patched by luck.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RELEASE = '3.0.1';
const reports = fileURLToPath(new URL('..', import.meta.url));
const installed = join(reports, 'node_modules', '@evidence-dev', 'universal-sql');

const ATTACH = `		for (const url of urls[source]) {
			const alias = 'file_' + source.replace(/\\W/g, '_');
			connection.query('DETACH DATABASE IF EXISTS ' + alias);
			db.registerFileBuffer(alias + '.duckdb', new Uint8Array(readFileSync(url)));
			connection.query("ATTACH '" + alias + ".duckdb' AS " + alias + ' (READ_ONLY)');
			const tables = connection
				.query("SELECT table_name FROM duckdb_tables() WHERE database_name = '" + alias + "'")
				.toArray();
			for (const { table_name: table } of tables) {
				connection.query(
					\`CREATE OR REPLACE VIEW "\${source}"."\${table}" AS (SELECT * FROM "\${alias}"."main"."\${table}");\`
				);
			}
`;

const FILES = {
	'both.js': {
		sha256: '887059abbdd5515e1733217af071611120f225fb811c14a9c2ac047d74658116',
		edit: (text) =>
			replaced(
				text,
				'row[col.name] = new Date(row[col.name]);',
				'if (row[col.name] != null) row[col.name] = new Date(row[col.name]);',
				2
			)
	},
	'node.js': {
		sha256: 'b1bbf1f5ae190acefe0f3ceb70d404b7798643523cc20cc4f4d5e24fbaffb471',
		edit: (text) => {
			text = replaced(text, "from 'module';", "from 'module';\nimport { readFileSync } from 'fs';");
			text = replaced(
				text,
				'		resolveInit();\n',
				"		// an extension that is not there must be an error: waiting for its download never ends\n" +
					"		connection.query('SET autoinstall_known_extensions = false;');\n" +
					"		connection.query('SET autoload_known_extensions = false;');\n\n" +
					'		resolveInit();\n'
			);
			const from = text.indexOf('		for (const url of urls[source]) {\n');
			const to = text.indexOf('		}\n	}\n}\n', from);
			if (from < 0 || to < 0) throw new Error('node.js: the loop over the files of a source was not found');
			return text.slice(0, from) + ATTACH + text.slice(to);
		}
	},
	'browser.js': {
		sha256: 'ea0c7f043bac9582e8c933764c386972c1e57fc78ee05c077370a9a0d8b012c6',
		edit: () => readFileSync(join(reports, 'patches', 'browser.js'), 'utf8')
	}
};

function replaced(text, from, to, times = 1) {
	const found = text.split(from).length - 1;
	if (found !== times) throw new Error(`expected ${times} times, found ${found} times: ${from.trim()}`);
	return text.split(from).join(to);
}

const release = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).version;
if (release !== RELEASE) {
	throw new Error(`patch-universal-sql is made for @evidence-dev/universal-sql ${RELEASE}, but ${release} is installed`);
}
for (const [name, { sha256, edit }] of Object.entries(FILES)) {
	const path = join(installed, 'src', 'client-duckdb', name);
	const stock = `${path}.stock`;
	if (!existsSync(stock)) copyFileSync(path, stock);
	const text = readFileSync(stock, 'utf8');
	const hash = createHash('sha256').update(text).digest('hex');
	if (hash !== sha256) {
		throw new Error(`universal-sql ${RELEASE}: ${name} is not the file that this patch was made for (SHA-256 ${hash})`);
	}
	writeFileSync(`${path}.new`, edit(text));
	renameSync(`${path}.new`, path);
}
